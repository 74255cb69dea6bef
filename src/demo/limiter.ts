/** Push's limit on requests, judged when a request arrives: one bucket of tokens per key. */
import type { Switches } from './switches.ts'

type Limits = Pick<Switches, 'limiter' | 'rate' | 'burst' | 'burstMeans' | 'otherSpender'>

export interface Limiter {
  /** Takes a token of this key's bucket; false, and nothing taken, where there is none. */
  readonly take: (key: string) => boolean
  /** Milliseconds until this key's bucket holds a token again; infinite where somebody else takes them all. */
  readonly waitMs: (key: string) => number
  /** Fills all buckets. */
  readonly reset: () => void
}

interface Bucket {
  tokens: number
  settledAt: number
}

// Tokens trickle in as fractions; ten tenths must make one.
const ROUNDING = 1e-9

/** `limits` is read at every request; `now` gives milliseconds. */
export const createLimiter = (limits: () => Limits, now: () => number): Limiter => {
  const buckets = new Map<string, Bucket>()

  const settle = (key: string): Bucket => {
    const { rate, burst, burstMeans, otherSpender } = limits()
    const capacity = burstMeans === 'added' ? rate + burst : burst
    const time = now()
    const bucket = buckets.get(key) ?? { tokens: capacity, settledAt: time }
    const seconds = Math.max(0, time - bucket.settledAt) / 1000
    const tokens = bucket.tokens + seconds * (rate - otherSpender)
    bucket.tokens = Math.min(capacity, Math.max(0, tokens))
    bucket.settledAt = time
    buckets.set(key, bucket)
    return bucket
  }

  return {
    take: key => {
      if (!limits().limiter) return true
      const bucket = settle(key)
      if (bucket.tokens < 1 - ROUNDING) return false
      bucket.tokens = Math.max(0, bucket.tokens - 1)
      return true
    },
    waitMs: key => {
      const { rate, otherSpender } = limits()
      const missing = Math.max(0, 1 - settle(key).tokens)
      return missing === 0 ? 0 : (missing / Math.max(0, rate - otherSpender)) * 1000
    },
    reset: () => {
      buckets.clear()
    },
  }
}
