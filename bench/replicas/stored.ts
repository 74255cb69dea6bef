/** Questions about stored events, asked of the database and of the file with the same events in it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ask, npmStart } from '../processes/product.ts'
import { median } from '../report/section.ts'
import { figure, ratio } from '../report/table.ts'
import { DAYS, fillEvents, PEOPLE } from '../webhooks/fill.ts'
import { scratch, startServer } from '../webhooks/server.ts'
import type { Part } from './part.ts'
import { type BenchDatabase, startReplica, type Surroundings } from './surroundings.ts'

const EVENTS = 1_000_000
/** Of each question, in that order. While the server and the database compile and plan, only the first counts, by itself. */
const TRIES = { page: { before: 100, counted: 200 }, groups: { before: 10, counted: 15 } }
const PROMISED = { pageMs: 10, groupsMs: 250 }

interface Question {
  readonly what: string
  /** Another one at each try. */
  readonly query: (index: number) => string
  readonly isRight: (events: Found) => boolean
  readonly tries: { readonly before: number; readonly counted: number }
  /** Of so many in a hundred answers. */
  readonly promised?: { readonly share: 0.5 | 0.95; readonly ms: number }
}

interface Found {
  readonly nodes?: readonly unknown[]
  readonly groups?: readonly { readonly count: number }[]
  readonly totalCount?: number
}

const NODE = 'nodes { id occurredAt object description email sourceIpAddress url employeeId }'
const person = (index: number): string => `person${(index * 37) % PEOPLE}@example.com`
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()

const questions: readonly Question[] = [
  {
    what: 'the newest 50',
    tries: TRIES.page,
    query: index => `query Newest${index} { events { ${NODE} } }`,
    isRight: ({ nodes }) => nodes?.length === 50,
    promised: { share: 0.95, ms: PROMISED.pageMs },
  },
  {
    what: 'groups by day over all',
    tries: TRIES.groups,
    query: index => `query Days${index} { events { groups(by: [OCCURRED_DAY]) { keys count } } }`,
    isRight: ({ groups = [] }) => groups.reduce((sum, { count }) => sum + count, 0) === EVENTS,
    promised: { share: 0.5, ms: PROMISED.groupsMs },
  },
  {
    what: 'the newest 50 of one address',
    tries: TRIES.page,
    query: index => `{ events(filter: { email: { eq: "${person(index)}" } }) { ${NODE} } }`,
    isRight: ({ nodes }) => nodes?.length === 50,
    promised: { share: 0.95, ms: PROMISED.pageMs },
  },
  {
    what: 'groups by day and object over all',
    tries: TRIES.groups,
    query: index =>
      `query Objects${index} { events { groups(by: [OCCURRED_DAY, OBJECT]) { keys count } } }`,
    isRight: ({ groups = [] }) => groups.reduce((sum, { count }) => sum + count, 0) === EVENTS,
    promised: { share: 0.5, ms: PROMISED.groupsMs },
  },
  {
    what: 'how many addresses of all have a part',
    tries: TRIES.groups,
    query: index =>
      `{ events(filter: { email: { contains: "erson${(index * 37) % PEOPLE}@" } }) { totalCount } }`,
    isRight: ({ totalCount = 0 }) => totalCount >= EVENTS / PEOPLE,
  },
  {
    what: 'how many a week has',
    tries: TRIES.groups,
    query: index =>
      `{ events(filter: { occurredAt: { gte: "${daysAgo(17 + index)}", lt: "${daysAgo(10 + index)}" } }) { totalCount } }`,
    isRight: ({ totalCount = 0 }) => Math.abs(totalCount - (EVENTS / DAYS) * 7) <= 2,
  },
]

/** The database is left full, for whoever weighs it. */
export const measureStored = async (
  surroundings: Surroundings,
): Promise<Part & { readonly database: BenchDatabase; readonly events: number }> => {
  const { directory, remove } = scratch()
  const database = await surroundings.create()
  fillEvents(join(directory, 'events.db'), EVENTS)
  const importMs = await importInto(database, directory)
  const embedded = await startServer(directory)
  const inFile = await askAll(`${embedded.url}/graphql`)
  await embedded.stop()
  remove()
  // How long it takes is to be seen, be it that the machine has much else to do.
  const replica = await startReplica({ url: 'http://127.0.0.1:9/v1', key: 'key' }, database, {
    PUSHGRAPH_MAX_CPU_MS: '60000',
  })
  const inDatabase = await askAll(replica.url)
  await replica.stop()

  const rows = questions.map((question, nth) => {
    const [file = untried, shared = untried] = [inFile[nth], inDatabase[nth]]
    return { question, file, shared }
  })
  return {
    database,
    events: EVENTS,
    table: {
      title: `Questions about ${figure(EVENTS)} stored events, in the database and in the file`,
      columns: [
        'question',
        ...['ms (first)', '(median)', '(p95)', 'file: ms (first)', '(median)', '(p95)'],
        ...['ratio', 'promised'],
      ],
      rows: rows.map(({ question: { what, promised }, file, shared }) => [
        what,
        ...[shared, file]
          .flatMap(({ first, times }) => [first, median(times), p95(times)])
          .map(figure),
        ratio(median(shared.times), median(file.times)),
        promised === undefined
          ? ''
          : `${promised.share === 0.5 ? 'median' : 'p95'} ${promised.ms} ms`,
      ]),
    },
    figures: {
      importMs,
      questions: rows.map(({ question: { what }, file, shared }) => ({ what, shared, file })),
    },
    missed: rows.flatMap(({ question: { what, promised }, shared }) => {
      if (promised === undefined) return []
      const ms = promised.share === 0.5 ? median(shared.times) : p95(shared.times)
      return ms > promised.ms ? [`stored events, ${what}: ${figure(ms)} ms`] : []
    }),
  }
}

/** By the command for it; how many milliseconds it took. */
const importInto = async (database: BenchDatabase, directory: string): Promise<number> => {
  const from = performance.now()
  const program = npmStart.filter(word => word !== 'serve')
  await promisify(execFile)(process.execPath, [...program, 'import', directory], {
    env: { PATH: process.env.PATH, PUSHGRAPH_DATABASE_URL: database.url },
    cwd: directory,
  })
  return performance.now() - from
}

/** Milliseconds. */
interface Tried {
  readonly first: number
  readonly times: readonly number[]
}

const untried: Tried = { first: NaN, times: [] }

const askAll = async (url: string): Promise<readonly Tried[]> => {
  const tried: Tried[] = []
  for (const { what, query, isRight, tries } of questions) {
    const times: number[] = []
    for (let index = 0; index < tries.before + tries.counted; index++) {
      const from = performance.now()
      const { data, errors } = await ask(url, { query: query(index) })
      times.push(performance.now() - from)
      if (errors !== undefined || !isRight((data as { events: Found }).events))
        throw new Error(`${what}: ${JSON.stringify(errors ?? data).slice(0, 500)}`)
    }
    tried.push({ first: times[0] ?? NaN, times: times.slice(tries.before) })
  }
  return tried
}

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? NaN
