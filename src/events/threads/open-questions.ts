/**
 * Questions that end with their caller: an operation may have thousands, of which each would be looked for among all
 * others, and told of its end with a failure of its own.
 */
import { givenUp } from '../question-ends.ts'

type GiveUp = (error: Error) => void

/** Told of their end before others have their turn. */
const AT_ONCE = 200

export class OpenQuestions {
  readonly #open = new WeakMap<AbortSignal, Set<GiveUp>>()

  /** Calls it when the signal is aborted, unless the returned function is called before. */
  with(signal: AbortSignal, giveUp: GiveUp): () => void {
    let all = this.#open.get(signal)
    if (all === undefined) {
      const own = (all = new Set())
      this.#open.set(signal, own)
      signal.addEventListener('abort', () => giveUpAll(own), { once: true })
    }
    const own = all.add(giveUp)
    return () => own.delete(giveUp)
  }
}

/** Those who came last first: else each that leaves its place would let in one that is to leave, too. */
const giveUpAll = (those: ReadonlySet<GiveUp>): void => {
  const error = givenUp()
  const left = [...those].reverse()
  const goOn = (): void => {
    for (const giveUp of left.splice(0, AT_ONCE)) giveUp(error)
    if (left.length > 0) setImmediate(goOn)
  }
  goOn()
}
