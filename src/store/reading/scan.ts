/**
 * Reading a collection page by page, once for all who need it: it goes on exactly as far as somebody waits for, and
 * whoever comes later joins where it stands.
 */
import { UpstreamInvalidError, UpstreamRefusedError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type {
  Call,
  Client,
  Page,
  PageRequest,
  Unreadable,
} from '../../upstream/contract/contract.ts'
import { readAhead, worthReadingAhead } from '../../paging/offset-pages.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import type { Table } from '../table/table.ts'
import { createTokenGuard } from '../../paging/token-guard.ts'
import { createWaiters } from './scan-waiters.ts'

export interface Scan {
  /** Milliseconds; what the scan shows is no older than this. */
  readonly startedAt: number
  readonly pages: number
  /** Rows met so far, each counted once. */
  readonly rows: number
  /** Rows met so far that could not be read: where and why. */
  readonly unreadable: readonly Unreadable[]
  /** True once the last page is in and the table's coverage is renewed. */
  readonly done: boolean
  /** True while somebody waits for a page. */
  readonly running: boolean
  /**
   * Reads on until `enough` holds (asked after every page) or the collection ends. `hurried`: pages may be read side by
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
  /** Rows that the collection is thought to have; undefined before the first whole read. */
  readonly expectedRows: number | undefined
  readonly onDone: (rows: number) => void
}

/** A page is waited for this long at most, also where no caller is that patient: others may need it. */
const PAGE_PATIENCE_MS = 120_000
/** Reports of unreadable rows kept of one scan; their number is what matters beyond. */
const MAX_REPORTS = 20
/** How often a token may be refused in a row before it is Push's fault and not that of our resting. */
const MAX_RESTARTS = 3

export const createScan = <Name extends CollectionName>(options: ScanOptions<Name>): Scan => {
  const { table, client, clock } = options
  const { collection } = table
  const guard = createTokenGuard(collection)
  const unreadable: Unreadable[] = []
  // Requests made for nobody but the background, for as long as they wait.
  const inBackground = new Set<PageRequest>()
  let startedAt = clock.now()
  let nextToken: string | undefined
  let sent = 0
  let firstId = ''
  let lastId = ''
  let pages = 0
  let restarts = 0
  let done = false
  let pumping = false
  let mayReadAhead = true
  let leave = new AbortController()

  const waiters = createWaiters(clock, () => {
    if (done || !pumping) return
    // The last to leave takes the waiting page out of the queue.
    leave.abort(new Error('Nobody waits for this page any more'))
    leave = new AbortController()
  })

  /** The request's terms: as urgent as the most urgent who waits, for the account of the one who came first. */
  const termsOf = (signal: AbortSignal): Call => {
    const first = waiters.mostUrgent()
    return {
      owner: `scan ${collection}`,
      priority: first?.priority ?? 'background',
      deadline: clock.now() + PAGE_PATIENCE_MS,
      signal,
      ...(first?.onRequest === undefined ? {} : { onRequest: first.onRequest }),
    }
  }

  const read = async (request: PageRequest, signal = leave.signal): Promise<Page<Name>> => {
    const terms = termsOf(signal)
    if (terms.priority === 'background') inBackground.add(request)
    try {
      return await client.page(collection, request, terms)
    } finally {
      inBackground.delete(request)
    }
  }

  /** Somebody in a hurry has come: asking again joins the request that waits, and moves it forward. */
  const hurry = (): void => {
    for (const request of inBackground)
      client.page(collection, request, termsOf(leave.signal)).catch(() => undefined)
    inBackground.clear()
  }

  const finish = (): void => {
    done = true
    // A scan that began later knows better what has gone.
    if (startedAt > (table.whole ?? 0)) {
      table.unreadable = unreadable
      table.sweep(startedAt)
      table.whole = startedAt
      table.wholeTookMs = clock.now() - startedAt
    }
    options.onDone(guard.rowsSeen)
  }

  const take = (page: Page<Name>, from: PageOrigin, last: boolean): void => {
    const before = guard.rowsSeen
    // An answer that somebody else asked for may be a little older than this scan.
    startedAt = Math.min(startedAt, page.readAt)
    table.turnPage(from)
    for (const row of page.rows) {
      table.put(row, page.readAt)
      table.place(row.id)
    }
    unreadable.push(...page.unreadable.slice(0, MAX_REPORTS - unreadable.length))
    if (pages === 0) firstId = page.rows[0]?.id ?? ''
    pages += 1
    sent += page.sent
    // Which row of them was the last is known only where all could be read.
    lastId = page.unreadable.length > 0 ? '' : (page.rows.at(-1)?.id ?? lastId)
    guard.note(page)
    if (guard.rowsSeen > before) restarts = 0
    if (last) finish()
    else if (page.nextToken === undefined) goBackTo(nextToken)
    else nextToken = page.nextToken
  }

  /** Goes on by token from there: the pages that come again bring nothing new. */
  const goBackTo = (token: string | undefined): void => {
    nextToken = token
    guard.goBack()
    // From here the rows sent no longer tell where a page begins.
    mayReadAhead = false
  }

  const step = async (): Promise<void> => {
    const token = nextToken
    try {
      const page = await guard.read(token, at => read(at === undefined ? {} : { nextToken: at }))
      const from = token === undefined ? { offset: 0 } : { token }
      take(page, from, page.nextToken === undefined)
    } catch (error) {
      // A token may expire while nobody reads on: from the start again. Positions stay as they are.
      const expired =
        error instanceof UpstreamRefusedError && error.status === 400 && token !== undefined
      if (!expired) throw error
      goBackTo(undefined)
      restarts += 1
      if (restarts <= MAX_RESTARTS) return
      restarts = 0
      throw new UpstreamInvalidError(
        `Push refuses the place in ${collection} that it gave itself`,
        'paging.nextToken',
      )
    }
  }

  const settle = (): void => {
    waiters.settle(done)
  }

  const advance = async (): Promise<void> => {
    const hurryWanted = (): boolean => !done && waiters.anyParallel()
    const isKnownPlace = pages === 0 || lastId !== ''
    const left =
      mayReadAhead && isKnownPlace && hurryWanted()
        ? worthReadingAhead(client, collection, sent, options.expectedRows)
        : undefined
    if (left !== undefined) {
      const ahead = await readAhead({
        client,
        read: (request, signal) => read(request, AbortSignal.any([leave.signal, signal])),
        take,
        after: settle,
        collection,
        sent,
        firstId,
        lastId,
        hasMet: id => guard.hasMet(id),
        left,
        wanted: hurryWanted,
      })
      if (ahead) return
      mayReadAhead = false
    }
    await step()
  }

  const pump = async (): Promise<void> => {
    pumping = true
    try {
      while (waiters.size > 0 && !done) {
        const { signal } = leave
        try {
          await advance()
        } catch (error) {
          // Where all had left, somebody may have come since, who has nothing to do with that.
          if (!signal.aborted) throw error
        }
        settle()
      }
    } catch (error) {
      waiters.fail(error)
    } finally {
      pumping = false
    }
  }

  return {
    get startedAt() {
      return startedAt
    },
    get pages() {
      return pages
    },
    get rows() {
      return guard.rowsSeen
    },
    unreadable,
    get done() {
      return done
    },
    get running() {
      return pumping
    },
    until: async (enough, call, parallel = false) => {
      if (done || enough()) return true
      call.signal?.throwIfAborted()
      if (call.deadline <= clock.now()) return false
      const outcome = waiters.add(enough, call, parallel)
      if (call.priority === 'interactive') hurry()
      if (!pumping) void pump()
      return outcome
    },
  }
}
