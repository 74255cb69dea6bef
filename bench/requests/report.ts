/** What the reference questions cost, told. */
import { median, type Section } from '../report/section.ts'
import { figure, ratio, yesNo } from '../report/table.ts'
import { limits, pageSize } from './bound.ts'
import type { Question } from './reference.ts'
import type { Run } from './run.ts'

export interface Result {
  readonly question: Question
  readonly runs: readonly Run[]
  readonly bound: { readonly requests: number; readonly ms: number }
}

/** The figures of all runs, as tables and charts, and what of the promises they miss. */
export const report = (results: readonly Result[]): Section => {
  const figures = results.map(({ question, runs, bound }) => {
    const later = runs.flatMap(of => of.later ?? [])
    const all = [...runs.flatMap(({ cold, warm }) => [cold, warm]), ...later]
    return {
      question: question.name,
      // The worst run's, not the middle one's: a request too many is never by chance alone.
      requests: Math.max(...runs.map(({ cold }) => cold.requests)),
      leastRequests: bound.requests,
      ms: median(runs.map(({ cold }) => cold.ms)),
      boundMs: bound.ms,
      laterMs: later.length === 0 ? undefined : median(later.map(({ ms }) => ms)),
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
      'Later: a short question once more, with nothing that was read counting, of a process that has run all of its code;',
      'what the first answer took longer, V8 spent on code that it saw for the first time.',
      `Time is the median of ${results[0]?.runs.length ?? 0} runs, each with latencies of its own (from a fixed seed), requests those of the worst run.`,
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
          'later ms',
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
          of.laterMs === undefined ? '' : figure(Math.round(of.laterMs)),
          of.laterMs === undefined ? '' : ratio(of.laterMs, of.boundMs),
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
      // Cold is said of rows: what a process does for the first time is told, and no promise was made of it.
      ...((of.laterMs ?? of.ms) > of.boundMs * 1.15
        ? [
            `${of.question}: ${Math.round(of.laterMs ?? of.ms)} ms, ${ratio(of.laterMs ?? of.ms, of.boundMs)} times the bound`,
          ]
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
