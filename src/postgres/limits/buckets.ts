/** The bucket of each key in the database, which all replicas share. Nothing is granted where that cannot be asked. */
import type { Clock } from '../../model/clock.ts'
import {
  type BucketLimits,
  fullBucket,
  refill,
  type TokenBucket,
} from '../../upstream/limiter/bucket.ts'
import type { BucketKeeper, BucketVerdict } from '../../upstream/limiter/bucket-keeper.ts'
import { onePer } from '../../upstream/state/sizes.ts'
import type { BucketRow } from './bucket-row.ts'
import { createStepBatches } from './step-batches.ts'
import type { Stepper } from './stepper.ts'

export interface SharedBuckets {
  keeper(id: string): BucketKeeper
  /** Takes what was read of buckets for what they are like, unless more is known of them by now. */
  know(rows: readonly BucketRow[]): void
  close(): void
}

export interface SharedBucketsOptions {
  readonly stepper: Pick<Stepper, 'ask'>
  /** What this replica is called. */
  readonly replica: string
  /** The database's time. */
  readonly clock: Clock
}

export const createSharedBuckets = ({
  stepper,
  replica,
  clock,
}: SharedBucketsOptions): SharedBuckets => {
  const known = new Map<string, TokenBucket>()
  const steps = createStepBatches({ stepper, replica, clock })
  let isClosed = false

  const keeper = (id: string): BucketKeeper => {
    const asOfNow = (limits: BucketLimits): TokenBucket => {
      const now = clock.now()
      return refill(known.get(id) ?? fullBucket(now, limits), now, limits)
    }
    const took = (row: BucketRow): TokenBucket => {
      const bucket = bucketOf(row)
      known.set(id, bucket)
      return bucket
    }
    const ask = async (sql: string, values: readonly unknown[]): Promise<TokenBucket> => {
      const [row] = await stepper.ask<BucketRow>(sql, values)
      if (row === undefined) throw new Error('The database told nothing of a bucket')
      return took(row)
    }

    return {
      step: step => {
        if (isClosed) return nothingMore(asOfNow(step.limits))
        return steps.ask(id, step).then(row => ({
          bucket: took(row),
          granted: row.granted,
          waitMs: row.wait_ms ?? undefined,
        }))
      },
      slow: async (limits, { sentAgoMs, retryAfterMs }) => {
        if (isClosed) return asOfNow(limits)
        const values = [sentAgoMs, retryAfterMs ?? null, clock.random()]
        return ask(SLOW, [id, limits.rate, limits.burst, ...values])
      },
      pause: async (limits, ms) =>
        isClosed ? asOfNow(limits) : ask(PAUSE, [id, limits.rate, limits.burst, ms]),
      peek: asOfNow,
      glance: asOfNow,
    }
  }

  return {
    keeper: onePer(keeper),
    know: rows => {
      for (const row of rows) {
        const before = known.get(row.id)
        if (before === undefined || before.at < row.at) known.set(row.id, bucketOf(row))
      }
    },
    close: () => {
      isClosed = true
    },
  }
}

const SLOW = 'SELECT * FROM bucket_slow($1, $2, $3, $4, $5, $6)'
const PAUSE = 'SELECT * FROM bucket_pause($1, $2, $3, $4)'

/** Late news after the end: what was not told runs out by itself. */
const nothingMore = (bucket: TokenBucket): BucketVerdict => ({
  bucket,
  granted: 0,
  waitMs: undefined,
})

const bucketOf = (row: BucketRow): TokenBucket => ({
  level: row.level,
  at: row.at,
  slowedAt: row.slowed_at,
  slowedTo: row.slowed_to,
  pausedUntil: row.paused_until,
  leases: row.lease_ids.map((id, at) => ({ id, expiresAt: row.lease_ends[at] ?? 0 })),
})
