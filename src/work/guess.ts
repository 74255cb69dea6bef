/** Steps of many rows look at the time about once in so many nanoseconds. */
const LOOK_NS = 250_000
/** The most and the least that they guess until then: guesses may be wrong by far. */
const [FEWEST_NS, MOST_NS] = [100, 2_000_000]
/** The same before anything is known of them. */
const FIRST_NS = 2_000

/** How long steps take that are too short for a look at the time, as far as their guesses have been right so far. */
export class Guess {
  #unseenNs = 0
  /** The guessed time after which the real one is looked at. */
  #lookNs = 0

  /** About so much more. Whether it is time to look. */
  add(nanoseconds: number): boolean {
    this.#unseenNs += nanoseconds
    return this.#unseenNs >= this.#lookNs
  }

  /** So many milliseconds it was: how far guesses are off. */
  learn(ms: number): void {
    const guessed = this.#unseenNs
    this.#unseenNs = 0
    const next = ms > 0 && guessed > 0 ? (guessed * LOOK_NS) / (ms * 1_000_000) : FIRST_NS
    this.#lookNs = Math.min(MOST_NS, Math.max(FEWEST_NS, next))
  }
}
