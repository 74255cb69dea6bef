/** Push's limit as strictly as it can be: a bucket for each key, judged at the moment at which a request arrives. */

export interface KeyCounts {
  /** Requests that arrived, those over the limit among them. */
  readonly arrived: number
  readonly overLimit: number
  /** The lowest level of the bucket after a request took from it. */
  readonly lowest: number
}

export interface StrictBuckets {
  /** Whether the key had a token for the request that arrives now (milliseconds); it takes it. */
  readonly arrive: (key: string, now: number) => boolean
  /** Of each key, since the start or the last reset; the lowest level is the burst where nothing arrived. */
  readonly counts: () => Readonly<Record<string, KeyCounts>>
  /** Counts anew. The levels stay. */
  readonly reset: () => void
}

interface Bucket {
  level: number
  at: number
  arrived: number
  overLimit: number
  lowest: number
}

// Tokens trickle in as fractions; ten tenths must make one.
const ROUNDING = 1e-9

/** Full buckets that gain `rate` tokens a second and hold `burst`. */
export const createStrictBuckets = (
  keys: readonly string[],
  { rate, burst }: { readonly rate: number; readonly burst: number },
): StrictBuckets => {
  const blank = { arrived: 0, overLimit: 0, lowest: burst }
  const buckets = new Map<string, Bucket>(
    keys.map(key => [key, { level: burst, at: -Infinity, ...blank }]),
  )
  return {
    arrive: (key, now) => {
      const bucket = buckets.get(key)
      if (bucket === undefined) throw new Error('Nobody has such a key')
      bucket.level = Math.min(burst, bucket.level + ((now - bucket.at) * rate) / 1_000)
      bucket.at = now
      bucket.arrived += 1
      const isThere = bucket.level >= 1 - ROUNDING
      if (isThere) bucket.level -= 1
      else bucket.overLimit += 1
      bucket.lowest = Math.min(bucket.lowest, bucket.level)
      return isThere
    },
    counts: () =>
      Object.fromEntries(
        [...buckets].map(([key, { arrived, overLimit, lowest }]) => [
          key,
          { arrived, overLimit, lowest },
        ]),
      ),
    reset: () => {
      for (const bucket of buckets.values()) Object.assign(bucket, blank)
    },
  }
}
