/** What is known of rows and what changed, beside the events: stored a moment after it is learnt, followed as a stream, and let go in time. */
import type { Clock } from '../../model/clock.ts'
import type { KnownRead, Notice, TenantOfRows, Told } from '../../model/known-rows.ts'
import type { StoredChange } from '../../model/row-changes.ts'
import { createChangeQueue } from './change-queue.ts'
import type { Noted, NotingTerms } from '../known/noting.ts'
import { createNotifier, type NotifierOptions } from '../notify.ts'
import type { Arrivals } from '../reading.ts'
import { startRetention } from '../retention.ts'

export interface ChangesOptions {
  readonly retentionDays: number
  /** Bytes that known rows and their changes may take: beyond, the oldest changes go. Without a limit where absent. */
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
  note(all: readonly Told[], terms: NotingTerms): Promise<Noted>
  purge(before: number, most: number): Promise<number>
  knownTimes(): Promise<Arrivals | undefined>
  knownReads(): Promise<readonly KnownRead[]>
  purgeKnown(before: number, most: number): Promise<number>
}

export interface StoredChanges {
  /**
   * Takes in what was learnt of a row of that connector, and of which tenant that is; what differs from what is known is stored a moment later, once for
   * all processes.
   */
  readonly note: (connector: string, notice: Notice, tenant?: TenantOfRows) => void
  /** Waits until what was noted so far is stored, or cannot be for now. */
  readonly noted: () => Promise<void>
  /**
   * Told of each change once it is stored, in the order in which they are, also of those that another process stores in
   * the same file; the returned function ends it.
   */
  readonly onChanged: (listener: (change: StoredChange) => void) => () => void
  /** Others may have stored some: listeners hear of them once they were read. */
  readonly look: () => void
  /** Others may have told of lists as wholes: what they told need not be told again here. */
  readonly lookAtReads: () => void
  /** Deletes one step of what is older than the retention; how many changes and known rows went. */
  purge(): Promise<number>
  /** Stores what is under way, and is over. */
  close(): Promise<void>
}

/** `looks`: how often the file is looked into for what another process stored. */
export const openChanges = async (
  tasks: ChangeTasks,
  options: ChangesOptions,
  looks: Pick<NotifierOptions<StoredChange>, 'everyMs' | 'pace'>,
): Promise<StoredChanges> => {
  const { clock, onProblem, maxHistoryBytes = Number.MAX_SAFE_INTEGER } = options
  const notifier = createNotifier<StoredChange>({
    what: 'changes',
    newest: await tasks.newest(),
    after: tasks.after,
    clock,
    ...looks,
    onProblem,
  })
  const tell = createNotedTeller(options)
  const queue = createChangeQueue({
    write: all => tasks.note(all, { maxBytes: maxHistoryBytes, now: clock.now() / 1_000 }),
    clock,
    knownReads: await tasks.knownReads(),
    onNoted: noted => {
      if (noted.stored > 0) notifier.look()
      tell(noted)
    },
    onProblem,
  })
  const lookAtReads = async (): Promise<void> => {
    try {
      queue.know(await tasks.knownReads())
    } catch {
      // What is told again is compared again, and that is all.
    }
  }
  const ofChanges = startRetention(
    { arrivals: tasks.times, purge: tasks.purge },
    { ...options, what: 'changes' },
  )
  const ofRows = startRetention(
    { arrivals: tasks.knownTimes, purge: tasks.purgeKnown },
    { ...options, what: 'records of the past' },
  )
  return {
    note: queue.add,
    noted: queue.drain,
    onChanged: notifier.listen,
    look: notifier.look,
    lookAtReads: () => void lookAtReads(),
    purge: async () => (await ofChanges.purge()) + (await ofRows.purge()),
    close: async () => {
      ofChanges.end()
      ofRows.end()
      await queue.drain()
      queue.end()
      notifier.end()
    },
  }
}

/** How often it is said that there is no room. */
const SAID_AGAIN_MS = 3_600_000

/** Says that changes had to go or rows could not come, and how many since it was said last. */
const createNotedTeller = ({ clock, maxHistoryBytes = 0, say }: ChangesOptions) => {
  const limit = `${maxHistoryBytes / 1_048_576} MB (PUSHGRAPH_MAX_HISTORY_MB)`
  const counter = (inWords: (count: number) => string) => {
    let saidAt = -Infinity
    let count = 0
    return (more: number): void => {
      count += more
      if (more === 0 || clock.now() - saidAt < SAID_AGAIN_MS) return
      say?.('warn', inWords(count))
      saidAt = clock.now()
      count = 0
    }
  }
  const wereCut = counter(
    count =>
      `The oldest changes of rows (${count}) were deleted before their retention was over: all of them and what is known of rows may take ${limit}`,
  )
  const wereRefused = counter(
    count =>
      `What is known of rows takes all the room that the history may take, ${limit}: further ones (${count}) are not kept, and what changes of them is not noted`,
  )
  return ({ cut, refused }: Noted): void => {
    wereCut(cut)
    wereRefused(refused)
  }
}
