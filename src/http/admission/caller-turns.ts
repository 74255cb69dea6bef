/** Those who wait, callers in turn, those of one caller in the order in which they came. */
import type { Caller } from './caller.ts'

export class CallerTurns<Waiter extends { readonly caller: Caller }> {
  readonly #queues = new Map<Caller, Set<Waiter>>()

  /** Callers. */
  get size(): number {
    return this.#queues.size
  }

  has(caller: Caller): boolean {
    return this.#queues.has(caller)
  }

  add(waiter: Waiter): void {
    const queue = this.#queues.get(waiter.caller)
    if (queue === undefined) this.#queues.set(waiter.caller, new Set([waiter]))
    else queue.add(waiter)
  }

  /** False where it does not wait here. */
  delete(waiter: Waiter): boolean {
    const queue = this.#queues.get(waiter.caller)
    if (queue?.delete(waiter) !== true) return false
    if (queue.size === 0) this.#queues.delete(waiter.caller)
    return true
  }

  /** Takes out the one whose turn it is, of a caller whom `mayGo` lets go, which is asked of each until then. */
  next(mayGo: (caller: Caller) => boolean = any): Waiter | undefined {
    for (const [caller, queue] of this.#queues) {
      const [waiter] = queue
      if (waiter === undefined || !mayGo(caller)) continue
      this.delete(waiter)
      // Its next one stands behind those of all others.
      if (this.#queues.delete(caller)) this.#queues.set(caller, queue)
      return waiter
    }
    return undefined
  }
}

const any = (): boolean => true
