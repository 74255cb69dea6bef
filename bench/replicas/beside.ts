/** Somebody who waits for one object at a replica, while others read whole lists without end. */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../processes/product.ts'
import { type StandIn, startStandIn } from '../processes/stand-in.ts'
import { median } from '../report/section.ts'
import { figure } from '../report/table.ts'
import type { Part } from './part.ts'
import { type Replica, startReplicasOf, stopAll } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

const SCANNING = 2
const QUESTIONS = 40
const PROMISED_MS = 150
/** So many seconds the others read before, so that the burst is used up. */
const BEFORE_MS = 3_000

const SCAN = '{ accounts { totalCount } findings { totalCount } }'

export const measureBeside = async (surroundings: Surroundings): Promise<Part> => {
  const standIn = await startStandIn(1)
  const database = await surroundings.create()
  const replicas = await startReplicasOf(SCANNING + 1, standIn, database)
  try {
    const [asked, ...scanning] = replicas
    if (asked === undefined) throw new Error('There is no replica')
    const ids = standIn.makeData().employees.map(({ id }) => id)
    const alone = await askEach(asked, ids.slice(0, QUESTIONS / 2))
    await standIn.reset()
    const scans = scanWithoutEnd(scanning)
    await pause(BEFORE_MS)
    const beside = await askEach(asked, ids.slice(QUESTIONS, 2 * QUESTIONS))
    await scans.end()
    return report(standIn, alone, beside)
  } finally {
    await stopAll(replicas)
    await standIn.stop()
  }
}

interface Times {
  /** Milliseconds for which the request waited for the limit, and from question to answer. */
  readonly waits: readonly number[]
  readonly answers: readonly number[]
}

/** One after the other, each an employee whom nobody has read. */
const askEach = async (replica: Replica, ids: readonly string[]): Promise<Times> => {
  const [waits, answers]: [number[], number[]] = [[], []]
  for (const id of ids) {
    const before = await replica.figure('upstream_wait_seconds_sum')
    const from = performance.now()
    const { data, errors } = await ask(replica.url, {
      query: `{ employee(id: "${id}") { email } }`,
    })
    answers.push(performance.now() - from)
    if (errors !== undefined || (data as { employee: unknown }).employee === null)
      throw new Error(JSON.stringify(errors ?? data))
    waits.push(1_000 * ((await replica.figure('upstream_wait_seconds_sum')) - before))
    // At any moment between two tokens.
    await pause(200 + ((waits.length * 37) % 100))
  }
  return { waits, answers }
}

/** Each again as soon as it has an answer, and with nothing that was read before. */
const scanWithoutEnd = (replicas: readonly Replica[]): { readonly end: () => Promise<void> } => {
  let isOver = false
  const running = replicas.map(async ({ url }) => {
    while (!isOver) {
      const headers = { 'cache-control': 'no-cache' }
      // They are killed in the middle of the last one.
      await ask(url, { query: SCAN }, headers).catch(() => (isOver = true))
    }
  })
  return {
    end: async () => {
      isOver = true
      for (const { kill } of replicas) kill()
      await Promise.all(running)
    },
  }
}

const report = async (standIn: StandIn, alone: Times, beside: Times): Promise<Part> => {
  const { requests, overLimit } = await standIn.statistics()
  const waitMs = p90(beside.waits)
  return {
    table: {
      title: `One employee by id at one replica, ${SCANNING} others reading whole lists without end`,
      columns: [
        ...['', 'questions', 'wait for the limit ms (median)', '(p90)', '(worst)'],
        ...['answer ms (median)', '(p90)', '429s', 'promised wait ms (p90)'],
      ],
      rows: [
        ['alone', alone, '', ''] as const,
        ['beside them', beside, figure(overLimit), figure(PROMISED_MS)] as const,
      ].map(([name, { waits, answers }, refused, promised]) => [
        name,
        figure(waits.length),
        ...[median(waits), p90(waits), Math.max(...waits)].map(figure),
        ...[median(answers), p90(answers)].map(figure),
        refused,
        promised,
      ]),
    },
    figures: { alone, beside, requests, overLimit },
    missed: [
      ...(waitMs > PROMISED_MS ? [`beside scans: the wait is ${Math.round(waitMs)} ms (p90)`] : []),
      ...(overLimit > 0 ? [`beside scans: ${overLimit} 429s`] : []),
    ],
  }
}

const p90 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.9) - 1] ?? NaN
