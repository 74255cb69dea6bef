/** The body of an answer that is kept, in the codings that callers asked for: packed once for all of them. */
import type { Maybe } from '../../model/maybe.ts'
import { type Coding, packWhole } from './codings.ts'

/** In one piece, or in several where it is long. */
export type WholeBody = string | Buffer | readonly Buffer[]

export class PackedBodies {
  /** Bytes of all that are there. */
  bytes = 0
  readonly #body: WholeBody
  readonly #onGrown: () => void
  readonly #packed = new Map<Coding, Maybe<Buffer>>()

  /** `onGrown` is told whenever one more is there. */
  constructor(body: WholeBody, onGrown: () => void) {
    this.#body = body
    this.#onGrown = onGrown
  }

  /** That of the coding, at once from the second time on. */
  in(coding: Coding): Maybe<Buffer> {
    const known = this.#packed.get(coding)
    if (known !== undefined) return known
    const packing = this.#pack(coding)
    this.#packed.set(coding, packing)
    return packing
  }

  async #pack(coding: Coding): Promise<Buffer> {
    try {
      const packed = await packWhole(coding, bytesOf(this.#body))
      this.#packed.set(coding, packed)
      this.bytes += packed.length
      this.#onGrown()
      return packed
    } catch (error) {
      this.#packed.delete(coding)
      throw error
    }
  }
}

/** The body in one piece. */
export const bytesOf = (body: WholeBody): Buffer => {
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.isBuffer(body) ? body : Buffer.concat(body)
}
