/** Chance that comes out the same for the same seed, whoever asks: tests and benches repeat what they found. */
export interface Chance {
  /** A whole number below that. */
  below(count: number): number
  /** Whether something happens that does so one time in that many. */
  oneIn(count: number): boolean
  pick<T>(of: readonly T[]): T
  /** As many as that at most, often few. */
  few(most: number): number
}

/** @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c, mulberry32 */
export const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    below,
    oneIn: count => below(count) === 0,
    pick: of => {
      if (of.length === 0) throw new Error('There is nothing to pick from')
      return of[below(of.length)] as (typeof of)[number]
    },
    few: most => Math.floor(next() ** 3 * (most + 1)),
  }
}
