/** How many requests the reference questions cost, and how long they take, beside the least possible. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { collectionNames } from '../../src/model/collections.ts'
import { ask, startProduct } from '../processes/product.ts'
import type { Answer, Server } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import type { StandIn } from '../processes/stand-in.ts'
import { figure, ratio, yesNo } from '../report/table.ts'
import { median, type Section } from '../report/section.ts'
import { countRows, isSameAnswer } from './answers.ts'
import { besideScanMs, boundOf, type Limits, pagesOf } from './bound.ts'
import { createQuestions, type Question } from './reference.ts'
import { type Tenant, toTenant } from './tenant.ts'

/** What the stand-in is switched to by default, and Push documents or is seen to do. */
export const limits: Limits = { rate: 10, burst: 10, latencyMs: 120, jitter: 0.2 }
export const pageSize = 200

/** Requests that an answer set off and did not wait for count too, if they follow within this time. */
const SETTLE_MS = 300

/** Questions asked at once, each over a stand-in of its own: nearly all of the time is spent waiting. */
const LANES = 2

export interface Measured {
  readonly ms: number
  readonly requests: number
  /** Requests that the limiter refused. */
  readonly refused: number
  /** Requests by method and route. */
  readonly routes: Readonly<Record<string, number>>
  readonly rows: number
  readonly correct: boolean
}

interface Run {
  readonly cold: Measured
  readonly warm: Measured
  readonly estimate: { readonly requests: number; readonly ms: number }
}

export const measureRequests = async (runs: number, only?: string): Promise<Section> => {
  const lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(only)))
  try {
    const [{ questions, tenant }] = lanes as [Lane]
    const measured = new Map(questions.map(({ name }): [string, Run[]] => [name, []]))
    const waiting = Array.from({ length: runs }, () => questions.map(({ name }) => name)).flat()
    const work = async ({ questions, standIn, learnt }: Lane): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const question = questions.find(question => question.name === name)
        if (question === undefined) continue
        measured.get(name)?.push(await runOnce(question, questions, standIn, learnt))
      }
    }
    await Promise.all(lanes.map(work))
    const scanned = pagesOf(tenant.data.accounts.length, pageSize)
    return report(
      questions.map(question => ({
        question,
        runs: measured.get(question.name) ?? [],
        bound:
          question.duringScan === true
            ? { requests: scanned + 1, ms: besideScanMs(limits) }
            : boundOf(question.needs, limits),
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

/** One question to a server that knows the API and no row of it, and the same question again. */
export const runOnce = async (
  question: Question,
  all: readonly Question[],
  standIn: StandIn,
  learnt: string,
): Promise<Run> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-'))
  cpSync(learnt, dataDirectory, { recursive: true })
  const product = await startProduct(standIn, { dataDirectory })
  try {
    // Plans read nothing; what they leave behind is a process that has run its code before.
    for (const other of all) await ask(product.url, other, { 'x-pushgraph-plan': 'only' })
    const planned = await ask(product.url, question, { 'x-pushgraph-plan': 'only' })
    const estimate = planned.extensions?.pushgraph?.plan?.estimate ?? { requests: NaN, ms: NaN }
    const measure = question.duringScan === true ? measureBesideScan : measureAlone
    return {
      estimate,
      cold: await measure(question, product, standIn),
      warm: await measureAlone(question, product, standIn),
    }
  } finally {
    await product.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

const measureAlone = async (
  question: Question,
  { url }: Pick<Server, 'url'>,
  standIn: StandIn,
): Promise<Measured> => {
  await standIn.reset()
  const start = performance.now()
  const answer = await ask(url, question)
  const ms = performance.now() - start
  return { ms, ...judge(answer, question), ...(await countRequests(standIn)) }
}

const scanOfAccounts = { query: '{ accounts { totalCount } }' }

/** The question is asked when the scan has used up the burst, so that every token is fought for. */
const measureBesideScan = async (
  question: Question,
  { url }: Pick<Server, 'url'>,
  standIn: StandIn,
): Promise<Measured> => {
  await standIn.reset()
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

interface Result {
  readonly question: Question
  readonly runs: readonly Run[]
  readonly bound: { readonly requests: number; readonly ms: number }
}

const report = (results: readonly Result[]): Section => {
  const figures = results.map(({ question, runs, bound }) => {
    const all = runs.flatMap(({ cold, warm }) => [cold, warm])
    return {
      question: question.name,
      // The worst run's, not the middle one's: a request too many is never by chance alone.
      requests: Math.max(...runs.map(({ cold }) => cold.requests)),
      leastRequests: bound.requests,
      ms: median(runs.map(({ cold }) => cold.ms)),
      boundMs: bound.ms,
      warmRequests: Math.max(...runs.map(({ warm }) => warm.requests)),
      warmMs: median(runs.map(({ warm }) => warm.ms)),
      refused: all.reduce((sum, { refused }) => sum + refused, 0),
      routes: runs[0]?.cold.routes ?? {},
      rows: runs[0]?.cold.rows ?? 0,
      correct: all.every(({ correct }) => correct),
      estimate: runs[0]?.estimate ?? { requests: NaN, ms: NaN },
      beside: question.duringScan === true,
    }
  })
  return {
    title: 'Requests and time',
    method: [
      `The stand-in runs in a process of its own, with Push's limit (${limits.rate} requests a second, a burst of ${limits.burst}),`,
      `${limits.latencyMs} ms ± ${limits.jitter * 100} % of latency and pages of at most ${pageSize} rows. Cold: the server has just started, knows the sizes`,
      'and abilities of the API from earlier, and no row. Warm: the same question again. The least possible is',
      'reckoned by the bench from the data itself (`bench/requests/bound.ts`): no server that has to look for itself',
      'can be better. Its time counts the wait for the first answer once more than ten requests are needed: Push refills from',
      'when the first of them reached it, which nobody can be sure of sooner, and a 429 is not risked.',
      `Time is the median of ${results[0]?.runs.length ?? 0} runs, requests those of the worst run.`,
    ].join('\n'),
    tables: [
      {
        title: 'The reference questions, cold and warm',
        columns: [
          'question',
          'requests',
          'least',
          'ratio',
          'time ms',
          'bound ms',
          'ratio',
          'warm requests',
          'warm ms',
          '429s',
          'rows',
          'correct',
        ],
        rows: figures.map(of => [
          of.question,
          figure(of.requests),
          figure(of.leastRequests),
          ratio(of.requests, of.leastRequests),
          figure(Math.round(of.ms)),
          figure(Math.round(of.boundMs)),
          ratio(of.ms, of.boundMs),
          figure(of.warmRequests),
          figure(of.warmMs),
          figure(of.refused),
          figure(of.rows),
          yesNo(of.correct),
        ]),
      },
      {
        title: 'What the plan foretold (x-pushgraph-plan: only), and what came',
        columns: [
          'question',
          'requests told',
          'came',
          'exact',
          'ms told',
          'came',
          'off by %',
          'within 20 %',
        ],
        rows: figures
          .filter(({ beside }) => !beside)
          .map(of => [
            of.question,
            figure(of.estimate.requests),
            figure(of.requests),
            yesNo(of.estimate.requests === of.requests),
            figure(of.estimate.ms),
            figure(Math.round(of.ms)),
            figure(Math.round((of.estimate.ms / of.ms - 1) * 100)),
            yesNo(isWithin20(of)),
          ]),
      },
    ],
    charts: [
      {
        name: 'requests',
        title: 'Requests to Push, cold: used, and the least possible',
        bars: figures.flatMap(of => [
          { label: of.question, value: of.requests, text: figure(of.requests), own: true },
          {
            label: 'least possible',
            value: of.leastRequests,
            text: figure(of.leastRequests),
            own: false,
          },
        ]),
      },
      {
        name: 'time',
        title: 'Time of an answer, cold, as a multiple of the bound',
        bars: figures.map(of => ({
          label: of.question,
          value: of.ms / of.boundMs,
          text: `${ratio(of.ms, of.boundMs)} (${figure(Math.round(of.ms))} ms)`,
          own: true,
        })),
        mark: { value: 1.15, text: 'promised: 1.15' },
      },
    ],
    figures,
    missed: figures.flatMap(of => [
      ...(of.requests > of.leastRequests + 2
        ? [`${of.question}: ${of.requests} requests, ${of.leastRequests} would do`]
        : []),
      ...(of.warmRequests > 0 ? [`${of.question}: ${of.warmRequests} requests though warm`] : []),
      ...(of.ms > of.boundMs * 1.15
        ? [`${of.question}: ${Math.round(of.ms)} ms, ${ratio(of.ms, of.boundMs)} times the bound`]
        : []),
      ...(of.refused > 0 ? [`${of.question}: ${of.refused} requests refused with 429`] : []),
      ...(of.correct ? [] : [`${of.question}: a wrong answer`]),
      ...(of.beside || of.estimate.requests === of.requests
        ? []
        : [
            `${of.question}: the plan foretold ${of.estimate.requests} requests, it took ${of.requests}`,
          ]),
      ...(of.beside || isWithin20(of)
        ? []
        : [`${of.question}: the plan foretold ${of.estimate.ms} ms, it took ${Math.round(of.ms)}`]),
    ]),
  }
}

const isWithin20 = (of: {
  readonly estimate: { readonly ms: number }
  readonly ms: number
}): boolean => Math.abs(of.estimate.ms / of.ms - 1) <= 0.2
