/** What subscribers heard, beside what was sent. */

/** An event as it reached a subscriber, so many milliseconds after it was sent. */
export interface Heard {
  readonly id: string
  readonly lagMs: number
}

/** What a subscriber heard, in its order, and how often it went on at another replica. */
export interface Following {
  readonly heard: readonly Heard[]
  readonly moves: number
}

export interface Judged {
  /** Events that did not reach some subscriber, counted for each. */
  readonly missing: number
  /** Events that came again to the same subscriber. */
  readonly twice: number
  /** Whether all heard them one after another in the same order. */
  readonly oneOrder: boolean
  /** Until the last subscriber had it: of the middle event, of all but one in a hundred, and of the latest. */
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

/** `sent`: how many events there were. */
export const judge = (sent: number, all: readonly (readonly Heard[])[]): Judged => {
  const orders = all.map(heard => [...new Set(heard.map(({ id }) => id))])
  const latest = new Map<string, number>()
  for (const { id, lagMs } of all.flat())
    latest.set(id, Math.max(lagMs, latest.get(id) ?? -Infinity))
  const lags = [...latest.values()].sort((a, b) => a - b)
  const at = (share: number): number =>
    lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? NaN
  return {
    missing: orders.reduce((sum, ids) => sum + (sent - ids.length), 0),
    twice: all.reduce((sum, heard, nth) => sum + heard.length - (orders[nth]?.length ?? 0), 0),
    oneOrder: new Set(orders.map(ids => ids.join('\n'))).size <= 1,
    p50: at(0.5),
    p99: at(0.99),
    worst: at(1),
  }
}
