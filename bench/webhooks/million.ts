/** How fast stored events are found and counted where there are a million of them. */
import { join } from 'node:path'
import { ask } from '../processes/product.ts'
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { DAYS, fillEvents, PEOPLE } from './fill.ts'
import { scratch, startServer } from './server.ts'

type Part = Pick<Section, 'tables' | 'figures' | 'missed'>

const EVENTS = 1_000_000
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
  const tookMs = fillEvents(join(directory, 'events.db'), EVENTS)
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
