/** Changes on their way to the thread that writes: rows are read faster than a disk takes what of them differs. */
import type { Clock } from '../../model/clock.ts'
import { createOutage } from '../../model/outage.ts'
import { changesOf, type NewChange, type RowChange } from '../../model/row-changes.ts'
import type { Noted } from './noting.ts'

export interface ChangeQueue {
  /** Takes in what became of a row of that connector; it is stored a moment later. */
  add(connector: string, change: RowChange): void
  /** Waits until all that was added is stored, or cannot be for now. */
  drain(): Promise<void>
  /** Takes nothing more, and tries no more what could not be stored. */
  end(): void
}

export interface ChangeQueueOptions {
  readonly write: (changes: readonly NewChange[]) => Promise<Noted>
  readonly clock: Clock
  /** Hears that older changes had to go. */
  readonly onCut: (count: number) => void
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
  /** Rows that may wait where nothing can be written; more are not noted. */
  readonly maxWaiting?: number
}

/** Rows compared and stored at once: the event loop and the thread that stores deliveries have others waiting. */
const ROWS_AT_ONCE = 200
const MAX_WAITING = 100_000
const AGAIN_MS = 1_000

interface Waiting {
  readonly connector: string
  readonly change: RowChange
}

export const createChangeQueue = (options: ChangeQueueOptions): ChangeQueue => {
  const { clock, maxWaiting = MAX_WAITING } = options
  const outage = createOutage(
    {
      failing: 'What changed in rows could not be stored; it is tried again',
      over: 'What changes in rows is stored again',
    },
    options.onProblem,
  )
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined
  let pausing: (() => void) | undefined
  let ended = false
  let hasLost = false

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, ROWS_AT_ONCE)
      const changes = batch.flatMap(({ connector, change }) => changesOf(connector, change))
      const { cut } = changes.length === 0 ? { cut: 0 } : await options.write(changes)
      // What could not be written waits for the next time.
      waiting = waiting.slice(batch.length)
      hasLost = false
      outage.worked()
      if (cut > 0) options.onCut(cut)
    }
  }

  const run = async (): Promise<void> => {
    try {
      await writeAll()
    } catch (error) {
      if (ended) return
      outage.failed(error)
      pausing = clock.after(AGAIN_MS, () => {
        pausing = undefined
        begin()
      })
    } finally {
      running = undefined
    }
  }

  const begin = (): void => {
    // What becomes of other rows in the same turn of the event loop goes along.
    if (pausing === undefined) running ??= Promise.resolve().then(run)
  }

  return {
    add: (connector, change) => {
      if (ended) return
      if (waiting.length >= maxWaiting) {
        if (!hasLost)
          options.onProblem?.(
            'More rows change than can be stored: some of their changes are lost',
            new Error('Too many changes wait'),
          )
        hasLost = true
        return
      }
      waiting.push({ connector, change })
      begin()
    },
    drain: async () => {
      await running
    },
    end: () => {
      ended = true
      pausing?.()
    },
  }
}
