/**
 * What many callers may have done at the same moment, a few of it in each pass of the event loop, callers in turn: none
 * of it can be broken off, and all of it together would hold up everybody else.
 */
import type { Caller } from './caller.ts'
import { CallerTurns } from './caller-turns.ts'

export interface FewLimits {
  /** How many in one pass at most. */
  readonly most: number
  /** For how long in one pass, in milliseconds; the last of them comes on top. */
  readonly ms: number
}

export class FewAtOnce<Waiter extends { readonly caller: Caller }> {
  readonly #limits: FewLimits
  readonly #go: (waiter: Waiter) => void
  readonly #now: () => number
  readonly #waiting = new CallerTurns<Waiter>()
  /** Steps that come in this pass of the event loop, or the next. */
  #steps = 0
  /** When the first went on in this pass, and how many have since; undefined where none has. */
  #pass: { readonly from: number; count: number } | undefined

  /** `now`: milliseconds from any moment on. */
  constructor(
    limits: FewLimits,
    go: (waiter: Waiter) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits
    this.#go = go
    this.#now = now
  }

  /** Whether one may go on at once, of few in this pass: then it counts as one of them. */
  takesOne(): boolean {
    return this.#waiting.size === 0 && this.#hasRoom()
  }

  /** Goes on with it at once where that is one of few in this pass; else in one of the next. */
  soon(waiter: Waiter): void {
    if (this.takesOne()) this.#go(waiter)
    else this.later(waiter)
  }

  /** Goes on with it in one of the next passes. */
  later(waiter: Waiter): void {
    this.#waiting.add(waiter)
    this.#takeStep()
  }

  /** False where it does not wait any more. */
  delete(waiter: Waiter): boolean {
    return this.#waiting.delete(waiter)
  }

  /** A step for each, so that what it goes on with is done, and its time has passed, before the next. */
  #takeStep(): void {
    if (this.#steps >= this.#limits.most) return
    this.#steps += 1
    setImmediate(this.#step)
  }

  readonly #step = (): void => {
    this.#steps -= 1
    const waiter = this.#hasRoom() ? this.#waiting.next() : undefined
    if (this.#waiting.size > 0) this.#takeStep()
    if (waiter !== undefined) this.#go(waiter)
  }

  #hasRoom(): boolean {
    if (this.#pass === undefined) {
      this.#pass = { from: this.#now(), count: 1 }
      // Before the steps of the next pass.
      setImmediate(() => (this.#pass = undefined))
      return true
    }
    this.#pass.count += 1
    return this.#pass.count <= this.#limits.most && this.#now() - this.#pass.from <= this.#limits.ms
  }
}
