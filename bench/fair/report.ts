/** What hostile requests did, as a section of the page. */
import type { Section } from '../report/section.ts'
import { figure, type Table } from '../report/table.ts'
import type { Latency } from './beside.ts'
import type { Measured, Siege } from './siege.ts'

const P99_MS = 50
const RESIDENT_MB = 1_000
/** Of a processor, in percent: a server that works on has all of one. */
const RUNNING = 20

const OWN = 'pushgraph'

/** The section, with what is promised of Pushgraph and was not kept. */
export const reportFair = (sieges: readonly Siege[]): Section => ({
  title: 'Fairness',
  method: [
    'Honest callers ask beside a hostile one, each from an address of its own: `/livez` every 10 ms, and the six counts and',
    'lists of a dashboard every 10 ms, half of them word for word as before; of Pushgraph also for stored events (150,000),',
    'with a delivery every 250 ms. They ask at fixed moments, whether the last answer has come or not, and check each answer.',
    'Loop is the processor time that the main thread took while a `/livez` was waited for, which other processes of the machine',
    'do not make longer. The hostile caller is a process of the lowest priority. It asks for as much as it likes; what is refused it makes smaller,',
    'by what the refusal says or to a fifth, four times, and it asks until it breaks off in the midst. Running on is processor',
    'time within 300 ms, 1 s after that, while nobody asks. The generated requests come from a generator with a seed, ten and',
    'ten; p99 is the worst of one request. The peers serve the same schema and rows from objects in memory, with the armour',
    'that their users give them: graphql-armor as it comes (depth 6, 15 aliases, 1,000 tokens, cost 5,000), in mercurius its',
    'rules beside `queryDepth`. They have no stored events, OCSF or WebSocket here, and are asked but what they have. A server',
    'that does not rest within a second (Pushgraph: ten) is started anew.',
  ].join('\n'),
  tables: [hostileTable(sieges), generatedTable(sieges)],
  charts: [],
  figures: sieges,
  missed: sieges.filter(({ server }) => server === OWN).flatMap(missedBy),
})

const hostileTable = (sieges: readonly Siege[]): Table => {
  const names = [...new Set(sieges.flatMap(({ hostile }) => hostile.map(({ name }) => name)))]
  return {
    title: 'Beside one hostile request',
    columns: [
      'request',
      'server',
      'as sent',
      'let through',
      '`/livez` p50 ms',
      'p99 ms',
      'dashboard p50 ms',
      'p99 ms',
      'loop p99 ms',
      'at most',
      'MB at most',
      'runs on, % of a processor',
      'honest answers',
      'wrong or none',
    ],
    rows: names.flatMap(name =>
      sieges.flatMap(({ server, hostile }) =>
        hostile
          .filter(of => of.name === name)
          .map(of => [
            name,
            server,
            of.asSent,
            toLetThrough(of),
            ms(of.latency.livez.p50),
            ms(of.latency.livez.p99),
            ms(of.latency.dashboard.p50),
            ms(of.latency.dashboard.p99),
            ms(of.latency.livez.busyP99),
            ms(of.latency.livez.busyWorst),
            of.survived ? figure(Math.round(of.peakMb)) : 'ended',
            figure(Math.round(of.stillRunning)),
            figure(of.honestAnswers),
            figure(of.wrongAnswers),
          ]),
      ),
    ),
  }
}

const toLetThrough = ({ size, letThrough }: Measured): string => {
  if (size === 1) return 'as sent'
  return size === 0 ? 'nothing' : `${figure(100 * size)} %: ${letThrough}`
}

const generatedTable = (sieges: readonly Siege[]): Table => ({
  title: 'Beside generated hostile requests',
  columns: [
    'server',
    'requests',
    'let through as sent',
    'made smaller',
    '`/livez` p99 ms (median)',
    '(worst)',
    'dashboard p99 ms (median)',
    '(worst)',
    'loop ms at most',
    'MB at most',
    'still ran 1 s after',
    'honest answers',
    'wrong or none',
    'started anew',
  ],
  rows: sieges.map(({ server, generated, restarts }) => [
    server,
    figure(generated.length),
    figure(generated.filter(({ size }) => size === 1).length),
    figure(generated.filter(({ size }) => size > 0 && size < 1).length),
    ms(middle(generated.map(({ latency }) => latency.livez.p99))),
    ms(Math.max(...generated.map(({ latency }) => latency.livez.p99))),
    ms(middle(generated.map(({ latency }) => latency.dashboard.p99))),
    ms(Math.max(...generated.map(({ latency }) => latency.dashboard.p99))),
    ms(Math.max(...generated.map(({ latency }) => latency.livez.busyWorst))),
    figure(Math.round(Math.max(...generated.map(({ peakMb }) => peakMb || 0)))),
    figure(generated.filter(({ stillRunning }) => stillRunning > RUNNING).length),
    figure(generated.reduce((sum, { honestAnswers }) => sum + honestAnswers, 0)),
    figure(generated.reduce((sum, { wrongAnswers }) => sum + wrongAnswers, 0)),
    figure(restarts),
  ]),
})

const ms = (value: number): string =>
  Number.isNaN(value) ? '' : figure(Math.round(value * 10) / 10)

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

/** The promises that were not kept, the request and the figure in each sentence. */
export const missedBy = ({ hostile, generated }: Siege): readonly string[] =>
  [...hostile, ...generated].flatMap(of => {
    const slow = (what: string, { p99, busyP99 }: Latency): string[] =>
      p99 < P99_MS
        ? []
        : [
            `fair, ${of.name}: p99 of ${what} is ${Math.round(p99)} ms (event loop: ${Math.round(busyP99)} ms)`,
          ]
    return [
      ...(of.survived ? [] : [`fair, ${of.name}: the process ends`]),
      ...slow('/livez', of.latency.livez),
      ...slow('the dashboard', of.latency.dashboard),
      ...(of.peakMb >= RESIDENT_MB
        ? [`fair, ${of.name}: ${Math.round(of.peakMb)} MB resident`]
        : []),
      ...(of.stillRunning > RUNNING
        ? [
            `fair, ${of.name}: ${Math.round(of.stillRunning)} % of a processor 1 s after the caller left`,
          ]
        : []),
      ...(of.wrongAnswers > 0
        ? [
            `fair, ${of.name}: ${of.wrongAnswers} honest answers wrong or none, such as ${of.wrong[0]?.slice(0, 200)}`,
          ]
        : []),
    ]
  })
