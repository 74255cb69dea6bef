/** Asking connectors that have never answered before a walk comes to them. */
import type { CollectionName } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'

export interface Greeter {
  /** The walk has come to the reader of that index, and waits for it. */
  waitsFor(index: number): void
  end(): void
}

/** So long a walk waits before it asks more than the one that it waits for, in milliseconds. */
const SLOW_MS = 1_000

/**
 * Each connector that is not there takes its time to be given up, which a walk has not once for each of them. Once it
 * has waited for a while, those behind that have never answered are asked, side by side, for what the walk would ask first.
 */
export const createGreeter = (
  collection: CollectionName,
  readers: readonly Reader[],
  operation: Operation,
): Greeter => {
  let reached = 0
  let stop: (() => void) | undefined

  const greetBehind = (): void => {
    for (const { store, scan, callFor } of readers.slice(reached + 1)) {
      if (store.hasAnswered() || operation.requestsLeft === 0) continue
      const first = scan(collection)
      first.until(() => first.pages > 0, callFor(collection)).catch(() => undefined)
    }
  }

  return {
    waitsFor: index => {
      reached = index
      if (readers.length > 1) stop ??= operation.after(SLOW_MS, greetBehind)
    },
    end: () => stop?.(),
  }
}
