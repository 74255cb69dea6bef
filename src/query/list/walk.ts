/** A page of an unsorted list, read no further than the page needs. */
import { BadInputError } from '../../errors.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import { type PageBuilder, createPageBuilder, type WalkOutcome } from './page-builder.ts'
import type { Cursor, WalkCursor } from './cursor.ts'
import { createGreeter } from './greet-strangers.ts'
import { noteFailure } from '../operation/failure.ts'
import type { PageRange } from './range.ts'
import type { ListPage } from './page.ts'
import type { ListQuery } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import { positionIn } from './position.ts'
import type { Table } from '../../store/store.ts'
import type { Reader } from '../reading/reader.ts'
import { around, isAnyGap } from './gaps-around.ts'
import { readAll } from '../reading/related-rows.ts'
import { walkPages } from './walk-pages.ts'
import { walkTable } from './walk-table.ts'

/**
 * The page after the range's cursor, through one connector after the other.
 * @throws what made the reading impossible, where nothing at all could be read
 */
export const walk = (
  query: ListQuery,
  range: PageRange,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<ListPage> => {
  const builder = createPageBuilder(query, range, operation)
  const begin = startOf(readers, range.after)
  const failures: unknown[] = []
  const greeter = createGreeter(query.collection, readers, operation)

  const from = (index: number): Maybe<ListPage> => {
    const reader = readers[index]
    if (reader === undefined) {
      if (failures.length > 0 && failures.length === index - begin && builder.size() === 0)
        throw failures[0]
      return builder.page(false)
    }
    const after = index === begin ? range.after : undefined
    const before = builder.size()
    const next = (outcome: WalkOutcome): Maybe<ListPage> => {
      if (outcome !== 'exhausted') return builder.page(true)
      const { collection, filter } = query
      if (after === undefined && filter.kind !== 'all')
        reader.passed(collection, filter, builder.size() - before)
      return from(index + 1)
    }
    const failed = (failure: unknown): Maybe<ListPage> => {
      if (failure instanceof BadInputError) throw failure
      failures.push(failure)
      noteFailure(query.collection, reader.alias, failure, operation)
      const isOnly = readers.length === 1
      if (isOnly && builder.size() === 0) throw failure
      builder.incomplete()
      // What was read of this connector stands, with a cursor that goes on there.
      return isOnly ? builder.page(true) : from(index + 1)
    }
    try {
      const outcome = walkOne(builder, reader, after?.kind === 'walk' ? after : undefined)
      if (!(outcome instanceof Promise)) return next(outcome)
      greeter.waitsFor(index)
      return outcome.then(next, failed)
    } catch (failure) {
      return failed(failure)
    }
  }
  const page = from(begin)
  return page instanceof Promise ? page.finally(greeter.end) : page
}

const startOf = (readers: readonly Reader[], after: Cursor | undefined): number => {
  if (after === undefined) return 0
  const index = readers.findIndex(({ alias }) => alias === after.connector)
  if (index < 0)
    throw new BadInputError(`"after" belongs to a connector that this list does not read`, 'after')
  return index
}

const walkOne = (
  builder: PageBuilder,
  reader: Reader,
  after: WalkCursor | undefined,
): Maybe<WalkOutcome> => {
  const { collection, filter } = builder.query
  const go = (table: Table): Maybe<WalkOutcome> => {
    if (after === undefined) return walkTable(builder, reader, table, 0)
    const position = positionIn(table, after)
    return position === undefined
      ? walkPages(builder, reader, after)
      : walkTable(builder, reader, table, Math.floor(position) + 1)
  }
  // A walk tests row by row as pages come in: the rows around any row must be at hand before.
  const related = around(filter)
  return andThen(readAll(related, reader), () => {
    if (isAnyGap(builder.operation, reader.alias, related)) builder.incomplete()
    const table = reader.store.table(collection)
    const reviving = reader.revive(collection)
    return reviving === undefined
      ? go(table)
      : reviving.then(() => go(reader.store.table(collection)))
  })
}
