/** Hostile requests that nobody has thought of: kinds of much, put together by chance, up to what is let through. */
import { type HostileRequest, part, posted, times } from './attack.ts'
import { type Chance, createChance } from './chance.ts'

type Kind = Pick<HostileRequest, 'everywhere'> & {
  readonly name: string
  /** Throws the dice once; what comes back makes it of any size. */
  readonly throw: (chance: Chance) => HostileRequest['make']
}

const lists = ['employees', 'accounts', 'apps'] as const
const otherLists = [...lists, 'browsers', 'browserExtensions', 'findings', 'detections'] as const
const filterOf = (list: string): string => `${list[0]?.toUpperCase()}${list.slice(1, -1)}Filter`
const dimensions = [
  'ID',
  'EMAIL',
  'CREATED_HOUR',
  'LAST_USED_HOUR',
  'EMPLOYEE_ID',
  'APP_ID',
  'APP_TYPE',
]
const orders = ['ID', 'EMAIL', 'EMPLOYEE_ID', 'APP_TYPE', 'CREATED_AT', 'LAST_USED_AT']

/** From each type the ways to the next, a list or one object. */
const ways: Readonly<
  Record<string, readonly (readonly [field: string, to: string, many: boolean])[]>
> = {
  employee: [['accounts', 'account', true]],
  account: [
    ['app', 'app', false],
    ['employee', 'employee', false],
  ],
  app: [['accounts', 'account', true]],
}

const repeated = (most: number, size: number, field: (index: number) => string): string =>
  times(part(most, size), index => `a${index}: ${field(index)}`).join(' ')

/** A comparison of an address, plain or as costly as they come. */
const comparison = (chance: Chance, index: number): object => {
  const word = `${chance.of(['zz', 'anna', '%a%b%', '@'])}${index}`
  return {
    email: {
      [chance.of(['contains', 'startsWith', 'like', 'eq', 'ne'])]: word,
    },
  }
}

/** Comparisons within and, or, not, in any order. */
const nested = (chance: Chance, count: number, depth: number): object => {
  const leaves = times(count, index => comparison(chance, index))
  let filter: object = { [chance.of(['or', 'and'])]: leaves }
  for (let level = 0; level < depth; level++)
    filter = chance.below(2) === 0 ? { not: filter } : { or: [filter, comparison(chance, level)] }
  return filter
}

const kinds: readonly Kind[] = [
  {
    name: 'fan-out',
    everywhere: true,
    throw: chance => {
      const list = chance.of(lists)
      const first = chance.of([100, 500, 1_000])
      const path: (readonly [string, boolean, number])[] = []
      let at = list.slice(0, -1)
      for (let level = 0; level < 1 + chance.below(8); level++) {
        const [field, to, many] = chance.of(ways[at] ?? [])
        path.push([field, many, chance.of([5, 40, 200, 1_000])])
        at = to
      }
      return size => {
        const inner = path
          .slice(0, part(path.length, size ** 0.25))
          .reduceRight(
            (text, [field, many, children]) =>
              many
                ? `${field}(first: ${part(children, Math.sqrt(size))}) { nodes { ${text} } }`
                : `${field} { ${text} }`,
            'id',
          )
        return posted(`{ ${list}(first: ${part(first, Math.sqrt(size))}) { nodes { ${inner} } } }`)
      }
    },
  },
  {
    name: 'aliases of lists',
    everywhere: true,
    throw: chance => {
      const first = chance.of([1, 50, 1_000])
      const fields = chance.of([
        'id',
        'id email employee { email department }',
        'id app { id name } appType',
      ])
      return size =>
        posted(
          `{ ${repeated(500, size, () => `accounts(first: ${first}) { nodes { ${fields} } }`)} }`,
        )
    },
  },
  {
    name: 'groups',
    everywhere: true,
    throw: chance => {
      const by = times(1 + chance.below(6), () => chance.of(dimensions))
      const first = chance.of([1, 100, 1_000])
      return size =>
        posted(
          `{ accounts(first: 1) { ${repeated(490, size, () => `groups(by: [${[...new Set(by)].join(', ')}], first: ${first}) { keys count }`)} } }`,
        )
    },
  },
  {
    name: 'filters',
    everywhere: true,
    throw: chance => {
      const list = chance.of(['employees', 'accounts'])
      const most = 1 + chance.below(500)
      const filter = nested(chance, 1 + chance.below(980), chance.below(15))
      return size =>
        posted(
          `query ($f: ${filterOf(list)}) { ${repeated(most, size, () => `${list}(filter: $f, first: 1) { totalCount }`)} }`,
          { f: filter },
        )
    },
  },
  {
    name: 'filters of relations',
    everywhere: false,
    throw: chance => {
      const most = 1 + chance.below(500)
      const filter = chance.of([
        { accounts: { some: nested(chance, 30, 2) } },
        { accounts: { every: { app: { accounts: { some: nested(chance, 5, 1) } } } } },
        { accounts: { none: { employee: { accounts: { some: comparison(chance, 1) } } } } },
      ])
      return size =>
        posted(
          `query ($f: EmployeeFilter) { ${repeated(most, size, () => 'employees(filter: $f, first: 1) { totalCount }')} }`,
          { f: filter },
        )
    },
  },
  {
    name: 'orders',
    everywhere: false,
    throw: chance => {
      const keys = [...new Set(times(1 + chance.below(4), () => chance.of(orders)))]
      const order = keys.map(
        field => `{ field: ${field}, direction: ${chance.of(['ASC', 'DESC'])} }`,
      )
      const first = chance.of([1, 1_000])
      return size =>
        posted(
          `{ ${repeated(500, size, () => `accounts(first: ${first}, orderBy: [${order.join(', ')}]) { nodes { id } }`)} }`,
        )
    },
  },
  {
    name: 'OCSF',
    everywhere: false,
    throw: chance => {
      const list = chance.of(otherLists)
      const way = chance.of([
        `${list}(first: 1000) { nodes { ocsf { json } } }`,
        'ocsfEvents(first: 1000) { nodes { json } }',
      ])
      return size => posted(`{ ${repeated(300, size, () => way)} }`)
    },
  },
  {
    name: 'searches',
    everywhere: false,
    throw: chance => {
      const word = chance.of(['anna@example.com', 'SLACK', '203.0.113.7', 'person1@example.com'])
      const varied = chance.below(2) === 0
      return size =>
        posted(
          `{ ${repeated(200, size, index => `search(value: "${word}${varied ? index : ''}") { totalCount }`)} }`,
        )
    },
  },
  {
    name: 'stored events',
    everywhere: false,
    throw: chance => {
      const filter = nested(chance, 1 + chance.below(950), chance.below(10))
      const asked = chance.of([
        'totalCount',
        'groups(by: [EMAIL, OBJECT, OCCURRED_DAY], first: 1000) { keys count }',
        'nodes { id payload ocsf { json } }',
      ])
      const most = chance.of([1, 10, 100])
      return size =>
        posted(
          `query ($f: EventFilter) { ${repeated(most, size, () => `events(filter: $f, first: 1000) { ${asked} }`)} }`,
          { f: filter },
        )
    },
  },
  {
    name: 'values in a list',
    everywhere: true,
    throw: chance => {
      const most = 1 + chance.below(10_000)
      const copies = 1 + chance.below(400)
      return size =>
        posted(
          `query ($f: AccountFilter) { ${repeated(copies, size, () => 'accounts(filter: $f, first: 1) { totalCount }')} }`,
          { f: { id: { in: times(part(most, size), index => `id-${index}`) } } },
        )
    },
  },
  {
    name: 'fragments within fragments',
    everywhere: true,
    throw: chance => {
      const twice = chance.below(2) === 0
      const most = chance.of([12, 100, 290])
      return size => {
        const count = part(most, size)
        const spread = (index: number): string =>
          twice ? `...f${index} x: app { accounts { nodes { ...f${index} } } }` : `...f${index}`
        return posted(
          `{ accounts { nodes { ...f0 } } } ${times(count, index => `fragment f${index} on Account { id ${index + 1 < count ? spread(index + 1) : ''} }`).join(' ')}`,
        )
      }
    },
  },
  {
    name: 'many of a small thing',
    everywhere: true,
    throw: chance => {
      const thing = chance.of([
        '@include(if: true) ',
        'id ',
        'nothing ',
        'employee { id } ',
        '... on Account { id } ',
        'app { accounts(first: 1) { nodes { id } } } ',
      ])
      const most = chance.of([400, 1_900, 15_000])
      return size =>
        posted(
          thing.startsWith('@')
            ? `{ accounts { nodes { id ${thing.repeat(part(most, size))} } } }`
            : `{ accounts(first: 1000) { nodes { ${thing.repeat(part(most, size))} } } }`,
        )
    },
  },
  {
    name: 'long texts and deep brackets',
    everywhere: true,
    throw: chance => {
      const make = chance.of<(length: number) => string>([
        length => `{ ${'n'.repeat(length)} }`,
        length => `{ accounts(after: "${'\\n'.repeat(length)}") { totalCount } }`,
        length => `{ accounts(filter: ${'{ and: ['.repeat(length)}`,
        length => `${'#\n'.repeat(length)}{ __typename }`,
        length => `query ($v: ${'['.repeat(length)}ID) { __typename }`,
      ])
      return size => posted(make(part(400_000, size)))
    },
  },
  {
    name: 'questions about the schema',
    everywhere: true,
    throw: chance => {
      const depth = 1 + chance.below(6)
      const inner = `${'fields { name args { name } type { '.repeat(depth)}name${' } }'.repeat(depth)}`
      const most = chance.of([1, 10, 100])
      return size => posted(`{ ${repeated(most, size, () => `__schema { types { ${inner} } }`)} }`)
    },
  },
  {
    name: 'entities',
    everywhere: false,
    throw: chance => {
      const type = chance.of(['Account', 'Employee', 'App', 'Nothing'])
      return size =>
        posted(
          'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { id email employee { accounts { totalCount } } } } }',
          { r: times(part(10_000, size), index => ({ __typename: type, id: `x${index}` })) },
        )
    },
  },
]

/** As many dice as are thrown for one seed at most. */
const MOST = 1_000

/**
 * So many requests, the same at each run for the same seed: a kind after the other, each time with other dice.
 *
 * @throws {RangeError} for more than 1,000, of which some would be those of the next seed
 */
export const generateRequests = (
  count: number,
  everywhereOnly: boolean,
  seed = 0,
): readonly HostileRequest[] => {
  if (count > MOST) throw new RangeError(`Of one seed there are ${MOST} requests`)
  const usable = kinds.filter(({ everywhere }) => everywhere || !everywhereOnly)
  return times(count, index => {
    const chance = createChance(seed * MOST + index + 1)
    const kind = usable[index % usable.length]
    if (kind === undefined) throw new Error('There is no such kind')
    return {
      name: `${kind.name} ${index + 1}`,
      everywhere: kind.everywhere,
      make: kind.throw(chance),
    }
  })
}
