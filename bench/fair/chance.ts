/** Dice that fall the same way at each run. */

export interface Chance {
  /** One of these. */
  readonly of: <T>(values: readonly T[]) => T
  /** A whole number from 0, less than that. */
  readonly below: (most: number) => number
}

/** What comes out is the same for the same seed. @see https://en.wikipedia.org/wiki/Xorshift */
export const createChance = (seed: number): Chance => {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  const next = (): number => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
  // The first numbers of neighbouring seeds are alike.
  next()
  next()
  const below = (most: number): number => Math.floor(next() * most)
  return {
    below,
    of: <T>(values: readonly T[]): T => {
      const value = values[below(values.length)]
      if (value === undefined) throw new Error('There is nothing to choose from')
      return value
    },
  }
}
