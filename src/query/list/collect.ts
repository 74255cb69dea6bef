/** All rows of a list, from every connector that it goes over. */
import { everything as noCondition } from '../../filter/filter.ts'
import { allOf, andThen, type Maybe, type Settled, settled } from '../../model/maybe.ts'
import { noteFailure } from '../operation/failure.ts'
import { matchingRows, type MatchingRows, sift } from '../reading/matching-rows.ts'
import type { ConnectorRows } from './page.ts'
import type { ListItem } from './page.ts'
import type { ListQuery } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'

/** Every row that passes, with what is known of where it comes from. */
export interface CollectedRows {
  /** In the order of the connectors; without those that could not be read. */
  readonly parts: readonly ConnectorRows[]
  readonly asOf: number | null
  readonly complete: boolean
}

/**
 * All rows of the list, for sorted pages, pages from the end, counts and groups; `inOrder` reads a root list whole,
 * so that every row has its place in the order of first reading.
 * @throws when no connector can be read; where some can, their rows are given and the operation is told what is
 * missing.
 */
export const collect = (
  question: ListQuery,
  readers: readonly Reader[],
  operation: Operation,
  inOrder = false,
): Maybe<CollectedRows> => {
  const answers = readers.map(reader => settled(() => gatherFrom(question, reader, inOrder)))
  const merge = (each: readonly Settled<CollectedRows>[]): CollectedRows => {
    const good = each.flatMap(answer => ('value' in answer ? [answer.value] : []))
    for (const [index, answer] of each.entries()) {
      if ('value' in answer) continue
      if (good.length === 0) throw answer.failure
      noteFailure(question.collection, readers[index]?.alias ?? '', answer.failure, operation)
    }
    return {
      parts: good.flatMap(({ parts }) => parts),
      asOf: oldest(good.map(({ asOf }) => asOf)),
      complete: good.length === each.length && good.every(({ complete }) => complete),
    }
  }
  return andThen(allOf(answers), merge)
}

const gatherFrom = (
  question: ListQuery,
  reader: Reader,
  inOrder: boolean,
): Maybe<CollectedRows> => {
  const { collection, scope, condition } = question
  const filter = condition?.filter ?? noCondition
  const take = ({ rows, asOf }: MatchingRows, unreadable: readonly unknown[]): CollectedRows => ({
    parts: [
      {
        connector: reader.alias,
        rows: scope?.except === undefined ? rows : rows.filter(({ id }) => id !== scope.except),
      },
    ],
    asOf,
    complete: unreadable.length === 0,
  })
  if (scope === undefined)
    return andThen(matchingRows(collection, filter, reader, inOrder), rows =>
      take(rows, reader.store.table(collection).unreadable),
    )
  return andThen(scope.read(), rows => {
    const { asOf = reader.now(), unreadable } = reader.childState(
      collection,
      scope.field,
      scope.value,
    )
    return andThen(sift(collection, filter, rows, reader), passing =>
      take({ rows: passing, asOf }, unreadable),
    )
  })
}

const oldest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter(time => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** The rows as items, one connector's after the other's. */
export const itemsOf = ({ parts }: CollectedRows): ListItem[] =>
  parts.flatMap(({ connector, rows }) => rows.map(row => ({ connector, row })))
