/** The groups of a list: its rows counted by their own values and those of the objects they lead to. */
import type { Filter } from '../../filter/filter.ts'
import { filterKey } from '../../filter/filter-key.ts'
import {
  type Group,
  type GroupDetails,
  type GroupNames,
  type GroupNumbers,
  groupRows,
  numbersOf,
} from '../../filter/groups.ts'
import {
  type GroupArguments,
  type Grouping,
  readDimension,
  readGrouping,
} from '../../filter/read-grouping.ts'
import { distinctSteps, type GroupedRows, tallySteps } from '../../filter/tally-rows.ts'
import type { Dimension } from '../../model/dimensions.ts'
import { allOf, type Maybe, andThen } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ListName } from '../../model/stored.ts'
import type { Work } from '../../work/work.ts'
import { sift } from '../reading/matching-rows.ts'
import type { Reader } from '../reading/reader.ts'
import { readAll, surroundingsOf } from '../reading/related-rows.ts'
import type { ConnectorRows } from './collect.ts'
import { around } from './gaps-around.ts'

export type { Group } from '../../filter/groups.ts'

/** @throws BadInputError for arguments that no list of that kind can be counted by. */
export const checkGroups = (
  list: ListName,
  args: GroupArguments,
  distinct: readonly unknown[] = [],
): void => {
  readGrouping(list, args)
  for (const of of distinct) if (typeof of === 'string') readDimension(list, of, 'of')
}

/** The rows of a list, to be grouped. */
export interface RowsToGroup {
  readonly collection: CollectionName
  readonly readers: readonly Reader[]
  /** Gives them, those of each connector; what it gives is kept. */
  collect(): Maybe<readonly ConnectorRows[]>
  readFilter(where: unknown): Filter
  /** Told of what the answer rests on beside the rows, before it is read, and of whatever is being found out. */
  rests(on: readonly CollectionName[], found: Maybe<unknown>): void
  readonly work: Work
}

/**
 * The groups of those rows, in their order.
 * @throws BadInputError for arguments that cannot be counted by, before anything is read.
 */
export const groupsOf = (list: RowsToGroup, args: GroupArguments): Maybe<readonly Group[]> => {
  const grouping = readGrouping(list.collection, args)
  const details = createDetails(list, grouping)
  return counted(list, grouping.by, parts =>
    groupRows(list.collection, grouping, parts, list.work, details),
  )
}

/** How many groups there are. @throws BadInputError like `groupsOf` */
export const groupCountOf = (
  list: RowsToGroup,
  args: Pick<GroupArguments, 'by'>,
): Maybe<number> => {
  const grouping = readGrouping(list.collection, { by: args.by })
  const { collection, work } = list
  return counted(list, grouping.by, parts =>
    work.hold(holding =>
      andThen(
        work.run(tallySteps(collection, grouping, parts, work, holding)),
        ({ length }) => length,
      ),
    ),
  )
}

const through = (by: readonly Dimension[]): readonly CollectionName[] =>
  by.flatMap(dimension =>
    dimension.kind === 'field' && dimension.through !== undefined ? [dimension.through.to] : [],
  )

/** What is counted of all rows by those dimensions, once whatever they look at is at hand. */
const counted = <T>(
  { readers, collect, rests }: RowsToGroup,
  by: readonly Dimension[],
  count: (parts: readonly GroupedRows[]) => Maybe<T>,
): Maybe<T> => {
  const related = through(by)
  const ready = readers.map(reader => readAll(related, reader))
  // The rows and what surrounds them are read side by side.
  const collected = collect()
  // Waited for together, so that the failure of one ends the wait for the other.
  const found = andThen(allOf<unknown>([...ready, collected]), () =>
    andThen(collected, rows => count(partsOf(readers, rows, related))),
  )
  rests(related, found)
  return found
}

const partsOf = (
  readers: readonly Reader[],
  collected: readonly ConnectorRows[],
  related: readonly CollectionName[],
): readonly GroupedRows[] => {
  const rows = new Map(collected.map(part => [part.connector, part.rows]))
  return readers.map(reader => ({
    rows: rows.get(reader.alias) ?? [],
    around: surroundingsOf(reader, related),
  }))
}

/** What is asked of single groups is found out for all of them, the first time that it is asked. */
const createDetails = (list: RowsToGroup, grouping: Grouping): GroupDetails => {
  const { collection, readers, collect, readFilter, rests, work } = list
  const known = new Map<string, Maybe<GroupNumbers>>()
  const once = (name: string, find: () => Maybe<GroupNumbers>): Maybe<GroupNumbers> => {
    const before = known.get(name)
    if (before !== undefined) return before
    const found = find()
    known.set(name, found)
    return found
  }

  const distinct = (of: Dimension, among: GroupNames): Maybe<GroupNumbers> =>
    counted(list, [...grouping.by, of], parts =>
      work.hold(holding =>
        andThen(work.run(distinctSteps(collection, grouping, of, parts, work, holding)), tallies =>
          numbersOf(tallies, among, work),
        ),
      ),
    )

  const passing = (filter: Filter, among: GroupNames): Maybe<GroupNumbers> => {
    const related = through(grouping.by)
    const found = andThen(collect(), rows =>
      andThen(allOf(rows.map(part => sifted(part, filter))), kept => {
        const parts = partsOf(readers, kept, related)
        return work.hold(holding =>
          andThen(work.run(tallySteps(collection, grouping, parts, work, holding)), tallies =>
            numbersOf(tallies, among, work),
          ),
        )
      }),
    )
    rests(around(filter), found)
    return found
  }

  const sifted = ({ connector, rows }: ConnectorRows, filter: Filter): Maybe<ConnectorRows> => {
    const reader = readers.find(({ alias }) => alias === connector)
    if (reader === undefined) return { connector, rows: [] }
    return andThen(sift(collection, filter, rows, reader), kept => ({ connector, rows: kept }))
  }

  return {
    distinct: (of, among) =>
      once(`distinct ${of}`, () => distinct(readDimension(collection, of, 'of'), among)),
    passing: (where, among) => {
      const filter = readFilter(where)
      return once(`share ${filterKey(filter)}`, () => passing(filter, among))
    },
  }
}
