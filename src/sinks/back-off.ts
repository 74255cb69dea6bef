/** How long a sink waits after a failure. Chance is an argument: receivers that come back are not asked by all at once. */

const FIRST_MS = 500
const LONGEST_MS = 60_000
/** A receiver may ask for more patience, but not for ever. */
const LONGEST_ASKED_MS = 300_000

/**
 * Milliseconds until the next try after so many failures in a row, the first of which is 1; `random` in [0, 1).
 * `askedMs`: what the receiver asked for, which is waited for at least.
 */
export const backOffMs = (failures: number, random: number, askedMs?: number): number => {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  const own = most / 2 + (random * most) / 2
  if (askedMs === undefined) return own
  return Math.min(LONGEST_ASKED_MS, Math.max(0, askedMs)) + own / 2
}
