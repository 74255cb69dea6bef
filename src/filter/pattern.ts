import type { Letters } from './letters.ts'

const ANY_RUN = 0x2a // *
const ANY_ONE = 0x3f // ?

/**
 * Whether a whole text fits a pattern of `*` (any run of characters) and `?` (one code point), both already in the
 * compared form.
 *
 * All ways to fit are followed at once, as a set of bits: bit n says that the first n characters of the pattern,
 * not counting `*`, fit what was read so far. Every character of a text costs the same, whatever the pattern, so that
 * none can make it try again and again.
 */
export const createPattern = (pattern: string, letters: Letters): ((text: string) => boolean) => {
  const { length, words, stays, steps, otherwise } = prepare(pattern)
  const asciiSteps = Array.from(letters.ascii, unit => steps.get(unit) ?? otherwise)
  const reached = new Int32Array(words)
  const goal = length >>> 5
  const goalBit = 1 << (length & 31)

  const step = (next: Int32Array): void => {
    let carry = 0
    for (let word = 0; word < words; word++) {
      const now = reached[word] ?? 0
      const moved = ((now << 1) | carry) & (next[word] ?? 0)
      reached[word] = moved | (now & (stays[word] ?? 0))
      carry = now >>> 31
    }
  }
  const begin = (): void => {
    reached.fill(0)
    reached[0] = 1
  }
  const fits = (): boolean => ((reached[goal] ?? 0) & goalBit) !== 0

  const fitsWhole = (text: string): boolean => {
    begin()
    for (const letter of text) step(steps.get(letter.codePointAt(0) ?? 0) ?? otherwise)
    return fits()
  }
  return text => {
    begin()
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) return fitsWhole(letters.of(text))
      step(asciiSteps[unit] ?? otherwise)
    }
    return fits()
  }
}

interface Prepared {
  /** Characters of the pattern without `*`. */
  readonly length: number
  readonly words: number
  /** The bits that stay set whatever is read: after them a `*` stands. */
  readonly stays: Int32Array
  /** For each code point of the pattern, the bits that reading it may set. */
  readonly steps: ReadonlyMap<number, Int32Array>
  /** The same for every other code point: what `?` allows. */
  readonly otherwise: Int32Array
}

const prepare = (pattern: string): Prepared => {
  const points = Array.from(pattern, letter => letter.codePointAt(0) ?? 0)
  const length = points.filter(point => point !== ANY_RUN).length
  const words = (length >>> 5) + 1
  const stays = new Int32Array(words)
  const otherwise = new Int32Array(words)
  let position = 0
  for (const point of points) {
    if (point === ANY_RUN) setBit(stays, position)
    else position += 1
    if (point === ANY_ONE) setBit(otherwise, position)
  }

  const steps = new Map<number, Int32Array>()
  position = 0
  for (const point of points) {
    if (point === ANY_RUN) continue
    position += 1
    if (point === ANY_ONE) continue
    const bits = steps.get(point) ?? Int32Array.from(otherwise)
    setBit(bits, position)
    steps.set(point, bits)
  }
  return { length, words, stays, steps, otherwise }
}

const setBit = (bits: Int32Array, position: number): void => {
  bits[position >>> 5] = (bits[position >>> 5] ?? 0) | (1 << (position & 31))
}
