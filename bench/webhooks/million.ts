/** How fast stored events are found and counted where there are a million of them. */
import { join } from 'node:path'
import { openEventFile } from '../../src/events/event-file.ts'
import { createWriting } from '../../src/events/writing.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { ask } from '../processes/product.ts'
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { scratch, startServer } from './server.ts'

type Part = Pick<Section, 'tables' | 'figures' | 'missed'>

const EVENTS = 1_000_000
const DAYS = 89
const PEOPLE = 5_000
const TRIES = 21
const DAY_MS = 86_400_000

interface Question {
  readonly what: string
  readonly promisedMs?: number
  /** Another one at each try, so that none is answered from what the last one left. */
  readonly query: (index: number) => string
  /** Whether the answer's rows are as many as they must be. */
  readonly rows: (data: Found) => boolean
}

interface Found {
  readonly events: {
    readonly nodes?: readonly unknown[]
    readonly groups?: readonly { readonly count: number }[]
    readonly totalCount?: number
  }
}

const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString()
const person = (index: number): string => `person${(index * 37) % PEOPLE}@example.com`
const week = (index: number): string =>
  `occurredAt: { gte: "${daysAgo(10 + 3 * index)}", lt: "${daysAgo(3 + 3 * index)}" }`
const NODE = 'nodes { id occurredAt object description email sourceIpAddress url employeeId }'

const questions: readonly Question[] = [
  {
    what: 'one e-mail address, one week, the first page of 50',
    promisedMs: 30,
    query: index =>
      `{ events(filter: { email: { eq: "${person(index)}" }, ${week(index)} }) { ${NODE} } }`,
    rows: ({ events }) => (events.nodes?.length ?? 0) >= 10,
  },
  {
    what: 'groups by day and object over 30 days',
    promisedMs: 500,
    query: index =>
      `{ events(filter: { occurredAt: { gte: "${daysAgo(40 + index)}", lt: "${daysAgo(10 + index)}" } }) ` +
      '{ groups(by: [OCCURRED_DAY, OBJECT]) { keys count } } }',
    rows: ({ events }) =>
      (events.groups?.reduce((sum, { count }) => sum + count, 0) ?? 0) > (EVENTS / DAYS) * 28,
  },
  {
    what: 'the newest 50',
    query: () => `{ events { ${NODE} } }`,
    rows: ({ events }) => events.nodes?.length === 50,
  },
  {
    what: 'a part of an e-mail address, one week, the first page of 50',
    query: index =>
      `{ events(filter: { email: { contains: "${person(index)}" }, ${week(index)} }) { ${NODE} } }`,
    rows: ({ events }) => (events.nodes?.length ?? 0) >= 10,
  },
  {
    what: 'how many events one e-mail address has',
    query: index => `{ events(filter: { email: { eq: "${person(index)}" } }) { totalCount } }`,
    rows: ({ events }) => events.totalCount === EVENTS / PEOPLE,
  },
]

export const measureMillion = async (): Promise<Part> => {
  const { directory, remove } = scratch()
  const tookMs = fill(join(directory, 'events.db'))
  const server = await startServer(directory)
  const results = []
  for (const question of questions) {
    const times: number[] = []
    let right = true
    for (let index = 0; index < TRIES; index++) {
      const from = performance.now()
      const { data, errors } = await ask(`${server.url}/graphql`, { query: question.query(index) })
      times.push(performance.now() - from)
      right &&= errors === undefined && question.rows(data as Found)
    }
    results.push({
      ...question,
      ms: median(times),
      first: times[0] ?? NaN,
      worst: Math.max(...times),
      right,
    })
  }
  await server.stop()
  remove()

  return {
    tables: [
      {
        title: `Questions about ${figure(EVENTS)} stored events`,
        columns: ['question', 'ms (median)', 'ms (first)', 'ms (worst)', 'promised'],
        rows: results.map(({ what, ms, first, worst, promisedMs }) => [
          what,
          ...[ms, first, worst].map(of => figure(Math.round(of * 10) / 10)),
          promisedMs === undefined ? '' : figure(promisedMs),
        ]),
      },
    ],
    figures: {
      fillMs: tookMs,
      questions: results.map(({ what, ms, first, worst, promisedMs }) => ({
        what,
        ms,
        first,
        worst,
        promisedMs,
      })),
    },
    missed: results.flatMap(({ what, ms, promisedMs, right }) => [
      ...(promisedMs !== undefined && ms > promisedMs
        ? [`webhooks: ${what} takes ${Math.round(ms)} ms`]
        : []),
      ...(right ? [] : [`webhooks: ${what}: the answer is wrong`]),
    ]),
  }
}

/** Writes the file as the server would, but without waiting for the disk, and the indexes at the end; how long it took. */
const fill = (path: string): number => {
  const from = performance.now()
  const database = openEventFile(path)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000')
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all()
  for (const { name } of indexes) database.exec(`DROP INDEX ${String(name)}`)
  const writing = createWriting(database)
  const start = Math.floor(Date.now() / 1_000) - DAYS * 86_400
  const AT_ONCE = 10_000
  for (let first = 0; first < EVENTS; first += AT_ONCE)
    writing.append(
      Array.from({ length: AT_ONCE }, (_, offset) => {
        const index = first + offset
        const occurredAt = start + Math.floor((index * (DAYS * 86_400)) / EVENTS)
        const delivery = readDelivery(
          Buffer.from(JSON.stringify(eventOf(index, occurredAt))),
          occurredAt + 1,
        )
        if (!delivery.ok) throw new Error(delivery.problem)
        return { ...delivery.event, connector: 'default', receivedAt: occurredAt + 1 }
      }),
    )
  for (const { sql } of indexes) database.exec(String(sql))
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  return performance.now() - from
}

const OBJECTS = [
  'LOGIN',
  'LOGIN',
  'LOGIN',
  'LOGIN',
  'PHISHING',
  'BLOCKED_URL',
  'MFA_REQUIRED',
] as const

const eventOf = (index: number, timestamp: number) => {
  const object = OBJECTS[index % OBJECTS.length] ?? ''
  // A prime without a common divisor with the number of people: each of them in turn, in a mixed order.
  const someone = (index * 7_919) % PEOPLE
  return {
    version: '1',
    id: `event ${index}`,
    timestamp,
    object,
    category: object === 'LOGIN' ? 'ACTIVITY' : 'CONTROL',
    friendlyName: object,
    description: 'made up',
    new: {
      employeeId: `employee ${someone}`,
      accountId: `account ${index % 20_000}`,
      appId: `app ${index % 300}`,
      browserId: `browser ${index % 6_000}`,
      email: `person${someone}@example.com`,
      sourceIpAddress: `203.0.113.${index % 250}`,
      loginUrl: 'https://login.example/',
      userAgent: 'Mozilla/5.0 '.repeat(6),
    },
  }
}
