/** The changes of rows beside the events: stored a moment after they are noticed, followed as a stream, and let go in time. */
import type { Clock } from '../../model/clock.ts'
import type { NewChange, RowChange, StoredChange } from '../../model/row-changes.ts'
import { createChangeQueue } from './change-queue.ts'
import type { Noted } from './noting.ts'
import { createNotifier } from '../notify.ts'
import type { Arrivals } from '../reading.ts'
import { startRetention } from '../retention.ts'

export interface ChangesOptions {
  readonly retentionDays: number
  /** Bytes that changes of rows may take: beyond, the oldest go. Without a limit where absent. */
  readonly maxHistoryBytes?: number
  readonly clock: Clock
  readonly onProblem?: (message: string, error: unknown) => void
  readonly say?: (level: 'info' | 'warn' | 'error', message: string) => void
}

/** What the threads of the file do for it. */
export interface ChangeTasks {
  newest(): Promise<number>
  after(sequence: number, limit: number): Promise<readonly StoredChange[]>
  times(): Promise<Arrivals | undefined>
  note(changes: readonly NewChange[], maxBytes: number): Promise<Noted>
  purge(before: number, most: number): Promise<number>
}

export interface StoredChanges {
  /** Takes in what became of a row of that connector; what differs is stored a moment later, once for all processes. */
  readonly note: (connector: string, change: RowChange) => void
  /** Waits until what was noted so far is stored, or cannot be for now. */
  readonly noted: () => Promise<void>
  /**
   * Told of each change once it is stored, in the order in which they are, also of those that another process stores in
   * the same file; the returned function ends it.
   */
  readonly onChanged: (listener: (change: StoredChange) => void) => () => void
  /** Deletes one step of what is older than the retention; how many changes went. */
  purge(): Promise<number>
  /** Stores what is under way, and is over. */
  close(): Promise<void>
}

/** `everyMs`: how often the file is looked into for what another process stored; 0 where none can. */
export const openChanges = async (
  tasks: ChangeTasks,
  options: ChangesOptions,
  everyMs: number,
): Promise<StoredChanges> => {
  const { clock, onProblem, maxHistoryBytes = Number.MAX_SAFE_INTEGER } = options
  const notifier = createNotifier<StoredChange>({
    what: 'changes',
    newest: await tasks.newest(),
    after: tasks.after,
    clock,
    everyMs,
    onProblem,
  })
  const queue = createChangeQueue({
    write: async changes => {
      const noted = await tasks.note(changes, maxHistoryBytes)
      if (noted.stored > 0) notifier.look()
      return noted
    },
    clock,
    onCut: createCutTeller(options),
    onProblem,
  })
  const retention = startRetention(
    { arrivals: tasks.times, purge: tasks.purge },
    { ...options, what: 'changes' },
  )
  return {
    note: queue.add,
    noted: queue.drain,
    onChanged: notifier.listen,
    purge: retention.purge,
    close: async () => {
      retention.end()
      await queue.drain()
      queue.end()
      notifier.end()
    },
  }
}

/** How often it is said that changes go to make room. */
const SAID_AGAIN_MS = 3_600_000

/** Says that changes had to go, and how many since it was said last. */
const createCutTeller = ({ clock, maxHistoryBytes = 0, say }: ChangesOptions) => {
  let saidAt = -Infinity
  let count = 0
  return (cut: number): void => {
    count += cut
    if (clock.now() - saidAt < SAID_AGAIN_MS) return
    say?.(
      'warn',
      `The oldest changes of rows (${count}) were deleted before their retention was over: all of them may take ${maxHistoryBytes / 1_048_576} MB (PUSHGRAPH_MAX_HISTORY_MB)`,
    )
    saidAt = clock.now()
    count = 0
  }
}
