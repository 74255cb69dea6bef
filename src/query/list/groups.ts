/** The groups of a list: its rows counted by their own values and those of the objects they lead to. */
import { groupRows, type Group } from '../../filter/groups.ts'
import { type GroupArguments, readGrouping } from '../../filter/read-grouping.ts'
import { allOf, type Maybe, andThen } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ListName } from '../../model/stored.ts'
import type { Work } from '../../work/work.ts'
import type { ConnectorRows } from './collect.ts'
import type { Reader } from '../reading/reader.ts'
import { readAll, surroundingsOf } from '../reading/related-rows.ts'

/** @throws BadInputError for arguments that no list of that kind can be counted by. */
export const checkGroups = (list: ListName, args: GroupArguments): void => {
  readGrouping(list, args)
}

/** The collections besides its own by whose values a list is counted. */
export const countedThrough = (
  collection: CollectionName,
  args: GroupArguments,
): readonly CollectionName[] => through(readGrouping(collection, args))

const through = ({ by }: ReturnType<typeof readGrouping>): readonly CollectionName[] =>
  by.flatMap(dimension =>
    dimension.kind === 'field' && dimension.through !== undefined ? [dimension.through.to] : [],
  )

/**
 * The groups of those rows, in their order.
 * @throws BadInputError for arguments that cannot be counted by, before anything is read.
 */
export const groupsOf = (
  collection: CollectionName,
  args: GroupArguments,
  readers: readonly Reader[],
  collect: () => Maybe<readonly ConnectorRows[]>,
  work: Work,
): Maybe<readonly Group[]> => {
  const grouping = readGrouping(collection, args)
  const related = through(grouping)
  const ready = readers.map(reader => readAll(related, reader))
  const count = (collected: readonly ConnectorRows[]): Maybe<readonly Group[]> => {
    const rows = new Map(collected.map(part => [part.connector, part.rows]))
    const parts = readers.map(reader => ({
      rows: rows.get(reader.alias) ?? [],
      around: surroundingsOf(reader, related),
    }))
    return groupRows(collection, grouping, parts, work)
  }
  // The rows and what surrounds them are read side by side.
  const collected = collect()
  // Waited for together, so that the failure of one ends the wait for the other.
  return andThen(allOf<unknown>([...ready, collected]), () => andThen(collected, count))
}
