/**
 * What is kept of operations that may come again: their documents, all that was found of these, and their needs. All of
 * it has one bound, in bytes of heap; what was not used for longest goes first.
 */
import { LRUCache } from 'lru-cache'

/** Some hundred documents of a thousand tokens. */
const MAX_BYTES = 50_331_648

interface Held {
  readonly bytes: number
  readonly forget: readonly (() => void)[]
}

/** Nothing is kept yet. */
export class Kept {
  readonly #held: LRUCache<object, Held>

  constructor(maxBytes = MAX_BYTES) {
    this.#held = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ bytes }) => Math.max(1, Math.ceil(bytes)),
      dispose: (held, _, why) => {
        if (why !== 'set') forget(held)
      },
    })
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#held.calculatedSize
  }

  /** How much of it is there. */
  get size(): number {
    return this.#held.size
  }

  has(what: object): boolean {
    return this.#held.has(what)
  }

  /**
   * Keeps that until there is no room for it: then `gone` is called; at once where it takes more than there is. Where it
   * is kept already, so many bytes more hang on it.
   */
  add(what: object, bytes: number, gone: () => void): void {
    const held = this.#held.peek(what)
    this.#set(what, {
      bytes: (held?.bytes ?? 0) + bytes,
      forget: [...(held?.forget ?? []), gone],
    })
  }

  /** So many bytes more hang on it, as long as it is kept. */
  grow(what: object, bytes: number): void {
    const held = this.#held.peek(what)
    if (held !== undefined) this.#set(what, { ...held, bytes: held.bytes + bytes })
  }

  /** It was used just now. */
  touch(what: object): void {
    this.#held.get(what)
  }

  #set(what: object, held: Held): void {
    this.#held.set(what, held)
    if (!this.#held.has(what)) forget(held)
  }
}

const forget = (held: Held): void => {
  for (const gone of held.forget) gone()
}
