/** Requests that once harmed others: each stopped the server for seconds, filled its memory or ended it. */
import { type Attack, type HostileRequest, part, posted, times } from './attack.ts'

/** As many of an alias as the graph lets through, or fewer. */
const aliases = (most: number, size: number, field: string): string =>
  times(part(most, size), index => `a${index}: ${field}`).join(' ')

const comparisons = (count: number): object => ({
  or: times(count, index => ({ email: { contains: `zz${index}` } })),
})

/** The same filter in many lists: neither of the two is much by itself. */
const filters = (size: number): Attack =>
  posted(
    `query ($f: AccountFilter) { ${aliases(500, Math.sqrt(size), 'accounts(filter: $f, first: 1) { totalCount }')} }`,
    { f: comparisons(part(999, Math.sqrt(size))) },
  )

const links = [
  'accounts(first: 12) { nodes { @ } }',
  'app { accounts(first: 40) { nodes { @ } } }',
  'employee { accounts(first: 12) { nodes { @ } } }',
  'app { accounts(first: 40) { nodes { @ } } }',
]

/** Less of it is first of all fewer rows at the top, then fewer links, too. */
const fanOut = (size: number): string =>
  links
    .slice(0, part(links.length, size ** 0.25))
    .reduceRight((inner, link) => link.replace('@', inner), 'id')
    .replace(/^.*$/, inner => `{ employees(first: ${part(1_000, size)}) { nodes { ${inner} } } }`)

const unread = (query: string, count: number): Attack => ({
  way: 'socket',
  payloads: times(7, index => JSON.stringify({ query: `query q${index} ${query}` })),
  count,
  reads: false,
})

const employeesWhole =
  '{ employees(first: 1000) { nodes { id email firstName lastName department location createdAt } } }'

export const hostileRequests: readonly HostileRequest[] = [
  {
    name: 'there and back: employees, accounts, apps, four times over',
    everywhere: true,
    make: size => posted(fanOut(size)),
  },
  {
    name: '500 aliases of 1,000 accounts with employee and app',
    everywhere: true,
    make: size =>
      posted(
        `{ ${aliases(500, size, 'accounts(first: 1000) { nodes { id employee { email } app { name } } }')} }`,
      ),
  },
  {
    name: '490 aliases of groups over six dimensions',
    everywhere: true,
    make: size =>
      posted(
        `{ accounts(first: 1) { ${aliases(490, size, 'groups(by: [ID, EMAIL, CREATED_HOUR, LAST_USED_HOUR, EMPLOYEE_ID, APP_ID], first: 1) { count }')} } }`,
      ),
  },
  { name: '500 aliases × 999 comparisons', everywhere: true, make: filters },
  {
    name: '500 aliases × 999 comparisons, as a stream',
    everywhere: false,
    make: size => ({ ...filters(size), way: 'stream' }),
  },
  {
    name: '500 aliases × 999 comparisons, over a WebSocket',
    everywhere: false,
    make: size => ({ ...filters(size), way: 'socket' }),
  },
  {
    name: '100 streams of the same, left at once',
    everywhere: false,
    make: size => ({ ...filters(size), way: 'stream', count: 100 }),
  },
  {
    name: '1 MiB of empty filter objects',
    everywhere: true,
    make: size =>
      posted('query ($f: EmployeeFilter) { employees(filter: $f, first: 1) { totalCount } }', {
        f: { or: times(part(345_000, size), () => ({})) },
      }),
  },
  {
    name: 'a field whose name has 900 KB',
    everywhere: true,
    make: size => posted(`{ ${'a'.repeat(part(900_000, size))} }`),
  },
  {
    name: '499 aliases of _service { sdl }',
    everywhere: false,
    make: size => posted(`{ ${aliases(499, size, '_service { sdl }')} }`),
  },
  {
    name: '300 aliases of 1,000 sorted accounts as OCSF',
    everywhere: false,
    make: size =>
      posted(
        `{ ${aliases(300, size, 'accounts(first: 1000, orderBy: [{ field: EMAIL }, { field: ID }]) { nodes { ocsf { json } } }')} }`,
      ),
  },
  {
    name: '1,500 big queries on a WebSocket that is not read',
    everywhere: false,
    make: size =>
      unread(
        `{ ${aliases(5, 1, 'accounts(first: 1000) { nodes { id email app { name } } }')} }`,
        part(1_500, size),
      ),
  },
  {
    name: '6,000 queries on a WebSocket that is not read',
    everywhere: false,
    make: size => unread(employeesWhole, part(6_000, size)),
  },
  {
    name: '5,000 different subscriptions on one WebSocket',
    everywhere: false,
    make: size => ({
      way: 'socket',
      payloads: times(part(5_000, size), index =>
        JSON.stringify({
          query: `subscription { events(filter: { or: [{ email: { contains: "a${index}" } }, { object: { ne: "x${index}" } }] })
            { id employee { email } ocsf { json } payload } }`,
        }),
      ),
      count: part(5_000, size),
      reads: true,
    }),
  },
  {
    name: '3,000 sockets that send all but the last byte of 1 MB',
    everywhere: true,
    make: size => ({
      way: 'bodies',
      payloads: [' '.repeat(1_000_000)],
      count: part(3_000, size),
      reads: true,
    }),
  },
  {
    name: 'stored events with any of 900 parts of an address',
    everywhere: false,
    make: size => posted(storedEvents, { f: comparisons(part(900, size)) }),
  },
  {
    name: '40 such questions about stored events at once',
    everywhere: false,
    make: size => ({
      ...posted(storedEvents, { f: comparisons(part(900, size)) }),
      payloads: times(40, index =>
        JSON.stringify({
          query: storedEvents,
          variables: { f: comparisons(part(900, size)), turn: index },
        }),
      ),
      count: 40,
    }),
  },
]

const storedEvents = 'query ($f: EventFilter) { events(filter: $f) { totalCount } }'
