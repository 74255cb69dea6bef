/** Judges requests as Push would: by the times at which they arrive, and by nothing of ours. */
import type { BucketLimits } from '../../../src/upstream/limiter/bucket.ts'

/**
 * By how many requests a bucket of `burst`, full at the first arrival and refilled at `rate` per second, is overrun at
 * worst; 0 or less where it never is. The n-th request after any other may arrive once n + 1 - burst tokens have been
 * refilled between the two.
 */
export const overruns = (arrivals: readonly number[], { rate, burst }: BucketLimits): number => {
  const sorted = arrivals.toSorted((one, other) => one - other)
  let worst = -burst
  for (const [first, from] of sorted.entries())
    for (let last = first; last < sorted.length; last += 1) {
      const refilled = ((sorted[last] as number) - from) * (rate / 1000)
      worst = Math.max(worst, last - first + 1 - burst - refilled)
    }
  return worst
}
