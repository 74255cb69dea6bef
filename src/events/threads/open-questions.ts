/**
 * Questions that end with their caller: an operation may have thousands, of which each would be looked for among all
 * others, and told of its end with a failure of its own.
 */
import { givenUp } from '../question-ends.ts'

type GiveUp = (error: Error) => void

/** For how long some are told of their end before others have their turn, in milliseconds. */
const TOLD_MS = 3

export class OpenQuestions {
  readonly #open = new WeakMap<AbortSignal, Set<GiveUp>>()
  /** Those that are to be told. */
  readonly #ended: { readonly giveUp: GiveUp; readonly error: Error }[] = []
  #isTelling = false
  #toldFrom = 0

  /** Calls it when the signal is aborted, unless the returned function is called before. */
  with(signal: AbortSignal, giveUp: GiveUp): () => void {
    let all = this.#open.get(signal)
    if (all === undefined) {
      const own = (all = new Set())
      this.#open.set(signal, own)
      signal.addEventListener('abort', () => this.#giveUpAll(own), { once: true })
    }
    const own = all.add(giveUp)
    return () => own.delete(giveUp)
  }

  #giveUpAll(those: ReadonlySet<GiveUp>): void {
    const error = givenUp()
    for (const giveUp of those) this.#ended.push({ giveUp, error })
    if (this.#isTelling) return
    this.#isTelling = true
    this.#goOn()
  }

  readonly #goOn = (): void => {
    this.#toldFrom = performance.now()
    this.#tell()
  }

  /** Those who came last first: else each that leaves its place would let in one that is to leave, too. */
  readonly #tell = (): void => {
    const ended = this.#ended.pop()
    this.#isTelling = ended !== undefined
    if (ended === undefined) return
    ended.giveUp(ended.error)
    // What comes of it runs before that, and takes far longer.
    if (performance.now() - this.#toldFrom <= TOLD_MS) queueMicrotask(this.#tell)
    else setImmediate(this.#goOn)
  }
}
