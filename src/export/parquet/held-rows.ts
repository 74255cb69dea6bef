/** Rows that wait for the file that they become. */

/** Bytes of memory that is taken at once. */
const BLOCK = 1_048_576

/** Where one of them is. */
export interface HeldRow {
  readonly block: Buffer
  readonly from: number
  readonly to: number
}

/**
 * Holds rows as the bytes of their JSON, in blocks outside of the heap that serve the rows after them: in the heap they would
 * outlive their file until the collector comes to the old among its objects.
 */
export class HeldRows {
  readonly #blocks: Buffer[] = []
  /** The one that is being filled, and how far. */
  #block = -1
  #filled = 0
  #bytes = 0

  /** Bytes of those that are held. */
  get bytes(): number {
    return this.#bytes
  }

  add(json: string): HeldRow {
    const length = Buffer.byteLength(json)
    let block = this.#blocks[this.#block]
    if (block === undefined || this.#filled + length > block.length) {
      this.#block += 1
      this.#filled = 0
      block = this.#blocks[this.#block]
      if (block === undefined || length > block.length)
        block = Buffer.allocUnsafeSlow(Math.max(BLOCK, length))
      this.#blocks[this.#block] = block
    }
    const from = this.#filled
    this.#filled += block.write(json, from)
    this.#bytes += length
    return { block, from, to: this.#filled }
  }

  /** Forgets all of them: what was given for one is another's from then on. */
  clear(): void {
    this.#block = -1
    this.#filled = 0
    this.#bytes = 0
  }
}

/** The JSON of a row that is held. */
export const jsonOf = ({ block, from, to }: HeldRow): string => block.toString('utf8', from, to)
