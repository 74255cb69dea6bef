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

  /** What `use` makes of what it holds until then; once the signal aborts, it waits for nothing. @throws what it throws */
  hold<T>(caller: string, use: (holding: HeldMemory) => Maybe<T>, signal?: AbortSignal): Maybe<T> {
    const holding = new HeldMemory(this, caller, signal)
    return andThen(
      settled(() => use(holding)),
      made => {
        holding.end()
        if ('failure' in made) throw made.failure
        return made.value
      },
    )
  }

  /**
   * Resolves to true once that caller may hold much, in the order in which they asked, and to false where the signal aborts
   * before; undefined where it may at once.
   */
  enter(caller: string, signal?: AbortSignal): Promise<boolean> | undefined {
    if (this.takes(caller)) return undefined
    if (signal?.aborted === true) return Promise.resolve(false)
    return new Promise(resolve => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        resolve(false)
      }
      const waiting: Waiting = {
        caller,
        enter: () => {
          signal?.removeEventListener('abort', leave)
          resolve(true)
        },
      }
      this.#waiting.push(waiting)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  /** Whether that caller may hold much at once: then it does. */
  takes(caller: string): boolean {
    if (this.#isFull(caller)) return false
    this.#holders.add(caller)
    return true
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
  readonly #signal: AbortSignal | undefined
  #parts = 0
  #isLarge = false

  constructor(holdings: LargeHoldings, caller: string, signal: AbortSignal | undefined) {
    this.#holdings = holdings
    this.#caller = caller
    this.#signal = signal
  }

  /** It holds so many parts more, each of some hundred bytes. */
  add(parts: number): void {
    this.#parts += parts
  }

  /** Whether it holds more by now than every piece of work may: then it goes on by `enter`. */
  get isTooLarge(): boolean {
    return this.#parts > SMALL && !this.#isLarge
  }

  /** Whether it may hold what it does at once, and from then on as much as it likes. */
  isLet(): boolean {
    if (this.isTooLarge) this.#isLarge = this.#holdings.takes(this.#caller)
    return !this.isTooLarge
  }

  /** Takes no turn where it may hold as much as it likes at once. */
  *enter(): Steps<void> {
    const entered = this.#holdings.enter(this.#caller, this.#signal)
    if (entered === undefined) this.#isLarge = true
    else
      yield entered.then(isIn => {
        // Also where it goes on no more: then it is ended.
        this.#isLarge = isIn
      })
  }

  /** It holds nothing any more. */
  end(): void {
    if (this.#isLarge) this.#holdings.leave(this.#caller)
    this.#isLarge = false
    this.#parts = 0
  }
}
