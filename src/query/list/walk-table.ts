/** Walking through a list in the order in which its rows were first read, and reading on where they are not fresh. */
import { BadInputError, BudgetError } from '../../errors.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { Row } from '../../model/rows.ts'
import type { Table } from '../../store/store.ts'
import type { Unreadable } from '../../paging/token-guard.ts'
import { type Lack, type PageBuilder, type WalkOutcome, stop } from './page-builder.ts'
import { walkCursor } from './position.ts'
import type { Reader } from '../reading/reader.ts'
import { createTester } from '../reading/row-tester.ts'
import { createJump } from './walk-stale.ts'

/** Up to this many pages ahead of a scan, a row is waited for; beyond, its own page is read. */
const NEAR_PAGES = 1

/**
 * Offers the rows from the position on to the basket.
 * @throws what made the reading impossible, once all that may be served is in the basket
 */
export const walkTable = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  start: number,
): Maybe<WalkOutcome> => {
  const { operation, query } = builder
  const { collection } = query
  const filter = query.filter
  const tester = createTester(collection, filter, reader)
  let oldest = Infinity
  let isCovered = false

  /** Offers rows while they may be served and the turn lasts. */
  const take = (from: number, certain: (row: Row) => boolean): Taken => {
    for (let position = from; position < table.end; position += 1) {
      const row = table.at(position)
      if (row === undefined) continue
      if (!certain(row)) return { position, endedBy: 'row' }
      const passes = tester(row)
      if (passes === undefined) return { position, endedBy: 'turn' }
      const place = () => walkCursor(table, reader.alias, row, position)
      if (!builder.add(reader.alias, row, passes, place)) return { position, endedBy: 'row' }
      if (!isCovered) oldest = Math.min(oldest, table.readAt(row.id))
    }
    return { position: table.end, endedBy: 'table' }
  }

  /** The same for as many turns as it takes. */
  const takeOn = async (first: Taken, certain: (row: Row) => boolean): Promise<Taken> => {
    let taken = first
    while (taken.endedBy === 'turn') {
      await operation.timeSlice.next()
      taken = take(taken.position, certain)
    }
    return taken
  }

  /** Goes through what is known to be there to its end, or until the page is full. */
  const takeAll = (from: number): Maybe<WalkOutcome> => {
    const any = (): boolean => true
    const outcomeOf = ({ endedBy }: Taken): WalkOutcome =>
      endedBy === 'table' ? 'exhausted' : 'full'
    const taken = take(from, any)
    return taken.endedBy === 'turn' ? takeOn(taken, any).then(outcomeOf) : outcomeOf(taken)
  }

  const covered = reader.covered(collection)
  if (covered !== undefined) {
    isCovered = true
    builder.seen(covered)
    if (table.unreadable.length > 0) builder.incomplete()
    return takeAll(start)
  }

  // Without coverage a row counts only if it was read lately: an older one may be gone.
  const scan = reader.scan(collection)
  const fresh = (row: Row): boolean =>
    table.readAt(row.id) >= Math.min(operation.freshSince, scan.startedAt)

  const note = (unreadable: readonly Unreadable[]): void => {
    if (unreadable.length === 0) return
    builder.incomplete()
    reader.noteUnreadable(collection, unreadable)
  }

  /** What the page rests on, told when the walk through this connector ends. */
  const told = (outcome: WalkOutcome): WalkOutcome => {
    note(scan.unreadable)
    if (scan.done) builder.seen(scan.startedAt)
    if (oldest !== Infinity) builder.seen(oldest)
    return outcome
  }

  const jump = createJump(builder, reader, table, fresh, note)

  /** Reads what the position needs; an outcome where nothing more can be read. */
  const advance = async (position: number): Promise<WalkOutcome | undefined> => {
    if (operation.requestsLeft === 0) return ranOut('requests (PUSHGRAPH_MAX_REQUESTS)', position)
    const ahead = position - scan.rows
    if (ahead < 0) return jump.lookUp(position, scan.rows)
    if (ahead > NEAR_PAGES * reader.store.pageSize && jump.isPossible()) return jump.to(position)
    const before = scan.rows
    const enough = (): boolean => {
      const row = table.at(position)
      const isThere = row === undefined ? table.end > position : fresh(row)
      return isThere || scan.rows > position || operation.requestsLeft === 0
    }
    const inTime = await scan.until(enough, reader.callFor(collection))
    operation.read(scan.rows - before)
    return inTime ? undefined : ranOut('time (PUSHGRAPH_MAX_WAIT_MS)', position)
  }

  /** What was read before is better than nothing, and says how old it is. */
  const serveOld = (position: number, asOf: number, cause: unknown): Maybe<WalkOutcome> => {
    reader.serveStale(collection, asOf, cause)
    builder.seen(asOf)
    return takeAll(position)
  }

  const ranOut = (what: Lack, position: number): Maybe<WalkOutcome> =>
    table.whole === undefined
      ? stop(builder, reader.alias, what)
      : serveOld(position, table.whole, new BudgetError(`The operation ran out of ${what}`, 1, 0))

  const recover = async (position: number, error: unknown): Promise<WalkOutcome> => {
    const isCallers = error instanceof BadInputError || operation.call.signal?.aborted === true
    if (isCallers) throw error
    if (table.whole !== undefined) return serveOld(position, table.whole, error)
    const before = builder.size()
    const outcome = await takeAll(position)
    if (builder.size() > before) reader.serveStale(collection, oldest, error)
    if (outcome === 'full') return outcome
    if (error instanceof BudgetError)
      return stop(builder, reader.alias, 'requests (PUSHGRAPH_MAX_REQUESTS)')
    told(outcome)
    throw error
  }

  const goOn = async (first: Taken): Promise<WalkOutcome> => {
    let taken = first
    try {
      for (;;) {
        taken = await takeOn(taken, fresh)
        if (scan.done) return await takeAll(taken.position)
        if (builder.isFull()) return 'full'
        const outcome = await advance(taken.position)
        if (outcome !== undefined) return outcome
        taken = take(taken.position, fresh)
      }
    } catch (error) {
      return await recover(taken.position, error)
    }
  }

  const first = take(start, fresh)
  if (builder.isFull()) return told('full')
  return goOn(first).then(told)
}

/** Where rows were no longer taken: the turn was over, or the row could not be, or there was none left. */
interface Taken {
  readonly position: number
  readonly endedBy: 'turn' | 'row' | 'table'
}
