/** How many requests the reference questions cost, and how long they take, beside the least possible. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { collectionNames } from '../../src/model/collections.ts'
import { ask, startProduct } from '../processes/product.ts'
import type { Answer, Server } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import type { StandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { countRows, isSameAnswer } from './answers.ts'
import { besideScanMs, boundOf, limits, pageSize, pagesOf } from './bound.ts'
import { createQuestions, type Question } from './reference.ts'
import { report } from './report.ts'
import { type Tenant, toTenant } from './tenant.ts'
import type { Measured, Run } from './run.ts'

/** Requests that an answer set off and did not wait for count too, if they follow within this time. */
const SETTLE_MS = 300

/** After this all of the limiter's tokens are there again. */
const REFILL_MS = (limits.burst / limits.rate) * 1_000

/** Long questions asked at once, each over a stand-in of its own: nearly all of the time is spent waiting. */
const LANES = 4
/** Shorter ones are asked when nothing else runs: a few milliseconds of somebody else's would show. */
const LONG_MS = 2_000

export const measureRequests = async (runs: number, only?: string): Promise<Section> => {
  const lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(only)))
  try {
    const [{ questions, tenant }] = lanes as [Lane]
    const measured = new Map(questions.map(({ name }): [string, Run[]] => [name, []]))
    const scanned = pagesOf(tenant.data.accounts.length, pageSize)
    const boundFor = (question: Question) =>
      question.duringScan === true
        ? { requests: scanned + 1, ms: besideScanMs(limits) }
        : boundOf(question.needs, limits)
    const workThrough = async (
      through: readonly Lane[],
      isTheirs: (question: Question) => boolean,
    ): Promise<void> => {
      const names = questions.filter(isTheirs).map(({ name }) => name)
      const waiting = Array.from({ length: runs }, (_, run) =>
        names.map(name => ({ name, run })),
      ).flat()
      const work = async ({ questions, standIn, learnt }: Lane): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const { name, run } = next
          const question = questions.find(question => question.name === name)
          if (question === undefined) continue
          measured.get(name)?.push(await runOnce(question, questions, standIn, learnt, run + 1))
        }
      }
      await Promise.all(through.map(work))
    }
    await workThrough(lanes, question => boundFor(question).ms >= LONG_MS)
    await workThrough(lanes.slice(0, 1), question => boundFor(question).ms < LONG_MS)
    return report(
      questions.map(question => ({
        question,
        runs: measured.get(question.name) ?? [],
        bound: boundFor(question),
      })),
    )
  } finally {
    for (const { standIn, learnt } of lanes) {
      await standIn.stop()
      rmSync(learnt, { recursive: true, force: true })
    }
  }
}

/** A stand-in with what has been learnt of it. */
interface Lane {
  readonly standIn: StandIn
  readonly tenant: Tenant
  readonly questions: readonly Question[]
  readonly learnt: string
}

const openLane = async (only = ''): Promise<Lane> => {
  const standIn = await startStandIn(1)
  const tenant = toTenant(standIn.makeData())
  const questions = createQuestions(tenant, pageSize).filter(({ name }) => name.includes(only))
  const learnt = mkdtempSync(join(tmpdir(), 'pushgraph-bench-learnt-'))
  await learn(standIn, learnt, questions)
  return { standIn, tenant, questions, learnt }
}

/** What is learnt on the way to one answer is used by the next; some is only learnt once that was. */
const MOST_ROUNDS = 5

/**
 * Leaves behind in the folder what Pushgraph learns of an API, its sizes and the questions: all of them are asked, each
 * as if nothing had been read, by one process after another until nothing new is learnt.
 */
export const learn = async (
  standIn: StandIn,
  dataDirectory: string,
  questions: readonly Question[],
): Promise<void> => {
  // The latency is among what is learnt; the limit is not, and nobody needs to wait for it here.
  await standIn.set({ limiter: false })
  let before = ''
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const product = await startProduct(standIn, {
      dataDirectory,
      environment: { PUSHGRAPH_RATE: '500', PUSHGRAPH_BURST: '500' },
    })
    for (const question of questions) await ask(product.url, question, unread)
    for (const name of collectionNames)
      await ask(product.url, { query: `{ ${name} { totalCount } }` }, unread)
    const { data } = await ask(product.url, {
      query: '{ connectors { capabilities { name verdict } } }',
    })
    await product.stop()
    const learnt = JSON.stringify(data)
    if (learnt === before) break
    before = learnt
  }
  await standIn.set({ limiter: true })
}

/** Whatever was read before does not count. */
const unread = { 'cache-control': 'no-cache' }

/**
 * One question to a server that knows the API and no row of it, and the same question again. The latencies are drawn
 * from `chanceSeed`: each run has others, since the bound reckons with the average of what may be drawn.
 */
export const runOnce = async (
  question: Question,
  all: readonly Question[],
  standIn: StandIn,
  learnt: string,
  chanceSeed?: number,
): Promise<Run> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-'))
  // Of what was read meanwhile, neither Push's answers nor the rows are to be there.
  const isLearnt = (path: string): boolean =>
    path === learnt || basename(path).startsWith('state.db')
  cpSync(learnt, dataDirectory, { recursive: true, filter: isLearnt })
  const product = await startProduct(standIn, { dataDirectory })
  try {
    // Plans read nothing; what they leave behind is a process that has run its code before.
    for (const other of all) await ask(product.url, other, { 'x-pushgraph-plan': 'only' })
    const planned = await ask(product.url, question, { 'x-pushgraph-plan': 'only' })
    const estimate = planned.extensions?.pushgraph?.plan?.estimate ?? { requests: NaN, ms: NaN }
    const measure = question.duringScan === true ? measureBesideScan : measureAlone
    const cold = await measure(question, product, standIn, { chanceSeed })
    return {
      estimate,
      cold,
      warm: await measureAlone(question, product, standIn),
      later:
        question.duringScan === true || cold.ms > LONG_MS
          ? undefined
          : await pause(REFILL_MS).then(async () =>
              measureAlone(question, product, standIn, { chanceSeed, headers: unread }),
            ),
    }
  } finally {
    await product.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

interface Measuring {
  /** What latencies are drawn from. */
  readonly chanceSeed?: number | undefined
  readonly headers?: Readonly<Record<string, string>>
}

const measureAlone = async (
  question: Question,
  { url }: Pick<Server, 'url'>,
  standIn: StandIn,
  { chanceSeed, headers }: Measuring = {},
): Promise<Measured> => {
  await standIn.reset(chanceSeed)
  const start = performance.now()
  const answer = await ask(url, question, headers)
  const ms = performance.now() - start
  return { ms, ...judge(answer, question), ...(await countRequests(standIn)) }
}

const scanOfAccounts = { query: '{ accounts { totalCount } }' }

/** The question is asked when the scan has used up the burst, so that every token is fought for. */
const measureBesideScan = async (
  question: Question,
  { url }: Pick<Server, 'url'>,
  standIn: StandIn,
  { chanceSeed }: Measuring,
): Promise<Measured> => {
  await standIn.reset(chanceSeed)
  const scan = ask(url, scanOfAccounts)
  while ((await standIn.statistics()).requests < 2 * limits.burst) await pause(20)
  const start = performance.now()
  const answer = await ask(url, question)
  const ms = performance.now() - start
  const { data } = (await scan) as { readonly data: { readonly accounts: { totalCount: number } } }
  const judged = judge(answer, question)
  return {
    ms,
    rows: judged.rows,
    correct: judged.correct && data.accounts.totalCount > 0,
    ...(await countRequests(standIn)),
  }
}

const judge = (answer: Answer, question: Question): Pick<Measured, 'rows' | 'correct'> => ({
  rows: countRows(answer.data),
  correct: answer.errors === undefined && isSameAnswer(answer.data, question.answer),
})

const countRequests = async (
  standIn: StandIn,
): Promise<Pick<Measured, 'requests' | 'refused' | 'routes'>> => {
  await pause(SETTLE_MS)
  const { requests, overLimit, byRoute } = await standIn.statistics()
  return { requests, refused: overLimit, routes: byRoute }
}
