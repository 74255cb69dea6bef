/** Numbers of a column, packed. */

type Numbers = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

/** Numbers in the order in which they came. As long as all are the same, they take no more room than one. */
export class PackedNumbers {
  readonly #make: (length: number) => Numbers
  /** Those that there are, once two of them differ. */
  #numbers: Numbers
  #first = 0
  #length = 0
  #areSame = true

  /** @param make an array of that length, of the type in which each has room */
  constructor(make: (length: number) => Numbers) {
    this.#make = make
    this.#numbers = make(0)
  }

  get length(): number {
    return this.#length
  }

  push(number: number): void {
    if (this.#length === 0) this.#first = number
    if (this.#areSame && number !== this.#first) {
      this.#areSame = false
      this.#grow()
      this.#numbers.fill(this.#first, 0, this.#length)
    }
    if (!this.#areSame) {
      this.#grow()
      this.#numbers[this.#length] = number
    }
    this.#length += 1
  }

  at(index: number): number {
    return this.#areSame ? this.#first : (this.#numbers[index] as number)
  }

  toArray(): number[] {
    if (this.#areSame) return new Array<number>(this.#length).fill(this.#first)
    return Array.from(this.#numbers.subarray(0, this.#length))
  }

  /** Forgets them, and keeps the room that they had. */
  clear(): void {
    this.#length = 0
    this.#areSame = true
  }

  /** So that there is room for one more. */
  #grow(): void {
    if (this.#length < this.#numbers.length) return
    const larger = this.#make(Math.max(64, this.#length * 2))
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}
