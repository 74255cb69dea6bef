/** What is told of an answer, and of one that is under way, in a line. */

/** How far the server says that it is. */
export interface ToldProgress {
  readonly requests: number
  readonly expectedRequests: number
  readonly expectedMs: number
  readonly reading: readonly {
    readonly collection: string
    readonly requests: number
    readonly expectedRequests: number
  }[]
  readonly connectors: readonly {
    readonly alias: string
    readonly status: string
    readonly reason: string | null
    readonly queued: number
    readonly estimatedWaitMs: number
  }[]
}

interface ToldAnswer {
  readonly data?: unknown
  readonly errors?: readonly unknown[]
  readonly extensions?: {
    readonly pushgraph?: {
      readonly requests: number
      readonly rowsReturned: number
      readonly complete: boolean
      readonly asOf: string | null
    }
  }
}

/** What became of a question; moments in milliseconds. */
export interface TabRun {
  readonly phase: 'asking' | 'again' | 'streaming' | 'done' | 'failed' | 'stopped'
  readonly startedAt: number
  readonly endedAt?: number
  readonly attempts: number
  /** When the same is asked again. */
  readonly againAt?: number
  readonly progress?: ToldProgress
  readonly answer?: ToldAnswer
}

/** `now`: as the moments of the run. */
export const lineOf = (run: TabRun | undefined, now: number): string => {
  if (run === undefined) return 'Nothing was asked yet.'
  const seconds = Math.floor((now - run.startedAt) / 1_000)
  switch (run.phase) {
    case 'asking':
      return joined([`${seconds} s`, asked(run), ...progressOf(run.progress, seconds)])
    case 'again':
      return `Not whole yet: asks again in ${secondsUntil(run.againAt, now)} s (asked ${times(run.attempts)} so far).`
    case 'streaming':
      return `Listens: ${count(receivedOf(run.answer), 'event')} so far, the last 100 are kept.`
    case 'stopped':
      return run.answer === undefined ? 'Stopped.' : joined(['Stopped', ...toldOf(run)])
    case 'failed':
      return 'It failed.'
    case 'done':
      return joined(toldOf(run))
    default:
      return run.phase satisfies never
  }
}

const toldOf = ({ answer, startedAt, endedAt = startedAt }: TabRun): (string | undefined)[] => {
  const cost = answer?.extensions?.pushgraph
  const took = `${((endedAt - startedAt) / 1_000).toFixed(2)} s`
  const errors = answer?.errors?.length ?? 0
  return [
    errors === 0 ? undefined : count(errors, 'error'),
    cost?.complete === false ? 'not whole' : undefined,
    cost && count(cost.rowsReturned, 'row'),
    cost && `${count(cost.requests, 'request')} to Push`,
    took,
    cost?.asOf ? `as of ${clockOf(cost.asOf)}` : undefined,
  ]
}

/** Where the server knows how far it is: how many requests, how much longer, and what it waits for. */
const progressOf = (
  progress: ToldProgress | undefined,
  seconds: number,
): (string | undefined)[] => {
  if (progress === undefined) return [seconds < 2 ? undefined : 'waits for the server']
  const { requests, expectedRequests, expectedMs } = progress
  const left = Math.ceil(expectedMs / 1_000 - seconds)
  return [
    expectedRequests > requests
      ? `${requests} of about ${count(expectedRequests, 'request')} to Push`
      : `${count(requests, 'request')} to Push`,
    left > 0 ? `about ${left} s left` : undefined,
    whatItWaitsFor(progress),
  ]
}

/** What keeps an answer from going on. */
const whatItWaitsFor = (progress: ToldProgress): string => {
  const { connectors, reading, requests, expectedRequests } = progress
  const failing = connectors.find(({ status, reason }) => status !== 'OK' && reason !== null)
  if (failing !== undefined) return `${failing.alias}: ${failing.reason}`
  const [slowest] = connectors.toSorted((a, b) => b.estimatedWaitMs - a.estimatedWaitMs)
  if (slowest !== undefined && slowest.queued > 0)
    return `waits for its turn: ${slowest.queued} queued at Push's limit, ${(slowest.estimatedWaitMs / 1_000).toFixed(1)} s`
  const next = reading.find(each => each.requests < each.expectedRequests)
  if (next !== undefined && requests < expectedRequests) return `reads ${next.collection}`
  return 'waits for Push, or works out the answer'
}

const receivedOf = (answer: ToldAnswer | undefined): number =>
  (answer?.data as { readonly received?: number } | undefined)?.received ?? 0

const asked = ({ attempts }: TabRun): string | undefined =>
  attempts > 1 ? `asked ${times(attempts)}` : undefined

const times = (attempts: number): string => (attempts === 1 ? 'once' : `${attempts} times`)

const secondsUntil = (moment: number | undefined, now: number): number =>
  Math.max(0, Math.ceil(((moment ?? now) - now) / 1_000))

const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined).join(' · ')

export const count = (number: number, word: string): string =>
  `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`

/** The time of day in the reader's own zone, with the day where that is not today. */
export const clockOf = (iso: string): string => {
  const moment = new Date(iso)
  const isToday = moment.toDateString() === new Date().toDateString()
  return isToday ? moment.toLocaleTimeString('en-GB') : moment.toLocaleString('en-GB')
}
