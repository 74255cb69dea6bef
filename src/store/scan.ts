/**
 * Reading a collection page by page, once for all who need it: it goes on exactly as far as somebody waits for, and
 * whoever comes later joins where it stands.
 */
import { UpstreamInvalidError, UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Call, Client, Page, PageRequest, Unreadable } from '../upstream/contract.ts'
import { readAhead } from './read-ahead.ts'
import type { PageOrigin, Table } from './table.ts'

export interface Scan {
  /** Milliseconds; what the scan shows is no older than this. */
  readonly startedAt: number
  readonly pages: number
  /** Rows met so far, each counted once. */
  readonly rows: number
  /** True once the last page is in and the table's coverage is renewed. */
  readonly done: boolean
  /** True while somebody waits for a page. */
  readonly running: boolean
  /**
   * Reads on until `enough` holds (asked after every page) or the collection ends. With `whole`, nothing less than the
   * end will do, which lets pages be read side by side.
   * @returns false when the caller's deadline came first; the reading stops unless others wait.
   * @throws what the reading of a page threw, or the reason of the caller's abort.
   */
  until(enough: () => boolean, call: Call, whole?: boolean): Promise<boolean>
}

export interface ScanOptions<Name extends CollectionName> {
  readonly table: Table<Name>
  readonly client: Client
  readonly clock: Clock
  /** Rows that the collection is thought to have; undefined before the first whole read. */
  readonly expectedRows: number | undefined
  readonly onDone: (rows: number) => void
}

interface Want {
  readonly enough: () => boolean
  readonly call: Call
  readonly whole: boolean
  readonly settle: (outcome: boolean | { error: unknown }) => void
}

/** A page is waited for this long at most, also where no caller is that patient: others may need it. */
const PAGE_PATIENCE_MS = 120_000
/** An API that goes on handing out tokens without any new row never ends. */
const MAX_BARREN_PAGES = 25
/** Reports of unreadable rows kept of one scan; their number is what matters beyond. */
const MAX_REPORTS = 20

export const createScan = <Name extends CollectionName>(options: ScanOptions<Name>): Scan => {
  const { table, client, clock } = options
  const startedAt = clock.now()
  const wants = new Set<Want>()
  const tokens = new Set<string>()
  const unreadable: Unreadable[] = []
  let origin: PageOrigin = { offset: 0 }
  let nextToken: string | undefined
  let sent = 0
  let lastId = ''
  let pages = 0
  let rows = 0
  let barren = 0
  let barrenAllowed = MAX_BARREN_PAGES
  let done = false
  let pumping = false
  let restarted = false
  let mayReadAhead = true
  let leave = new AbortController()

  /** The request's terms: as urgent as the most urgent who waits, for the account of the one who waits longest. */
  const call = (): Call => {
    const waiting = [...wants]
    const first = waiting.find(want => want.call.priority === 'interactive') ?? waiting[0]
    return {
      owner: `scan ${table.collection}`,
      priority: first?.call.priority ?? 'background',
      deadline: clock.now() + PAGE_PATIENCE_MS,
      signal: leave.signal,
      ...(first?.call.onRequest === undefined ? {} : { onRequest: first.call.onRequest }),
    }
  }

  const read = (request: PageRequest): Promise<Page<Name>> =>
    client.page(table.collection, request, call())

  const finish = (): void => {
    done = true
    table.unreadable = unreadable
    table.sweep(startedAt)
    table.whole = startedAt
    options.onDone(rows)
  }

  const take = (page: Page<Name>, from: PageOrigin, last: boolean): void => {
    const before = rows
    table.turnPage(from)
    for (const row of page.rows) {
      // A row met twice in one scan (the data moved) is one row.
      if (table.readAt(row.id) < startedAt || table.positionOf(row.id) === undefined) rows += 1
      table.put(row, page.readAt)
      table.place(row.id)
    }
    if (unreadable.length < MAX_REPORTS) unreadable.push(...page.unreadable)
    pages += 1
    sent += page.sent
    lastId = page.rows.at(-1)?.id ?? lastId
    barren = rows === before ? barren + 1 : 0
    if (last) finish()
    else if (page.nextToken === undefined) readAgainFrom(nextToken)
    else if (tokens.has(page.nextToken) || barren > barrenAllowed)
      throw new UpstreamInvalidError(
        `The paging of ${table.collection} goes in circles`,
        'paging.nextToken',
      )
    else {
      tokens.add(page.nextToken)
      nextToken = page.nextToken
      origin = { token: page.nextToken }
    }
  }

  /** Goes on by token from there: the pages that come again bring nothing new, and that is no fault. */
  const readAgainFrom = (token: string | undefined): void => {
    nextToken = token
    origin = token === undefined ? { offset: 0 } : { token }
    tokens.clear()
    // From here the rows sent no longer tell where a page begins.
    mayReadAhead = false
    barrenAllowed = MAX_BARREN_PAGES + pages
  }

  const step = async (): Promise<void> => {
    try {
      const page = await read(nextToken === undefined ? {} : { nextToken })
      take(page, origin, page.nextToken === undefined)
    } catch (error) {
      // A token may expire while nobody reads on; from the start again, once. Positions stay as they are.
      const expired =
        error instanceof UpstreamRefusedError && error.status === 400 && nextToken !== undefined
      if (!expired || restarted) throw error
      restarted = true
      readAgainFrom(undefined)
    }
  }

  const settle = (): void => {
    for (const want of [...wants]) if (done || want.enough()) want.settle(true)
  }

  const pump = async (): Promise<void> => {
    pumping = true
    const wholeWanted = (): boolean => !done && [...wants].some(want => want.whole)
    try {
      while (wants.size > 0 && !done) {
        const ahead =
          mayReadAhead && lastId !== '' && wholeWanted()
            ? await readAhead({
                client,
                read,
                take,
                after: settle,
                collection: table.collection,
                sent,
                lastId,
                expectedRows: options.expectedRows,
                wanted: wholeWanted,
              })
            : false
        if (!ahead) {
          mayReadAhead &&= lastId === '' || !wholeWanted()
          await step()
        }
        settle()
      }
    } catch (error) {
      for (const want of [...wants]) want.settle({ error })
    } finally {
      pumping = false
    }
  }

  return {
    startedAt,
    get pages() {
      return pages
    },
    get rows() {
      return rows
    },
    get done() {
      return done
    },
    get running() {
      return pumping
    },
    until: (enough, callOf, whole = false) => {
      if (done || enough()) return Promise.resolve(true)
      callOf.signal?.throwIfAborted()
      const left = callOf.deadline - clock.now()
      if (left <= 0) return Promise.resolve(false)
      return new Promise<boolean>((resolve, reject) => {
        const onAbort = (): void => {
          want.settle({ error: callOf.signal?.reason })
        }
        const cancelTimer = clock.after(left, () => {
          want.settle(false)
        })
        const want: Want = {
          enough,
          call: callOf,
          whole,
          settle: outcome => {
            if (!wants.delete(want)) return
            cancelTimer()
            callOf.signal?.removeEventListener('abort', onAbort)
            if (typeof outcome === 'boolean') resolve(outcome)
            else reject(outcome.error instanceof Error ? outcome.error : new Error('aborted'))
            // The last to leave takes the waiting page out of the queue.
            if (wants.size === 0 && !done && pumping) {
              leave.abort(new Error('Nobody waits for this page any more'))
              leave = new AbortController()
            }
          },
        }
        wants.add(want)
        callOf.signal?.addEventListener('abort', onAbort, { once: true })
        if (!pumping) void pump()
      })
    },
  }
}
