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
  figures: sieges.map(toFigures),
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

/** The promises that were not kept: a sentence for each request of the table, and one for all generated ones. */
const missedBy = ({ hostile, generated }: Siege): readonly string[] => {
  const broken = generated.filter(of => flawsOf(of).length > 0)
  const [worst] = [...broken].sort((a, b) => b.latency.livez.p99 - a.latency.livez.p99)
  return [
    ...hostile.flatMap(of => {
      const flaws = flawsOf(of)
      return flaws.length === 0 ? [] : [`fair, ${of.name}: ${flaws.join('; ')}`]
    }),
    ...(worst === undefined
      ? []
      : [
          `fair, ${broken.length} of ${generated.length} generated requests, the worst ${worst.name}: ${flawsOf(worst).join('; ')}`,
        ]),
  ]
}

const flawsOf = (of: Measured): readonly string[] => {
  const slow = (what: string, { p99, busyP99 }: Latency): string[] =>
    p99 < P99_MS ? [] : [`p99 of ${what} is ${Math.round(p99)} ms (loop ${Math.round(busyP99)} ms)`]
  return [
    ...(of.survived ? [] : ['the process ends']),
    ...slow('`/livez`', of.latency.livez),
    ...slow('the dashboard', of.latency.dashboard),
    ...(of.peakMb >= RESIDENT_MB ? [`${Math.round(of.peakMb)} MB resident`] : []),
    ...(of.stillRunning > RUNNING
      ? [`${Math.round(of.stillRunning)} % of a processor 1 s after the caller left`]
      : []),
    ...(of.wrongAnswers > 0
      ? [
          `${of.wrongAnswers} honest answers wrong or none, such as ${of.wrong[0]?.slice(0, 150) ?? ''}`,
        ]
      : []),
  ]
}

/** What the results keep: a line for each request, with p99 and megabytes at most. */
const toFigures = ({ server, restShare, restarts, hostile, generated }: Siege): object => {
  const brief = ({ name, size, latency, peakMb, wrongAnswers }: Measured): readonly unknown[] => [
    name,
    Math.round(size * 1_000) / 1_000,
    Math.round(latency.livez.p99),
    Math.round(latency.livez.busyP99),
    Math.round(latency.dashboard.p99),
    Math.round(peakMb),
    wrongAnswers,
  ]
  return {
    server,
    restShare,
    restarts,
    columns: ['name', 'size', 'livez', 'loop', 'dashboard', 'mb', 'wrong'],
    hostile: hostile.map(brief),
    generated: generated.map(brief),
  }
}
