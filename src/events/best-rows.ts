/** The first so many of what is met in any order, kept in order; the same thing met twice is kept once. */
export class BestRows<Row> {
  readonly rows: Row[] = []
  readonly #most: number
  readonly #compare: (a: Row, b: Row) => number

  /** `compare` is 0 for the same thing alone. */
  constructor(most: number, compare: (a: Row, b: Row) => number) {
    this.#most = most
    this.#compare = compare
  }

  /** The last one, once as many as are wanted were met. */
  get last(): Row | undefined {
    return this.rows.length < this.#most ? undefined : this.rows.at(-1)
  }

  add(row: Row): void {
    if (this.#most <= 0) return
    const { rows, last } = this
    if (last !== undefined && this.#compare(row, last) >= 0) return
    let low = 0
    let high = rows.length
    // Most come in their order.
    const end = rows.at(-1)
    if (end !== undefined && this.#compare(row, end) > 0) low = high
    while (low < high) {
      const middle = (low + high) >>> 1
      const sign = this.#compare(row, rows[middle] as Row)
      if (sign === 0) return
      if (sign < 0) high = middle
      else low = middle + 1
    }
    if (last !== undefined) rows.pop()
    rows.splice(low, 0, row)
  }
}
