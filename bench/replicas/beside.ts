/** Somebody who waits for one object at a replica, while others read whole lists without end. */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { median } from '../report/section.ts'
import { figure } from '../report/table.ts'
import type { Part } from './part.ts'
import { askWithoutEnd, exportWithoutEnd, SCANNING, type Scans } from './scans.ts'
import { type Replica, startReplicasOf, stopAll } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

const QUESTIONS = 30
const PROMISED_MS = 150
/** So long the others read before, so that the burst is used up. */
const BEFORE_MS = 3_000

export const measureBeside = async (surroundings: Surroundings): Promise<Part> => {
  const standIn = await startStandIn(1)
  const database = await surroundings.create()
  const replicas = await startReplicasOf(SCANNING + 1, standIn, database)
  try {
    const [asked, ...others] = replicas
    if (asked === undefined) throw new Error('There is no replica')
    const ids = standIn.makeData().employees.map(({ id }) => id)
    // Of a new bucket nothing is known, and the first request waits for that.
    await askEach(asked, ids.splice(0, 1))
    const alone = await askEach(asked, ids.splice(0, QUESTIONS / 2))
    const beside = async (scans: Scans): Promise<Times> => {
      await pause(BEFORE_MS)
      try {
        return await askEach(asked, ids.splice(0, QUESTIONS))
      } finally {
        await scans.end()
      }
    }
    await standIn.reset()
    const exports = await beside(exportWithoutEnd(standIn, database))
    const callers = await beside(askWithoutEnd(others))
    return report((await standIn.statistics()).overLimit, { alone, exports, callers })
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

const names = {
  alone: 'alone',
  exports: `beside ${SCANNING} replicas that export all`,
  callers: `beside ${SCANNING} replicas whose callers wait for whole lists`,
} as const

const report = (overLimit: number, runs: Readonly<Record<keyof typeof names, Times>>): Part => {
  const scans = ['exports', 'callers'] as const
  return {
    table: {
      title: 'One employee by id, one after the other, at one replica',
      columns: [
        ...['', 'questions', 'wait for the limit ms (median)', '(p90)', '(worst)'],
        ...['answer ms (median)', '(p90)', 'promised wait (p90)'],
      ],
      rows: (['alone', 'exports', 'callers'] as const).map(name => {
        const { waits, answers } = runs[name]
        return [
          names[name],
          figure(waits.length),
          ...[median(waits), p90(waits), Math.max(...waits)].map(ms => figure(Math.round(ms))),
          ...[median(answers), p90(answers)].map(ms => figure(Math.round(ms))),
          name === 'alone' ? '' : figure(PROMISED_MS),
        ]
      }),
    },
    figures: { ...runs, overLimit },
    missed: [
      ...scans.flatMap(name => {
        const waitMs = p90(runs[name].waits)
        return waitMs > PROMISED_MS
          ? [`${names[name]}: the wait is ${Math.round(waitMs)} ms (p90)`]
          : []
      }),
      ...(overLimit > 0 ? [`beside scans: ${overLimit} 429s`] : []),
    ],
  }
}

const p90 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.9) - 1] ?? NaN
