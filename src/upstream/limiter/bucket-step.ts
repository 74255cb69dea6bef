/** One step of a bucket that is at hand, as a pure function: what a keeper elsewhere does must come to the same. */
import { giveBack, refill, settle, take, type TokenBucket, waitFor } from './bucket.ts'
import { type BucketStep, type BucketVerdict, LEASE_MS } from './bucket-keeper.ts'

/** The bucket after what came back was counted at `now`, and as much as there is of what is wanted was taken. */
export const stepBucket = (
  stored: TokenBucket,
  now: number,
  { limits, settled, returned, wanted }: BucketStep,
): BucketVerdict => {
  let bucket = refill(stored, now, limits)
  for (const id of settled) bucket = settle(bucket, now, limits, id)
  for (const id of returned) bucket = giveBack(bucket, id)
  let granted = 0
  for (const id of wanted) {
    const [next, taken] = take(bucket, now, limits, { id, expiresAt: now + LEASE_MS })
    if (!taken.granted) break
    bucket = next
    granted += 1
  }
  return { bucket, granted, waitMs: waitFor(bucket, 1, limits) }
}
