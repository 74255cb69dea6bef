/** How long the questions of each operation have been worked on, those under way together. */
import type { Clock } from '../../model/clock.ts'

export interface OperationTimes {
  /**
   * A question of that operation is worked on from now on. `over` is called with the milliseconds that all of them have taken
   * once those are more than `mostMs`; the returned function ends it, and says how long it took.
   */
  begin(operation: string, mostMs: number, over: (spentMs: number) => void): () => number
}

/** No timer is set for less. */
const LEAST_MS = 5

export const createOperationTimes = (clock: Clock): OperationTimes => {
  const operations = new Map<string, Set<{ readonly from: number }>>()

  return {
    begin: (operation, mostMs, over) => {
      const question = { from: clock.now() }
      const underWay = operations.get(operation) ?? new Set()
      operations.set(operation, underWay.add(question))
      let cancel = (): void => undefined

      const look = (): void => {
        const now = clock.now()
        const spentMs = [...underWay].reduce((sum, { from }) => sum + now - from, 0)
        if (spentMs > mostMs) return over(spentMs)
        const leftMs = (mostMs - spentMs) / underWay.size
        if (leftMs < Infinity) cancel = clock.after(Math.max(LEAST_MS, leftMs), look)
      }
      look()
      return () => {
        cancel()
        underWay.delete(question)
        if (underWay.size === 0) operations.delete(operation)
        return clock.now() - question.from
      }
    },
  }
}
