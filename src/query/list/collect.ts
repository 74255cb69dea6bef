/** All rows of a list, from every connector that it goes over. */
import { allOf, andThen, type Maybe, type Settled, settled } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { BadInputError } from '../../errors.ts'
import { noteFailure } from '../operation/failure.ts'
import type { AccessPath } from '../planning/plan.ts'
import { matchingRows, type MatchingRows, sift } from '../reading/matching-rows.ts'
import { around, isAnyGap } from './gaps-around.ts'
import type { ListItem } from './page.ts'
import type { ListQuery } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'

/** The rows of one connector. */
export interface ConnectorRows {
  readonly connector: string
  readonly rows: readonly Row[]
}

/** Every row that passes, with what is known of where it comes from. */
export interface CollectedRows {
  /** In the order of the connectors; without those that could not be read. */
  readonly parts: readonly ConnectorRows[]
  /** Start of the oldest read, in milliseconds; null where nothing was read. */
  readonly asOf: number | null
  readonly complete: boolean
}

/**
 * All rows of the list, for sorted pages, pages from the end, counts and groups. `paths`: how each reader reads them,
 * where that is planned already.
 * @throws when no connector can be read; where some can, their rows are given and the operation notes what is missing.
 */
export const collect = (
  query: ListQuery,
  readers: readonly Reader[],
  operation: Operation,
  paths: readonly AccessPath[] = [],
): Maybe<CollectedRows> => {
  const answers = readers.map((reader, index) =>
    settled(() => collectFrom(query, reader, operation, paths[index])),
  )
  const merge = (each: readonly Settled<CollectedRows>[]): CollectedRows => {
    const good = each.flatMap(answer => ('value' in answer ? [answer.value] : []))
    for (const [index, answer] of each.entries()) {
      if ('value' in answer) continue
      if (answer.failure instanceof BadInputError) throw answer.failure
      noteFailure(query.collection, readers[index]?.alias ?? '', answer.failure, operation)
    }
    const [first] = each
    if (good.length === 0 && first !== undefined && 'failure' in first) throw first.failure
    return {
      parts: good.flatMap(({ parts }) => parts),
      asOf: oldest(good.map(({ asOf }) => asOf)),
      complete: good.length === each.length && good.every(({ complete }) => complete),
    }
  }
  return andThen(allOf(answers), merge)
}

const collectFrom = (
  { collection, filter, scope }: ListQuery,
  reader: Reader,
  operation: Operation,
  path: AccessPath | undefined,
): Maybe<CollectedRows> => {
  const take = (
    { rows, asOf }: MatchingRows,
    mayMiss: readonly CollectionName[],
    gaps: readonly unknown[] = [],
  ): CollectedRows => ({
    parts: [
      {
        connector: reader.alias,
        rows: scope?.except === undefined ? rows : rows.filter(({ id }) => id !== scope.except),
      },
    ],
    asOf,
    complete: gaps.length === 0 && !isAnyGap(operation, reader.alias, mayMiss),
  })
  // Whichever way they were read, it has told the operation of what may be missing.
  if (scope === undefined)
    return andThen(matchingRows(collection, filter, reader, path), rows =>
      take(rows, [collection, ...around(filter)]),
    )
  return andThen(scope.read(), rows => {
    const { asOf = reader.now(), gaps } = reader.childState(collection, scope.field, scope.value)
    return andThen(sift(collection, filter, rows, reader), passing =>
      take({ rows: passing, asOf }, around(filter), gaps),
    )
  })
}

/** The earliest of the times (milliseconds); null where there is none. */
export const oldest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter(time => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** How many rows they are. */
export const rowCountOf = ({ parts }: CollectedRows): number =>
  parts.reduce((sum, { rows }) => sum + rows.length, 0)

/** The rows as items, one connector's after the other's, each made when its turn comes: they may be many. */
export function* itemsOf({ parts }: CollectedRows): Generator<ListItem> {
  for (const { connector, rows } of parts) for (const row of rows) yield { connector, row }
}
