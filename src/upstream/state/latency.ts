/** How long Push usually takes, and how long to wait for it therefore. */
import type { Measures } from './sizes.ts'

export interface Latency {
  /** The decaying average in milliseconds from sending to the whole answer; a presumption before the first one. */
  averageMs(): number
  /** Four times the average, at least 2 seconds; 10 seconds before the first answer. */
  timeoutMs(): number
  /** One more answer. A timeout counts with the time waited, so that a slower Push is given more of it. */
  record(ms: number): void
}

const PRESUMED_MS = 250
const SHORTEST_TIMEOUT_MS = 2000
const UNKNOWN_TIMEOUT_MS = 10_000
/** The part of the newest answer in the average. */
const WEIGHT = 0.2
/** A change of the average that is worth writing down. */
const NOTABLE = 0.1

/** The latency kept in `measures` under the name `latencyMs`. */
export const createLatency = (measures: Measures): Latency => {
  let kept = measures.get('latencyMs')?.value
  let average = kept

  return {
    averageMs: () => average ?? PRESUMED_MS,
    timeoutMs: () =>
      average === undefined
        ? UNKNOWN_TIMEOUT_MS
        : Math.round(Math.max(SHORTEST_TIMEOUT_MS, 4 * average)),
    record: ms => {
      average = average === undefined ? ms : average + WEIGHT * (ms - average)
      if (kept !== undefined && Math.abs(average - kept) <= NOTABLE * kept) return
      kept = average
      measures.set('latencyMs', average)
    },
  }
}
