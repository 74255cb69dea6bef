/** What callers hold of something that is bounded. */
import type { Bounds } from '../../model/callers.ts'
import type { Caller } from './caller.ts'
import type { Scope } from './limits.ts'

/**
 * Counts what each caller holds. What a caller comes to hold is no more than what was free before, so that a few who take
 * all they can leave something for the next: the last piece is had by who has none.
 */
export class Shares {
  readonly #bounds: Bounds
  readonly #held = new Map<Caller, number>()
  #total = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** What all hold together. */
  get total(): number {
    return this.#total
  }

  heldBy(caller: Caller): number {
    return this.#held.get(caller) ?? 0
  }

  /** By which bound the caller may not have so much more; undefined where it may. */
  lacks(caller: Caller, amount: number): Scope | undefined {
    const after = this.heldBy(caller) + amount
    if (after > this.#bounds.perCaller) return 'perCaller'
    return after > this.#bounds.inAll - this.#total ? 'inAll' : undefined
  }

  /** Takes it, unless a bound is in the way: then says which. */
  take(caller: Caller, amount = 1): Scope | undefined {
    const lacks = this.lacks(caller, amount)
    if (lacks === undefined) this.add(caller, amount)
    return lacks
  }

  /** Counts what the caller has, whatever the bounds say. */
  add(caller: Caller, amount: number): void {
    this.#held.set(caller, this.heldBy(caller) + amount)
    this.#total += amount
  }

  give(caller: Caller, amount = 1): void {
    const left = this.heldBy(caller) - amount
    // Callers come and go: nothing is kept of one who holds nothing.
    if (left > 0) this.#held.set(caller, left)
    else this.#held.delete(caller)
    this.#total -= amount
  }
}
