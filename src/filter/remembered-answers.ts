/** What tests of related rows came to, each reckoned once while the data stand still. */
import type { FilterScope } from './filter.ts'

/** Asks about a row, or an object within one. */
type Test = (row: unknown) => boolean

/**
 * The answers of all tests of one filter. A filter may have hundreds of tests of ten thousands of rows each: so rows are numbered
 * once for all tests, and each test keeps a byte for each, where a map of its own would take forty.
 */
export class RememberedAnswers {
  readonly #version: () => number
  readonly #numbers = new Map<FilterScope, RowNumbers>()

  /** `version`: changes whenever an answer may be another one. */
  constructor(version: () => number) {
    this.#version = version
  }

  /**
   * The same test of rows of that scope, which is asked but once about each. Without it, lists of related rows inside one
   * another would take time that grows with every level, as rows lead back to where they came from.
   */
  of(scope: FilterScope, test: Test, onFound: () => void): Test {
    let numbers = this.#numbers.get(scope)
    if (numbers === undefined) this.#numbers.set(scope, (numbers = new RowNumbers()))
    const { of } = numbers
    let answers = new Uint8Array(FEWEST)
    let version = NaN
    return row => {
      const current = this.#version()
      if (current !== version) answers = new Uint8Array(FEWEST)
      version = current
      const number = of(row, current)
      const known = answers[number] ?? UNKNOWN
      if (known !== UNKNOWN) return known === PASSES
      const passes = test(row)
      if (number >= answers.length) answers = grown(answers, number)
      answers[number] = passes ? PASSES : FAILS
      onFound()
      return passes
    }
  }
}

const [UNKNOWN, PASSES, FAILS] = [0, 1, 2]
const FEWEST = 64

const grown = (answers: Uint8Array<ArrayBuffer>, number: number): Uint8Array<ArrayBuffer> => {
  const larger = new Uint8Array(2 * (number + 1))
  larger.set(answers)
  return larger
}

/** Rows by the order in which they were met. */
class RowNumbers {
  readonly #numbers = new Map<unknown, number>()
  #version = NaN

  readonly of = (row: unknown, version: number): number => {
    // Rows that are there no more must not be held.
    if (version !== this.#version) this.#numbers.clear()
    this.#version = version
    let number = this.#numbers.get(row)
    if (number === undefined) this.#numbers.set(row, (number = this.#numbers.size))
    return number
  }
}
