/** A page of an unsorted list, read no further than the page needs. */
import { BadInputError, GatewayError } from '../errors.ts'
import { all as noCondition } from '../filter/filter.ts'
import { type Maybe, andThen } from '../model/maybe.ts'
import type { Row } from '../model/rows.ts'
import type { PageOrigin, Table } from '../store/store.ts'
import type { Cursor, WalkCursor } from './cursor.ts'
import { testOf } from './gather.ts'
import { noteFailure } from './failure.ts'
import type { Item, ListPage, Question, Range } from './list.ts'
import type { Operation } from './operation.ts'
import { placeOf, positionIn } from './placing.ts'
import type { Reader } from './read.ts'
import { relatedTo } from './related.ts'
import { readAll } from './surroundings.ts'
import { nextTurn, rowsPerTurn } from './turns.ts'

/** Where the walk stands, and what it has brought so far. */
interface Walk {
  readonly question: Question
  readonly range: Range
  readonly operation: Operation
  readonly items: Item[]
  /** The place of each item, and of the last row looked at. */
  readonly places: Map<Item, () => WalkCursor>
  last: (() => WalkCursor) | undefined
  asOf: number | null
  complete: boolean
}

/** How the walk through one connector ended: the page is full, or the connector is. */
type Outcome = 'full' | 'exhausted' | 'stopped'

export const walk = (
  question: Question,
  range: Range,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<ListPage> => {
  const state: Walk = {
    question,
    range,
    operation,
    items: [],
    places: new Map(),
    last: undefined,
    asOf: null,
    complete: true,
  }
  const begin = startOf(readers, range.after)
  const from = (index: number): Maybe<ListPage> => {
    const reader = readers[index]
    if (reader === undefined) return finish(state, false)
    const after = index === begin ? range.after : undefined
    const next = (outcome: Outcome): Maybe<ListPage> => {
      if (outcome === 'stopped') return finish(state, true)
      if (outcome === 'exhausted') return from(index + 1)
      return finish(state, true)
    }
    const failed = (failure: unknown): Maybe<ListPage> => {
      const onlyOne = readers.length === 1
      if (state.items.length === 0 && onlyOne) throw failure
      if (failure instanceof BadInputError) throw failure
      state.complete = false
      noteFailure(question.collection, reader.alias, failure, operation)
      // What was read of this connector stands, with a cursor that goes on there.
      return onlyOne ? finish(state, true) : from(index + 1)
    }
    try {
      const outcome = walkOne(state, reader, after?.kind === 'walk' ? after : undefined)
      return outcome instanceof Promise ? outcome.then(next, failed) : next(outcome)
    } catch (failure) {
      return failed(failure)
    }
  }
  return from(begin)
}

const startOf = (readers: readonly Reader[], after: Cursor | undefined): number => {
  if (after === undefined) return 0
  const index = readers.findIndex(({ alias }) => alias === after.connector)
  if (index < 0)
    throw new BadInputError(`"after" belongs to a connector that this list does not read`, 'after')
  return index
}

const finish = (state: Walk, more: boolean): ListPage => {
  const { items, range, operation } = state
  operation.returned(items.length, state.question.path)
  const cursor = (item: Item): string => {
    const place = state.places.get(item)
    if (place === undefined) throw new Error('an item of another page')
    return range.write(place())
  }
  const first = items[0]
  return {
    items,
    hasNextPage: more,
    hasPreviousPage: range.after !== undefined,
    cursor,
    startCursor: first === undefined ? null : cursor(first),
    endCursor: state.last === undefined ? null : range.write(state.last()),
    asOf: state.asOf,
    complete: state.complete,
  }
}

const walkOne = (state: Walk, reader: Reader, after: WalkCursor | undefined): Maybe<Outcome> => {
  const { question } = state
  const go = (): Maybe<Outcome> => {
    const table = reader.store.table(question.collection)
    if (after === undefined) return walkTable(state, reader, table, 0)
    const position = positionIn(table, after)
    return position === undefined
      ? walkPages(state, reader, after)
      : walkTable(state, reader, table, position + 1)
  }
  // A walk tests row by row as pages come in: what lies around any row must be at hand before.
  const related = [...relatedTo(question.condition?.filter ?? noCondition)].map(({ to }) => to)
  return andThen(readAll(related, reader), go)
}

const walkTable = (state: Walk, reader: Reader, table: Table, start: number): Maybe<Outcome> => {
  const { question, range, operation } = state
  const test = conditionTest(question, reader)
  const seen = (asOf: number): void => {
    state.asOf = Math.min(state.asOf ?? asOf, asOf)
  }

  const perTurn = rowsPerTurn(question.condition?.filter ?? noCondition)
  const isFull = (): boolean => state.items.length === range.size

  /**
   * Takes rows from the position on while they may be served, as many as one turn allows; the position where that
   * ended. When the page is full, the row there only shows that more follow.
   */
  const takeFrom = (position: number, certain: (row: Row) => boolean): number => {
    const end = Math.min(table.end, position + perTurn)
    for (; position < end; position += 1) {
      const row = table.at(position)
      if (row === undefined) continue
      if (!certain(row)) return position
      const passes = test === undefined || test(row)
      if (passes && isFull()) return position
      const at = position
      const place = (): WalkCursor => placeOf(table, reader.alias, row, at)
      state.last = place
      if (!passes) continue
      const item = { connector: reader.alias, row }
      state.items.push(item)
      state.places.set(item, place)
    }
    return position
  }

  /** Goes through what is known to be there to its end, or until the page is full. */
  const takeAll = (from: number): Maybe<Outcome> => {
    const position = takeFrom(from, () => true)
    if (position === table.end) return 'exhausted'
    // A full page ends at a row that passes; a turn ends anywhere.
    if (isFull() && position < from + perTurn) return 'full'
    return nextTurn().then(() => takeAll(position))
  }

  const covered = reader.covered(question.collection)
  if (covered !== undefined) {
    seen(covered)
    noteMissingRows(state, table)
    return takeAll(start)
  }

  // Without coverage a row counts only if it was read lately: an older one may be gone.
  const scan = reader.scan(question.collection)
  const since = Math.min(operation.freshSince, scan.startedAt)
  const fresh = (row: Row): boolean => table.readAt(row.id) >= since
  const go = (from: number): Maybe<Outcome> => {
    if (scan.done) {
      seen(scan.startedAt)
      noteMissingRows(state, table)
      return takeAll(from)
    }
    const position = takeFrom(from, fresh)
    if (state.items.length > 0) seen(oldestOf(state, table))
    if (isFull()) return 'full'
    if (position === from + perTurn) return nextTurn().then(() => go(position))
    if (operation.requestsLeft === 0)
      return stop(state, reader, 'requests (PUSHGRAPH_MAX_REQUESTS)')
    const before = scan.rows
    const more = (): boolean => {
      const row = table.at(position)
      return row === undefined ? table.end > position : fresh(row)
    }
    return scan.until(more, reader.callFor(question.collection)).then(inTime => {
      operation.read(scan.rows - before)
      return inTime ? go(position) : stop(state, reader, 'time (PUSHGRAPH_MAX_WAIT_MS)')
    })
  }
  return go(start)
}

const oldestOf = (state: Walk, table: Table): number =>
  state.items.reduce((oldest, { row }) => Math.min(oldest, table.readAt(row.id)), Infinity)

const conditionTest = (
  { collection, condition }: Question,
  reader: Reader,
): ((row: Row) => boolean) | undefined =>
  condition === undefined ? undefined : testOf(collection, condition.filter, reader)

const stop = (state: Walk, reader: Reader, what: string): Outcome => {
  state.complete = false
  state.operation.incomplete({
    code: 'BUDGET_EXCEEDED',
    message: `The list stopped when the operation ran out of ${what}; go on from endCursor`,
    connector: reader.alias,
    collection: state.question.collection,
  })
  return 'stopped'
}

const noteMissingRows = (state: Walk, table: Table): void => {
  if (table.unreadable.length > 0) state.complete = false
}

/** Epoch of places that are in no table's order. */
const NO_EPOCH = '-'

/** Goes on page by page from where upstream the cursor's row stood, for a list whose order is no longer here. */
const walkPages = async (state: Walk, reader: Reader, after: WalkCursor): Promise<Outcome> => {
  const { question, range, operation } = state
  const test = conditionTest(question, reader)
  let origin: PageOrigin = after.page
  let skipTo: ((rows: readonly Row[]) => number) | undefined = rows => {
    const found = rows.findIndex(row => row.id === after.id)
    // A row that has gone leaves its place: what stood behind it has moved up by one.
    return found < 0 ? after.index : found + 1
  }
  for (;;) {
    if (operation.requestsLeft === 0)
      return stop(state, reader, 'requests (PUSHGRAPH_MAX_REQUESTS)')
    const page = await reader.store
      .readPage(question.collection, toRequest(origin), reader.callFor(question.collection))
      .catch((error: unknown) => {
        throw isRefusal(error)
          ? new BadInputError(
              '"after" has expired: Push no longer knows this place; begin again without it',
              'after',
            )
          : error
      })
    operation.read(page.rows.length)
    operation.served(page.readAt, false)
    state.asOf = Math.min(state.asOf ?? page.readAt, page.readAt)
    for (let index = skipTo?.(page.rows) ?? 0; index < page.rows.length; index += 1) {
      const row = page.rows[index]
      if (row === undefined) continue
      const passes = test === undefined || test(row)
      if (passes && state.items.length === range.size) return 'full'
      const from = origin
      const place = (): WalkCursor => ({
        kind: 'walk',
        connector: reader.alias,
        id: row.id,
        epoch: NO_EPOCH,
        position: 0,
        page: from,
        index,
      })
      state.last = place
      if (!passes) continue
      const item = { connector: reader.alias, row }
      state.items.push(item)
      state.places.set(item, place)
    }
    skipTo = undefined
    if (page.nextToken === undefined) return 'exhausted'
    if (state.items.length === range.size) return 'full'
    origin = { token: page.nextToken }
  }
}

const toRequest = (origin: PageOrigin) => {
  if ('token' in origin) return { nextToken: origin.token }
  return origin.offset === 0 ? {} : { offset: origin.offset }
}

/** Push does not take that token or offset (any more). */
const isRefusal = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'BAD_USER_INPUT'
