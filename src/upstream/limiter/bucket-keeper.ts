/**
 * Where a bucket is kept that several processes share: changes are made one after another. A keeper that has it at hand
 * answers at once; one that must ask for it answers later.
 */
import { UpstreamUnavailableError } from '../../errors.ts'
import type { MaybePromise } from './maybe-promise.ts'
import type { BucketLimits, TokenBucket } from './bucket.ts'

/** One exchange about a bucket: what came back, and what is wanted. Requests go by their names. */
export interface BucketStep {
  /** What was gained until now was gained under these. */
  readonly limits: BucketLimits
  /** Answered, or certain not to reach Push any more. */
  readonly settled: readonly string[]
  /** Never sent. */
  readonly returned: readonly string[]
  /** To be sent, the most urgent first. */
  readonly wanted: readonly string[]
  /** For so many of the first of them somebody waits. */
  readonly urgent: number
}

export interface BucketVerdict {
  /** As the step left it. Its times are those of the keeper's clock. */
  readonly bucket: TokenBucket
  /** So many of the first that were wanted may be sent now. */
  readonly granted: number
  /** Milliseconds until the next may be; undefined: not before a request on its way is answered. */
  readonly waitMs: number | undefined
}

/** A 429 of Push. */
export interface PushRefusal {
  /** How long ago the refused request was sent (milliseconds). */
  readonly sentAgoMs: number
  readonly retryAfterMs: number | undefined
}

export interface BucketKeeper {
  /** @throws {BucketUnreachable} where it is not certain that it was done: then whatever it was about comes again with the next */
  step(step: BucketStep): MaybePromise<BucketVerdict>
  /** Somebody else spends on the key. What was left of the bucket. @throws {BucketUnreachable} as above */
  slow(limits: BucketLimits, refusal: PushRefusal): MaybePromise<TokenBucket>
  /** Push asked to be left alone so long (milliseconds). @throws {BucketUnreachable} as above */
  pause(limits: BucketLimits, ms: number): MaybePromise<TokenBucket>
  /** The bucket as it is now, as far as that is known here. */
  peek(limits: BucketLimits): TokenBucket
  /** The same, but what another process did may be missing for a second: for whoever only has a look. */
  glance(limits: BucketLimits): TokenBucket
}

/** Longer than any request is on its way to Push: when a lease of a dead process counts as arrived. */
export const LEASE_MS = 12_000

/** Nobody knows what is left of Push's limit, since whoever keeps that cannot be reached. Nothing was sent. */
export class BucketUnreachable extends UpstreamUnavailableError {
  constructor(retryAfterMs: number, cause?: unknown) {
    super(
      'The database that this server shares with others cannot be used, so that nobody knows how many requests Push ' +
        'still takes: none is sent meanwhile.',
      undefined,
      cause,
      retryAfterMs,
    )
  }
}
