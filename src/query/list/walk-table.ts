/** Walking through a list in the order in which its rows were first read, and reading on where they are not fresh. */
import { BadInputError, BudgetError } from '../../errors.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { Row } from '../../model/rows.ts'
import type { Table } from '../../store/store.ts'
import type { Reader } from '../reading/reader.ts'
import { type Lack, noteGaps, type PageBuilder, stop, type WalkOutcome } from './page-builder.ts'
import { createRowTaker, type RowTaker, type TakeEnd } from './take-rows.ts'
import { createAdvance } from './walk-stale.ts'

/**
 * Takes the rows from the position on into the page.
 * @throws what made the reading impossible, once all that may be served is in the page
 */
export const walkTable = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  start: number,
): Maybe<WalkOutcome> => {
  const { collection } = builder.query
  const covered = reader.covered(collection)
  const frozen = covered === undefined ? undefined : reader.frozen(collection)
  const rows = createRowTaker(builder, reader, table, frozen)
  if (covered === undefined) return walkUncovered(builder, reader, table, rows, start)
  builder.seen(covered)
  if (table.gaps.length > 0) builder.incomplete()
  return rows.takeAll(start)
}

/** Without coverage a row counts only if it was read lately: an older one may be gone. */
const walkUncovered = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  rows: RowTaker,
  start: number,
): Maybe<WalkOutcome> => {
  const { operation } = builder
  const { collection } = builder.query
  const scan = reader.scan(collection)
  const settled = new Set<string>()
  const fresh = (row: Row): boolean =>
    table.readAt(row.id) >= Math.min(operation.freshSince, scan.startedAt) || settled.has(row.id)
  const advance = createAdvance(builder, reader, table, scan, fresh, settled)

  /** Notes what the page rests on, when the walk through this connector ends. */
  const finish = (outcome: WalkOutcome): WalkOutcome => {
    noteGaps(builder, reader, scan.gaps)
    if (scan.done) builder.seen(scan.startedAt)
    if (rows.oldest() !== Infinity) builder.seen(rows.oldest())
    return outcome
  }

  /** What was read before is better than nothing, and says how old it is. */
  const serveOld = (position: number, asOf: number, cause: unknown): Maybe<WalkOutcome> => {
    reader.serveStale(collection, asOf, cause)
    builder.seen(asOf)
    return rows.takeAll(position)
  }

  const ranOut = (lack: Lack, position: number): Maybe<WalkOutcome> =>
    table.whole === undefined
      ? stop(builder, reader.alias, lack)
      : serveOld(position, table.whole, new BudgetError(`The operation ran out of ${lack}`, 1, 0))

  const recover = async (position: number, error: unknown): Promise<WalkOutcome> => {
    const isCallers = error instanceof BadInputError || operation.work.signal.aborted
    if (isCallers) throw error
    const old = await reader.remembered(collection)
    if (old !== undefined) return serveOld(position, old, error)
    const before = builder.size()
    const outcome = await rows.takeAll(position)
    if (builder.size() > before) reader.serveStale(collection, rows.oldest(), error)
    if (outcome === 'full') return outcome
    if (error instanceof BudgetError)
      return stop(builder, reader.alias, 'requests (PUSHGRAPH_MAX_REQUESTS)')
    finish(outcome)
    throw error
  }

  const goOn = async (first: TakeEnd): Promise<WalkOutcome> => {
    let taken = first
    try {
      for (;;) {
        taken = await rows.takeOn(taken, fresh)
        if (scan.done) return await rows.takeAll(taken.position)
        if (builder.isFull()) return 'full'
        const ended = await advance(taken.position)
        if (ended === 'exhausted') return ended
        if (ended !== undefined) return await ranOut(ended, taken.position)
        taken = rows.take(taken.position, fresh)
      }
    } catch (error) {
      return await recover(taken.position, error)
    }
  }

  const first = rows.take(start, fresh)
  if (builder.isFull()) return finish('full')
  return goOn(first).then(finish)
}
