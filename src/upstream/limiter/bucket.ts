/**
 * Push's token bucket as it can be known from here, as pure functions.
 *
 * When a request reaches Push lies anywhere between its sending and its answer. So a request is deducted from
 * `level` only when its answer is in, and until then it is a lease; one more may be sent while
 * `level - leases >= 1`. Then Push's own bucket never runs over, whatever the way takes. Proof: call `known` the
 * level less the requests that have reached Push and are not answered yet. Push's level is never below `known`:
 * both are refilled alike (Push's is the fuller, so it is capped later), both lose one when a request reaches
 * Push, and an answer changes neither. When a request reaches Push it still counts among the leases but not yet
 * among those that arrived, so `known >= level - leases + 1`; that difference was at least 0 when the youngest
 * request was sent and only grows while none is sent. So Push has at least one token. It costs one latency per
 * burst (a full level is not refilled before the first answer) and leaves the steady rate as it is.
 */

/** What one key may spend: `rate` requests per second, refilling a bucket of `burst`. */
export interface BucketLimits {
  readonly rate: number
  readonly burst: number
}

/** A request on its way. One whose process died counts as arrived from `expiresAt` on. */
export interface Lease {
  readonly id: string
  readonly expiresAt: number
}

/** The whole of what is kept of a bucket. Times are milliseconds since 1970. */
export interface TokenBucket {
  readonly level: number
  /** The moment for which `level` holds. */
  readonly at: number
  /** When Push last answered 429, and the rate (requests per second) that was left after it. */
  readonly slowedAt: number
  readonly slowedTo: number
  /** Nothing is sent, and nothing refilled, before. */
  readonly pausedUntil: number
  readonly leases: readonly Lease[]
}

export type Taken =
  | { readonly granted: true }
  /** `waitMs` undefined: not before a request on its way is answered. */
  | { readonly granted: false; readonly waitMs: number | undefined }

// Two clocks differ by 500 parts in a million at most (what time servers correct by); this is twice that.
const CLOCK_DRIFT = 0.001
const SLOWEST_RATE = 1
const RECOVERY_MS = 15_000
/** The back-off is this at the full rate, and the longer the slower we have become. */
const BACK_OFF_MS = 250
/** How often the rate is halved at most. The last halvings lengthen the back-off alone: to 32 s. */
const HALVINGS = 7
const LONGEST_PAUSE_MS = 600_000

/** A bucket of which nothing is known: presumed full, as Push's is when a key has been idle for a second or two. */
export const fullBucket = (now: number, limits: BucketLimits): TokenBucket => ({
  level: limits.burst,
  at: now,
  slowedAt: 0,
  slowedTo: limits.rate,
  pausedUntil: 0,
  leases: [],
})

/** A bucket of which all that was known is lost: it holds nothing yet, and is not slowed down. */
export const emptyBucket = (now: number): TokenBucket => ({
  level: 0,
  at: now,
  slowedAt: 0,
  slowedTo: SLOWEST_RATE,
  pausedUntil: 0,
  leases: [],
})

/**
 * A bucket of which nothing is known while others may have requests on their way: it holds nothing, and nothing is sent
 * until a whole burst has come back, as many as there may be.
 */
export const unknownBucket = (now: number, limits: BucketLimits): TokenBucket => ({
  ...fullBucket(now, limits),
  level: 0,
  pausedUntil: now + (1000 * limits.burst) / limits.rate,
})

/**
 * The rate (requests per second) allowed at `now`, one a second at least. It grows back evenly, from nothing to all of
 * it in a quarter of a minute.
 */
export const rateAt = (bucket: TokenBucket, now: number, limits: BucketLimits): number =>
  Math.max(Math.min(SLOWEST_RATE, limits.rate), recoveredRate(bucket, now, limits))

const recoveredRate = (bucket: TokenBucket, now: number, limits: BucketLimits): number => {
  const recoveringMs = Math.max(0, now - Math.max(bucket.slowedAt, bucket.pausedUntil))
  return Math.min(limits.rate, bucket.slowedTo + (limits.rate * recoveringMs) / RECOVERY_MS)
}

/**
 * The bucket at `now`: refilled, and without the leases that have run out. A clock set back gives no tokens; one set
 * forward cannot be told from time that has passed, and may give a burst too early.
 */
export const refill = (stored: TokenBucket, now: number, limits: BucketLimits): TokenBucket => {
  const bucket = now < stored.at ? setBack(stored, now - stored.at) : stored
  const leases = bucket.leases.filter(lease => lease.expiresAt > now)
  const from = Math.max(bucket.at, Math.min(bucket.pausedUntil, now))
  // The rate at the start of the span is the lowest of it.
  const perMs = (rateAt(bucket, from, limits) * (1 - CLOCK_DRIFT)) / 1000
  const refilled = Math.min(limits.burst, bucket.level + (now - from) * perMs)
  return { ...bucket, level: refilled - (bucket.leases.length - leases.length), at: now, leases }
}

// Whatever was to last a while by the clock lasts no longer because the clock was set back.
const setBack = (bucket: TokenBucket, byMs: number): TokenBucket => ({
  level: bucket.level,
  at: bucket.at + byMs,
  slowedAt: bucket.slowedAt + byMs,
  slowedTo: bucket.slowedTo,
  pausedUntil: bucket.pausedUntil + byMs,
  leases: bucket.leases.map(lease => ({ id: lease.id, expiresAt: lease.expiresAt + byMs })),
})

/** Requests that could be sent at the moment for which the bucket stands. */
export const available = (bucket: TokenBucket): number =>
  bucket.pausedUntil > bucket.at ? 0 : Math.max(0, Math.floor(bucket.level - bucket.leases.length))

/**
 * Milliseconds until the `count`-th further request can be sent; undefined where it first needs answers to those
 * on their way, since no refill lifts the level above the burst.
 */
export const waitFor = (
  bucket: TokenBucket,
  count: number,
  limits: BucketLimits,
): number | undefined => {
  const needed = bucket.leases.length + count - bucket.level
  const pauseMs = Math.max(0, bucket.pausedUntil - bucket.at)
  if (needed <= 0) return pauseMs
  if (bucket.leases.length + 1 > limits.burst) return undefined
  const perMs = (rateAt(bucket, bucket.at, limits) * (1 - CLOCK_DRIFT)) / 1000
  return Math.ceil(pauseMs + needed / perMs)
}

/** Takes a token for `lease` where there is one. */
export const take = (
  bucket: TokenBucket,
  now: number,
  limits: BucketLimits,
  lease: Lease,
): readonly [TokenBucket, Taken] => {
  const present = refill(bucket, now, limits)
  if (available(present) < 1)
    return [present, { granted: false, waitMs: waitFor(present, 1, limits) }]
  return [{ ...present, leases: [...present.leases, lease] }, { granted: true }]
}

/** The lease's request has been answered, or cannot reach Push any more. Nothing where it ran out before. */
export const settle = (
  bucket: TokenBucket,
  now: number,
  limits: BucketLimits,
  id: string,
): TokenBucket => {
  const present = refill(bucket, now, limits)
  const leases = present.leases.filter(lease => lease.id !== id)
  return { ...present, level: present.level - (present.leases.length - leases.length), leases }
}

/** The lease's request was never sent: its token is free again. */
export const giveBack = (bucket: TokenBucket, id: string): TokenBucket => ({
  ...bucket,
  leases: bucket.leases.filter(lease => lease.id !== id),
})

/**
 * Push answered 429 to a request sent at `sentAt`: somebody else spends on the key. All tokens are forgotten and
 * nothing is sent for `retryAfterMs`, or for a back-off where Push named no time. The rate is halved, once for
 * all requests that were on their way together.
 */
export const slowDown = (
  bucket: TokenBucket,
  now: number,
  limits: BucketLimits,
  refusal: { readonly sentAt: number; readonly retryAfterMs?: number | undefined; random: number },
): TokenBucket => {
  const present = refill(bucket, now, limits)
  const together = refusal.sentAt <= present.slowedAt
  const slowedTo = together
    ? present.slowedTo
    : Math.max(limits.rate / 2 ** HALVINGS, recoveredRate(present, now, limits) / 2)
  const backOffMs = (BACK_OFF_MS * limits.rate) / slowedTo
  const named = refusal.retryAfterMs !== undefined
  const spread = 0.5 + refusal.random / 2
  // Push knows better than we how long it takes, but hardly that it takes next to no time.
  const pauseMs = named ? Math.max(refusal.retryAfterMs, BACK_OFF_MS * spread) : backOffMs * spread
  const pausedUntil = now + Math.min(LONGEST_PAUSE_MS, pauseMs)
  return {
    ...present,
    level: Math.min(present.level, 0),
    slowedAt: together ? present.slowedAt : now,
    slowedTo,
    pausedUntil:
      together && !named ? present.pausedUntil : Math.max(present.pausedUntil, pausedUntil),
  }
}

/** Push failed, and asked to be left alone for `ms`. Its limit is not what was wrong: tokens and rate stay. */
export const pauseSending = (
  bucket: TokenBucket,
  now: number,
  limits: BucketLimits,
  ms: number,
): TokenBucket => {
  const present = refill(bucket, now, limits)
  const pausedUntil = now + Math.min(LONGEST_PAUSE_MS, ms)
  return { ...present, pausedUntil: Math.max(present.pausedUntil, pausedUntil) }
}

/** What holds where two copies of one bucket went separate ways: the worse of both. */
export const mergeBuckets = (one: TokenBucket, other: TokenBucket): TokenBucket => {
  const ids = new Set(one.leases.map(lease => lease.id))
  return {
    // The lower level, without what it would have gained since it held.
    level: Math.min(one.level, other.level),
    at: Math.max(one.at, other.at),
    slowedAt: Math.max(one.slowedAt, other.slowedAt),
    slowedTo: Math.min(one.slowedTo, other.slowedTo),
    pausedUntil: Math.max(one.pausedUntil, other.pausedUntil),
    leases: [...one.leases, ...other.leases.filter(lease => !ids.has(lease.id))],
  }
}
