/**
 * Reading a collection page by page, once for all who need it: it goes on exactly as far as somebody waits for, and
 * whoever comes later joins where it stands.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import { createPageWalker } from '../../paging/page-walker.ts'
import type { Gap } from '../../paging/gap.ts'
import {
  gapOf,
  type KeptPages,
  KeptTooOldError,
  type ListSize,
  type PageRead,
  type Walk,
} from '../../paging/walk.ts'
import type {
  Client,
  Call,
  CollectionSize,
  Page,
  PageRequest,
} from '../../upstream/contract/contract.ts'
import { wholeReadAt } from '../table/coverage.ts'
import type { Table } from '../table/table.ts'
import { parallelPages } from './parallel-pages.ts'
import type { Comparison } from './trust.ts'
import { createWaiters, type Waiters } from './scan-waiters.ts'

export interface Scan {
  /** Milliseconds; what the scan shows is no older than this. */
  readonly startedAt: number
  readonly pages: number
  /** Rows met so far, each counted once. */
  readonly rows: number
  /** Rows met so far that could not be read, and why others may be missing. */
  readonly gaps: readonly Gap[]
  /** True once the last page is in and the table's coverage is renewed. */
  readonly done: boolean
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

export interface ScanOptions<Name extends CollectionName> {
  readonly table: Table<Name>
  readonly client: Client
  readonly clock: Clock
  /** How many rows the collection is thought to have; undefined before the first whole read. */
  readonly expected: CollectionSize | undefined
  /** What is kept will do on these terms; where absent, all is read anew. */
  readonly kept?: KeptReading | undefined
  /** Told how large the collection is; undefined where rows may be missing. */
  readonly onDone: (size: ListSize | undefined) => void
  /** What compares the rows that come with those that webhooks kept up to date, where they did. */
  readonly compare?: (() => Comparison | undefined) | undefined
}

/** On which terms pages will do that are kept of an earlier reading. */
export interface KeptReading {
  /** The first of them must have been asked for at this moment (milliseconds) or later. */
  readonly since: number
  /** Where only the beginning is kept, it is read on from there if that was asked for at this moment or later. */
  readonly goOnSince: number
}

/** A page is waited for this long at most, also where no caller waits that long: others may need it. */
const PAGE_TIMEOUT_MS = 120_000
/** Reports of unreadable rows kept of one scan; their number is what matters beyond. */
const MAX_REPORTS = 20

/** Nothing is read yet, and nothing is until somebody waits. */
export const createScan = <Name extends CollectionName>(options: ScanOptions<Name>): Scan => {
  const { table, client, clock, expected } = options
  const { collection } = table
  const begunAt = clock.now()
  let pumping = false
  let since = options.kept?.since

  const waiters = createWaiters(clock, () => {
    // The last to leave takes the waiting page out of the queue.
    if (pumping && !intake.done) walker.stop()
  })
  const requests = createRequests(options, waiters)
  const intake = createIntake(options)
  const walk: Walk<Name> = {
    collection,
    client,
    ask: requests.ask,
    notBefore: options.kept && (() => since ?? begunAt),
    kept: keptPages(options, waiters, () => since ?? begunAt),
    width: stand =>
      expected !== undefined && waiters.anyParallel()
        ? parallelPages(client, collection, expected.rows, stand)
        : 0,
    expected,
    misses: intake.misses,
    shortIsLast: true,
    remembersRows: true,
    goesBack: true,
    beginsAgain: true,
  }
  let walker = createPageWalker(walk)
  /** Pages that are not in the table yet. */
  const held: PageRead<Name>[] = []

  const advance = async (): Promise<void> => {
    const { signal } = walker
    try {
      const page = await walker.next()
      held.push(page)
      const [{ readAt } = page] = held
      // What cannot be gone on with if its end is missing is of no use before the end is there.
      if (walker.isKept && page.next !== undefined && readAt < (options.kept?.goOnSince ?? 0))
        return
      for (const each of held.splice(0)) {
        if (intake.pages > 0 && walker.isKept) await nextTurn()
        intake.take(each)
      }
      if (intake.done) options.onDone(page.size)
    } catch (error) {
      if (error instanceof KeptTooOldError) {
        held.length = 0
        walker = createPageWalker({ ...walk, notBefore: undefined, kept: undefined })
        return
      }
      // Where all had left, somebody may have come since, who has nothing to do with that.
      if (!signal.aborted) throw error
    }
  }

  const pump = async (): Promise<void> => {
    pumping = true
    try {
      while (waiters.size > 0 && !intake.done) {
        await advance()
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
      return held.length > 0 ? 0 : walker.met.rowsSeen
    },
    gaps: intake.gaps,
    get done() {
      return intake.done
    },
    get running() {
      return pumping
    },
    get isKept() {
      return !intake.done && walker.isKept
    },
    joins: notBefore => {
      const startedAt = held[0]?.readAt ?? intake.startedAt
      if (intake.pages > 0 || held.length > 0 || since === undefined) return startedAt >= notBefore
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
      if (call.priority === 'interactive') requests.moveForward(walker.signal)
      if (!pumping) void pump()
      return outcome
    },
  }
}

/** The pages that are kept, for a scan that takes them. */
const keptPages = <Name extends CollectionName>(
  { table: { collection }, client, kept }: ScanOptions<Name>,
  waiters: Waiters,
  since: () => number,
): KeptPages<Name> | undefined => {
  const { kept: find } = client
  if (find === undefined || kept === undefined) return undefined
  return {
    goOnSince: () => Math.max(kept.goOnSince, since()),
    find: (request, notBefore, signal) => {
      const onKept = waiters.mostUrgent()?.onKept
      return find(collection, request, { notBefore, signal, onKept })
    },
    // Whoever wants no more than what is kept has it.
    onEnd: () => waiters.settle(false),
  }
}

/** The requests of a scan, on behalf of all who wait for it. */
const createRequests = <Name extends CollectionName>(
  { table: { collection }, client, clock }: ScanOptions<Name>,
  waiters: Waiters,
) => {
  // Those made for nobody but the background, for as long as they wait.
  const inBackground = new Map<PageRequest, number | undefined>()

  /** As urgent as the most urgent who waits, for the account of the one who came first. */
  const callOf = (signal: AbortSignal, notBefore: number | undefined): Call => {
    const first = waiters.mostUrgent()
    return {
      owner: `scan ${collection}`,
      ...(first === undefined ? {} : { madeFor: first.owner }),
      priority: first?.priority ?? 'background',
      deadline: clock.now() + PAGE_TIMEOUT_MS,
      signal,
      notBefore,
      ...(first?.onRequest === undefined ? {} : { onRequest: first.onRequest }),
      ...(first?.onKept === undefined ? {} : { onKept: first.onKept }),
    }
  }

  return {
    ask: async (
      request: PageRequest,
      signal: AbortSignal,
      notBefore?: number,
    ): Promise<Page<Name>> => {
      const call = callOf(signal, notBefore)
      if (call.priority === 'background') inBackground.set(request, notBefore)
      try {
        return await client.page(collection, request, call)
      } finally {
        inBackground.delete(request)
      }
    },
    /** Somebody in a hurry has come: asking again joins the request that waits, and moves it forward. */
    moveForward: (signal: AbortSignal): void => {
      for (const [request, notBefore] of inBackground)
        client.page(collection, request, callOf(signal, notBefore)).catch(() => undefined)
      inBackground.clear()
    },
  }
}

/** What a scan has brought so far. */
interface Intake<Name extends CollectionName> extends Pick<
  Scan,
  'startedAt' | 'pages' | 'gaps' | 'done'
> {
  /** Takes the next page into the table; with the last one the table is whole. */
  take(page: PageRead<Name>): void
  /** Whether rows of the table would go with that page as the last; undefined where it was never whole. */
  misses(last: Page): boolean | undefined
}

const createIntake = <Name extends CollectionName>({
  table,
  clock,
  compare,
}: ScanOptions<Name>): Intake<Name> => {
  const gaps: Gap[] = []
  const comparison = compare?.()
  const begunAt = clock.now()
  const intake = { startedAt: begunAt, pages: 0, gaps, done: false }
  // Of the pages that were asked for before the scan began, the last.
  let newestKept = -Infinity

  const finish = (): void => {
    const { startedAt } = intake
    intake.done = true
    // A scan that began later knows better what has gone.
    if (startedAt <= (wholeReadAt(table) ?? 0)) return
    // Rows of pages that are in, of which a part of the collection showed that they are other ones by now.
    if (table.misses(startedAt)) gaps.push('shifted')
    table.gaps = gaps
    if (comparison !== undefined) noteGone(table, startedAt, comparison)
    table.sweep(startedAt, gaps.length > 0)
    table.whole = startedAt
    table.readBeforeProbes = undefined
    // What is kept took its time when it was read.
    table.wholeTookMs = clock.now() - begunAt + Math.max(0, newestKept - startedAt)
    comparison?.end(true)
  }

  return Object.assign(intake, {
    misses: ({ rows, readAt }: Page) =>
      table.whole === undefined
        ? undefined
        : table.hasOlder(Math.min(intake.startedAt, readAt), new Set(rows.map(({ id }) => id))),
    take: (page: PageRead<Name>): void => {
      if (page.readAt < begunAt) newestKept = Math.max(newestKept, page.readAt)
      // An answer that somebody else asked for may be a little older than this scan.
      intake.startedAt = Math.min(intake.startedAt, page.readAt)
      table.turnPage(page.origin)
      // Read once more from its start, the list shows again what cannot be read of it.
      if (page.from.sent === 0) gaps.length = 0
      for (const row of page.rows) {
        const old = comparison === undefined ? undefined : table.get(row.id)
        table.put(row, page.readAt)
        table.place(row.id)
        comparison?.saw(row.id, old, table.get(row.id), page.readAt)
      }
      for (const { path, reason, id } of page.unreadable.slice(0, MAX_REPORTS + 1 - gaps.length))
        // Beyond that many it may be any row.
        gaps.push(
          gaps.length < MAX_REPORTS && id !== undefined ? { path, reason, id } : { path, reason },
        )
      const gap = gapOf(page)
      if (gap !== undefined && !gaps.includes(gap)) gaps.push(gap)
      intake.pages += 1
      if (page.next === undefined) finish()
    },
  })
}

/** The rows that go since no page has shown them, and no event has told of them meanwhile. */
const noteGone = (table: Table, startedAt: number, comparison: Comparison): void => {
  for (const row of table.values())
    if (table.readAt(row.id) < startedAt && table.changedAt(row.id) < startedAt)
      comparison.saw(row.id, row, undefined, startedAt)
}
