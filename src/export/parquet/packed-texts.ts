/** Texts of a column, packed in UTF-8. */
import { PackedNumbers } from './packed-numbers.ts'

/** So many are looked for when another comes: columns of more differing ones have few that come again. */
const MOST_KNOWN = 1_000
/** Bytes of UTF-8 for a unit of UTF-16 at most. */
const MOST_BYTES = 3

const uint32 = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length)

/** Texts in the order in which they came; most of those that come again are there once. */
export class PackedTexts {
  /** One behind another. */
  #bytes = Buffer.alloc(0)
  /** Where each of them ends. */
  readonly #ends = new PackedNumbers(uint32)
  /** Which of them came, in this order. */
  readonly #came = new PackedNumbers(uint32)
  readonly #known = new Map<string, number>()

  get length(): number {
    return this.#came.length
  }

  push(text: string): void {
    let which = this.#known.get(text)
    if (which === undefined) {
      which = this.#append(text)
      if (this.#known.size < MOST_KNOWN) this.#known.set(text, which)
    }
    this.#came.push(which)
  }

  toArray(): string[] {
    let from = 0
    const texts = this.#ends.toArray().map(end => {
      const text = this.#bytes.toString('utf8', from, end)
      from = end
      return text
    })
    return this.#came.toArray().map(which => texts[which] as string)
  }

  /** Forgets them, and keeps the room that they had. */
  clear(): void {
    this.#ends.clear()
    this.#came.clear()
    this.#known.clear()
  }

  #append(text: string): number {
    const which = this.#ends.length
    const from = which === 0 ? 0 : this.#ends.at(which - 1)
    const needed = from + text.length * MOST_BYTES
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(256, needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, from)
      this.#bytes = larger
    }
    this.#ends.push(from + this.#bytes.write(text, from))
    return which
  }
}
