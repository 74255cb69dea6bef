/**
 * Who may hold much in memory while it works. Of one caller a single piece of work does so at a time, and few of all: side by side
 * they would be done no sooner, and each would hold what it has until then. Callers take turns; of one, whose operation has
 * held much already is the first: until it is done it keeps what came of that.
 */
import { andThen, type Maybe, settled } from '../model/maybe.ts'
import type { Steps } from './steps.ts'

/** Pieces of work that may hold much, of all callers together. */
const MOST = 3

/** Parts that anything may hold: of all operations together they come to some tens of megabytes. */
const SMALL = 5_000

/** An operation that may hold much, at several times. */
export interface LargeHolder {
  readonly caller: string
  /** Once it aborts, it waits for nothing. */
  readonly signal: AbortSignal | undefined
  /** Whether it has held much before. */
  hasHeldMuch: boolean
}

export class LargeHoldings {
  readonly #holders = new Set<string>()
  /** What makes them enter who wait; the caller whose turn is next comes first. */
  readonly #waiting = new Map<string, (() => void)[]>()

  /** What `use` makes of what it holds until then. @throws what it throws */
  hold<T>(holder: LargeHolder, use: (holding: HeldMemory) => Maybe<T>): Maybe<T> {
    const holding = new HeldMemory(this, holder)
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
   * Resolves to true once that operation may hold much, and to false where its signal aborts before; undefined where it may
   * at once.
   */
  enter(holder: LargeHolder): Promise<boolean> | undefined {
    if (this.takes(holder.caller)) return undefined
    const { caller, signal, hasHeldMuch } = holder
    if (signal?.aborted === true) return Promise.resolve(false)
    return new Promise(resolve => {
      const queue = this.#waiting.get(caller) ?? []
      const leave = (): void => {
        queue.splice(queue.indexOf(enter), 1)
        if (queue.length === 0) this.#waiting.delete(caller)
        resolve(false)
      }
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve(true)
      }
      if (hasHeldMuch) queue.unshift(enter)
      else queue.push(enter)
      this.#waiting.set(caller, queue)
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
    const own = this.#waiting.get(caller)
    if (own !== undefined) {
      // Behind all others.
      this.#waiting.delete(caller)
      this.#waiting.set(caller, own)
    }
    for (const [next, queue] of this.#waiting) {
      if (this.#isFull(next)) continue
      this.#holders.add(next)
      const [enter] = queue.splice(0, 1)
      if (queue.length === 0) this.#waiting.delete(next)
      enter?.()
      return
    }
  }

  #isFull(caller: string): boolean {
    return this.#holders.has(caller) || this.#holders.size >= MOST
  }
}

/** What one piece of work holds. */
export class HeldMemory {
  readonly #holdings: LargeHoldings
  readonly #holder: LargeHolder
  #parts = 0
  #isLarge = false

  constructor(holdings: LargeHoldings, holder: LargeHolder) {
    this.#holdings = holdings
    this.#holder = holder
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
    if (this.isTooLarge) this.#isLarge = this.#holdings.takes(this.#holder.caller)
    return !this.isTooLarge
  }

  /** Takes no turn where it may hold as much as it likes at once. */
  *enter(): Steps<void> {
    const entered = this.#holdings.enter(this.#holder)
    if (entered === undefined) this.#isLarge = true
    else
      yield entered.then(isIn => {
        // Also where it goes on no more: then it is ended.
        this.#isLarge = isIn
      })
  }

  /** It holds nothing any more. */
  end(): void {
    if (this.#isLarge) {
      this.#holder.hasHeldMuch = true
      this.#holdings.leave(this.#holder.caller)
    }
    this.#isLarge = false
    this.#parts = 0
  }
}
