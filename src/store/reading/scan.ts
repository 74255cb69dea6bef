/**
 * Reading a collection page by page, once for all who need it: it goes on exactly as far as somebody waits for, and
 * whoever comes later joins where it stands.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CollectionName } from '../../model/rows.ts'
import type { ListSize, Walk } from '../../paging/walk.ts'
import type { Client, Call, CollectionSize } from '../../upstream/contract/contract.ts'
import { type KeptReading, keptPages } from './kept-reading.ts'
import { parallelPages } from './parallel-pages.ts'
import { createIntake, type Intake, type IntakeOptions } from './scan-intake.ts'
import { createScanPages, type ScanPages } from './scan-pages.ts'
import { createScanRequests, type ScanRequests } from './scan-requests.ts'
import { createWaiters, type Waiters } from './scan-waiters.ts'

export interface Scan extends Pick<Intake, 'startedAt' | 'pages' | 'gaps' | 'done'> {
  /** Rows met so far, each counted once. */
  readonly rows: number
  /** True while somebody waits for a page. */
  readonly running: boolean
  /** Whether the next page is taken from what is kept, if it is there. */
  readonly isKept: boolean
  /** Whether somebody may join who needs what was asked for at or after that moment (milliseconds). */
  joins(notBefore: number): boolean
  /**
   * Reads on until `enough` holds (asked after every page) or the collection ends. `parallel`: pages may be read side by
   * side, which costs a request or so more.
   * @returns false when the caller's deadline came first; the reading stops unless others wait.
   * @throws what the reading of a page threw, or the reason of the caller's abort.
   */
  until(enough: () => boolean, call: Call, parallel?: boolean): Promise<boolean>
}

export interface ScanOptions<Name extends CollectionName> extends IntakeOptions<Name> {
  readonly client: Client
  /** How many rows the collection is thought to have; undefined before the first whole read. */
  readonly expected: CollectionSize | undefined
  /** What is kept will do on these terms; where absent, all is read anew. */
  readonly kept?: KeptReading | undefined
  /** Told how large the collection is; undefined where rows may be missing. */
  readonly onDone: (size: ListSize | undefined) => void
}

/** Nothing is read yet, and nothing is until somebody waits. */
export const createScan = <Name extends CollectionName>(options: ScanOptions<Name>): Scan => {
  const { clock } = options
  const begunAt = clock.now()
  let pumping = false
  let since = options.kept?.since

  const waiters = createWaiters(clock, () => {
    // The last to leave takes the waiting page out of the queue.
    if (pumping && !intake.done) pages.stop()
  })
  const requests = createScanRequests(options, waiters)
  const intake = createIntake(options)
  const walk = walkOf(options, waiters, requests, () => since ?? begunAt)
  const pages = createScanPages({ ...walk, misses: intake.misses }, options.kept?.goOnSince)

  const pump = async (): Promise<void> => {
    pumping = true
    try {
      while (waiters.size > 0 && !intake.done) {
        await takeNext(pages, intake, options.onDone)
        waiters.settle(intake.done)
      }
    } catch (error) {
      waiters.fail(error)
    } finally {
      pumping = false
    }
  }

  return {
    get startedAt() {
      return intake.startedAt
    },
    get pages() {
      return intake.pages
    },
    get rows() {
      return pages.rows
    },
    gaps: intake.gaps,
    get done() {
      return intake.done
    },
    get running() {
      return pumping
    },
    get isKept() {
      return !intake.done && pages.isKept
    },
    joins: notBefore => {
      const { heldAt } = pages
      if (intake.pages > 0 || heldAt !== undefined || since === undefined)
        return (heldAt ?? intake.startedAt) >= notBefore
      if (notBefore > begunAt) return false
      // Nothing has come yet: what does is new enough for both.
      since = Math.max(since, notBefore)
      return true
    },
    until: async (enough, call, parallel = false) => {
      if (intake.done || enough()) return true
      call.signal?.throwIfAborted()
      if (call.deadline <= clock.now()) return false
      const outcome = waiters.add(enough, call, parallel)
      if (call.priority === 'interactive') requests.moveForward(pages.signal)
      if (!pumping) void pump()
      return outcome
    },
  }
}

/** Takes the next pages into the table, once it is certain that they will do. */
const takeNext = async <Name extends CollectionName>(
  pages: ScanPages<Name>,
  intake: Intake<Name>,
  onDone: ScanOptions<Name>['onDone'],
): Promise<void> => {
  const { signal } = pages
  try {
    const came = await pages.next()
    for (const [index, page] of came.entries()) {
      // One that is kept has had its turn just now, but for those that were held back.
      if (index > 0) await nextTurn()
      intake.take(page)
    }
    if (intake.done) onDone(came.at(-1)?.size)
  } catch (error) {
    // Where all had left, somebody may have come since, who has nothing to do with that.
    if (!signal.aborted) throw error
  }
}

/** How the collection is walked through. `since`: when what is kept must have been asked for, at least (milliseconds). */
const walkOf = <Name extends CollectionName>(
  options: ScanOptions<Name>,
  waiters: Waiters,
  { ask }: ScanRequests<Name>,
  since: () => number,
): Walk<Name> => {
  const { client, expected, kept } = options
  const { collection } = options.table
  return {
    collection,
    client,
    ask,
    notBefore: kept && since,
    kept: keptPages(options, waiters, since),
    width: stand =>
      expected !== undefined && waiters.anyParallel()
        ? parallelPages(client, collection, expected.rows, stand)
        : 0,
    expected,
    shortIsLast: true,
    remembersRows: true,
    goesBack: true,
    beginsAgain: true,
  }
}
