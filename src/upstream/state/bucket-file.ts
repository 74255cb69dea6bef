/** The bucket of one key in the state file, and how it goes on in memory while that cannot be used. */
import type { Clock } from '../../model/clock.ts'
import {
  type BucketLimits,
  fullBucket,
  type Lease,
  mergeBuckets,
  pauseSending,
  refill,
  slowDown,
  type TokenBucket,
} from '../limiter/bucket.ts'
import type {
  BucketKeeper,
  BucketStep,
  BucketVerdict,
  PushRefusal,
} from '../limiter/bucket-keeper.ts'
import { stepBucket } from '../limiter/bucket-step.ts'
import type { DurableWrites, StoredRow } from './durable-writes.ts'
import { createShortCache } from './short-cache.ts'

/** It answers at once. */
export interface BucketFile extends BucketKeeper {
  step(step: BucketStep): BucketVerdict
  slow(limits: BucketLimits, refusal: PushRefusal): TokenBucket
  pause(limits: BucketLimits, ms: number): TokenBucket
}

/** `first`: the bucket where none is kept yet; undefined where nothing speaks against a full one. */
export const createBucketFile = (
  writes: DurableWrites,
  clock: Clock,
  id: string,
  first: TokenBucket | undefined,
): BucketFile => {
  const select = 'SELECT * FROM bucket WHERE id = ?'
  const replace = 'INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?, ?, ?, ?)'
  const stored = (): TokenBucket | undefined => readBucket(writes.get(`bucket ${id}`, select, id))
  let last = stored()
  /** The bucket as it goes on in memory while the file cannot be used. */
  let detached: TokenBucket | undefined
  const cached = createShortCache(clock, () => stored() ?? last ?? first)

  /** Puts `change`'s bucket in place of the present one. It may run twice, and no other change comes between. */
  const update = <Verdict>(
    limits: BucketLimits,
    change: (bucket: TokenBucket, now: number) => readonly [TokenBucket, Verdict],
  ): Verdict => {
    cached.forget()
    const changed = (present: TokenBucket | undefined): readonly [TokenBucket, Verdict] => {
      const now = clock.now()
      return change(present ?? fullBucket(now, limits), now)
    }
    const written = writes.transaction(() => {
      // Not by `stored`, which takes a failure to read for nothing kept.
      const kept = readBucket(writes.prepare(select).get(id))
      const present = kept && detached ? mergeBuckets(kept, detached) : (kept ?? detached ?? first)
      const [bucket, verdict] = changed(present)
      writes.prepare(replace).run(id, ...columns(bucket))
      return { bucket, verdict }
    })
    if (written !== undefined) {
      last = written.result.bucket
      detached = undefined
      return written.result.verdict
    }
    const [bucket, verdict] = changed(detached ?? last ?? first)
    detached = bucket
    return verdict
  }

  const asOfNow = (kept: TokenBucket | undefined, limits: BucketLimits): TokenBucket => {
    const now = clock.now()
    return refill(kept ?? fullBucket(now, limits), now, limits)
  }

  return {
    step: step =>
      update(step.limits, (present, now) => {
        const verdict = stepBucket(present, now, step)
        return [verdict.bucket, verdict]
      }),
    slow: (limits, { sentAgoMs, retryAfterMs }) => {
      const random = clock.random()
      return update(limits, (present, now) => {
        const bucket = slowDown(present, now, limits, {
          sentAt: now - sentAgoMs,
          retryAfterMs,
          random,
        })
        return [bucket, bucket]
      })
    },
    pause: (limits, ms) =>
      update(limits, (present, now) => {
        const bucket = pauseSending(present, now, limits, ms)
        return [bucket, bucket]
      }),
    peek: limits => asOfNow(detached ?? stored() ?? last ?? first, limits),
    glance: limits => asOfNow(detached ?? cached.get(), limits),
  }
}

const columns = (bucket: TokenBucket): [number, number, number, number, number, string] => [
  bucket.level,
  bucket.at,
  bucket.slowedAt,
  bucket.slowedTo,
  bucket.pausedUntil,
  JSON.stringify(bucket.leases),
]

const readBucket = (row: StoredRow | undefined): TokenBucket | undefined =>
  row && {
    level: Number(row['level']),
    at: Number(row['at']),
    slowedAt: Number(row['slowed_at']),
    slowedTo: Number(row['slowed_to']),
    pausedUntil: Number(row['paused_until']),
    leases: JSON.parse(String(row['leases'])) as Lease[],
  }
