/** What a hostile request does to the others, measured while it is asked and after its caller has left. */
import { setTimeout as pause } from 'node:timers/promises'
import type { HostileRequest, Reply } from './attack.ts'
import type { HostileCaller } from './caller.ts'
import type { HonestCallers, HonestQuestion, Sample } from './honest.ts'
import { isAlive, takePeakMb } from './watched.ts'

/** A server with what stands around it. */
export interface Besieged {
  readonly url: string
  readonly pid: number
  readonly cpuMs: () => number
  readonly hostile: HostileCaller
  readonly honest: HonestCallers
}

export interface Latency {
  readonly count: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly worst: number
  /** Processor time that the event loop took for whomever while an answer was waited for: of 99 in 100, and at most. */
  readonly busyP99: number
  readonly busyWorst: number
}

export interface Beside {
  readonly name: string
  /** What became of the request as the caller would like it, and of the smaller one that was let through. */
  readonly asSent: string
  readonly letThrough: string
  /** How much smaller it was made, 1 where not at all; 0 where even the smallest was refused. */
  readonly size: number
  readonly latency: Readonly<Record<HonestQuestion['of'], Latency>>
  readonly honestAnswers: number
  /** What was wrong with answers of honest callers, a few. */
  readonly wrong: readonly string[]
  readonly wrongAnswers: number
  /** Resident at most. */
  readonly peakMb: number
  readonly survived: boolean
}

export interface Hold {
  /** How long the hostile caller stays. */
  readonly holdMs: number
  /** For how long honest callers go on after it has left. */
  readonly afterMs: number
  /** How long they wait for answers after that. */
  readonly answersWithinMs: number
}

/** How often a request that is refused is made smaller. */
const TRIES = 5

/** Asks one hostile request beside the honest callers. */
export const measureBeside = async (
  { url, pid, hostile, honest }: Besieged,
  { name, make }: HostileRequest,
  { holdMs, afterMs, answersWithinMs }: Hold,
): Promise<Beside> => {
  if (isAlive(pid)) takePeakMb(pid)
  honest.resume()
  const until = performance.now() + holdMs
  const toEnd = (): Promise<undefined> => pause(Math.max(0, until - performance.now()), undefined)
  let size = 1
  let asSent: string | undefined
  let outcome: string
  for (let attempt = 1; ; attempt++) {
    const reply = await Promise.race([hostile.begin(url, make(size)), toEnd()])
    outcome = reply === undefined ? 'no answer until it left' : toOutcome(reply)
    asSent ??= outcome
    const smaller = reply === undefined ? undefined : shrinkBy(reply)
    if (smaller === undefined || attempt === TRIES) {
      if (smaller !== undefined) size = 0
      await toEnd()
      break
    }
    await hostile.leave()
    size *= smaller
  }
  await hostile.leave()
  await pause(afterMs)
  honest.pause()
  const samples = await honest.take(answersWithinMs)
  const survived = isAlive(pid)
  const wrong = samples.flatMap(sample => sample.wrong ?? [])
  return {
    name,
    asSent: asSent ?? '',
    letThrough: outcome,
    size,
    latency: {
      livez: latencyOf(samples, 'livez'),
      dashboard: latencyOf(samples, 'dashboard'),
      events: latencyOf(samples, 'events'),
      delivery: latencyOf(samples, 'delivery'),
    },
    honestAnswers: samples.length,
    wrong: wrong.slice(0, 3),
    wrongAnswers: wrong.length,
    peakMb: survived ? takePeakMb(pid) : NaN,
    survived,
  }
}

/** The share of one processor that the server takes while nobody asks, in percent. */
export const shareWhileNobodyAsks = async (
  { pid, cpuMs }: Pick<Besieged, 'pid' | 'cpuMs'>,
  windowMs: number,
): Promise<number> => {
  if (!isAlive(pid)) return 0
  const before = cpuMs()
  const from = performance.now()
  await pause(windowMs)
  return isAlive(pid) ? (100 * (cpuMs() - before)) / (performance.now() - from) : 0
}

/** The refusal in a word or two, or how long the answer is and took. */
const toOutcome = ({ status, bytes, ms, head }: Reply): string => {
  const code = /"code":"(\w+)"/.exec(head)?.[1] ?? 'refused'
  const limit = /"limit":"(\w+)"/.exec(head)?.[1]
  if (limit !== undefined) return `${code} (${limit})`
  if (head.includes('"errors":')) {
    const message = /"message":"(?:Syntax Error: )?([^"\\]{0,60})/.exec(head)?.[1] ?? ''
    return `${code}: ${message}`
  }
  if (status >= 400) return `status ${status}`
  return `${(bytes / 1e6).toFixed(1)} MB in ${Math.round(ms)} ms`
}

/** By what to make a refused request smaller; undefined where it was let through. */
const shrinkBy = ({ status, head }: Reply): number | undefined => {
  const isRefused = status >= 400 || (head.includes('"errors":') && !/"data":\{/.test(head))
  if (!isRefused) return undefined
  const told = (pattern: RegExp): number => Number(pattern.exec(head)?.[1] ?? NaN)
  // As Pushgraph says it, and as graphql-armor does.
  const max = told(/"max":(\d+)/) || told(/limit of (\d+) exceeded/)
  const value = told(/"value":(\d+)/) || told(/exceeded, found (\d+)/)
  // A little below the limit, as it says itself; where it does not say, much less.
  return value > max ? Math.max(0.001, (0.95 * max) / value) : 0.2
}

/** Figures of the answers to one kind of question. */
export const latencyOf = (samples: readonly Sample[], of: HonestQuestion['of']): Latency => {
  const own = samples.filter(sample => sample.of === of)
  const waited = toSorted(own.map(({ ms }) => ms))
  const busy = toSorted(own.map(({ busyMs }) => busyMs))
  return {
    count: own.length,
    p50: at(waited, 0.5),
    p99: at(waited, 0.99),
    worst: at(waited, 1),
    busyP99: at(busy, 0.99),
    busyWorst: at(busy, 1),
  }
}

const toSorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

/** The value below which that share of them is; NaN where there is none. */
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
