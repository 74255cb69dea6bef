/**
 * Who may hold much in memory while it works. Of one caller a single piece of work does so at a time, and few of all: side by side
 * they would be done no sooner, and each would hold what it has until then.
 */
import { andThen, type Maybe, settled } from '../model/maybe.ts'
import type { Steps } from './steps.ts'

/** Pieces of work that may hold much, of all callers together. */
const MOST = 3

/** Parts that anything may hold: of all operations together they come to some tens of megabytes. */
const SMALL = 5_000

interface Waiting {
  readonly caller: string
  readonly enter: () => void
}

export class LargeHoldings {
  readonly #holders = new Set<string>()
  readonly #waiting: Waiting[] = []

  /** What `use` makes of what it holds until then. @throws what it throws */
  hold<T>(caller: string, use: (holding: HeldMemory) => Maybe<T>): Maybe<T> {
    const holding = new HeldMemory(this, caller)
    return andThen(
      settled(() => use(holding)),
      made => {
        holding.end()
        if ('failure' in made) throw made.failure
        return made.value
      },
    )
  }

  /** Resolves once that caller may hold much, in the order in which they asked; undefined where it may at once. */
  enter(caller: string): Promise<void> | undefined {
    if (!this.#isFull(caller)) {
      this.#holders.add(caller)
      return undefined
    }
    return new Promise(resolve => {
      this.#waiting.push({ caller, enter: resolve })
    })
  }

  /** What that caller held is no more. */
  leave(caller: string): void {
    this.#holders.delete(caller)
    const at = this.#waiting.findIndex(waiting => !this.#isFull(waiting.caller))
    const [next] = at < 0 ? [] : this.#waiting.splice(at, 1)
    if (next === undefined) return
    this.#holders.add(next.caller)
    next.enter()
  }

  #isFull(caller: string): boolean {
    return this.#holders.has(caller) || this.#holders.size >= MOST
  }
}

/** What one piece of work holds. */
export class HeldMemory {
  readonly #holdings: LargeHoldings
  readonly #caller: string
  #parts = 0
  #isLarge = false

  constructor(holdings: LargeHoldings, caller: string) {
    this.#holdings = holdings
    this.#caller = caller
  }

  /** It holds so many parts more, each of some hundred bytes. */
  add(parts: number): void {
    this.#parts += parts
  }

  /** Whether it holds more by now than every piece of work may: then it goes on by `enter`. */
  get isTooLarge(): boolean {
    return this.#parts > SMALL && !this.#isLarge
  }

  /** Takes no turn where it may hold as much as it likes at once. */
  *enter(): Steps<void> {
    const entered = this.#holdings.enter(this.#caller)
    if (entered === undefined) this.#isLarge = true
    else
      yield entered.then(() => {
        // Also where it goes on no more: then it is ended.
        this.#isLarge = true
      })
  }

  /** It holds nothing any more. */
  end(): void {
    if (this.#isLarge) this.#holdings.leave(this.#caller)
    this.#isLarge = false
    this.#parts = 0
  }
}
