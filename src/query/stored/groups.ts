/** The groups of a stored list, and what is asked of single ones. */
import type { GroupTally } from '../../filter/fill.ts'
import type { Filter } from '../../filter/filter.ts'
import { filterKey } from '../../filter/filter-key.ts'
import {
  finishGroups,
  type Group,
  type GroupDetails,
  type GroupNames,
  type GroupNumbers,
  numbersOf,
} from '../../filter/groups.ts'
import {
  isByTime,
  MAX_GROUPS,
  type GroupArguments,
  type Grouping,
  readDimension,
  readGrouping,
} from '../../filter/read-grouping.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { Work } from '../../work/work.ts'
import { mapSteps, type StoredToCount, tally } from './tallies.ts'

/** A stored list, to be grouped. */
export interface StoredToGroup extends StoredToCount {
  readFilter(where: unknown): Filter
}

/** @throws BadInputError for arguments that cannot be counted by, before anything is read. */
export const countGroups = async (
  stored: StoredToGroup,
  args: GroupArguments,
): Promise<readonly Group[]> => {
  const grouping = readGrouping(stored.list, args)
  const { fill, having, order, first: wanted = MAX_GROUPS + 1 } = grouping
  const isUsual = !fill && having === undefined && order.length === 0 && !isByTime(grouping)
  // The file gives those with most rows first.
  const terms = { by: grouping.by, first: isUsual ? wanted : undefined }
  return stored.work.hold(async holding => {
    const tallies = await tally(stored, grouping, { ...terms, holding })
    return finishGroups(grouping, tallies, stored.work, createDetails(stored, grouping))
  })
}

/** How many groups there are. @throws BadInputError like `countGroups` */
export const countOfGroups = async (
  stored: StoredToCount,
  { by }: Pick<GroupArguments, 'by'>,
): Promise<number> => {
  const grouping = readGrouping(stored.list, { by })
  return stored.work.hold(
    async holding => (await tally(stored, grouping, { by: grouping.by, holding })).length,
  )
}

/** What is asked of single groups is found out for all of them, the first time that it is asked. */
const createDetails = (stored: StoredToGroup, grouping: Grouping): GroupDetails => {
  const known = new Map<string, Maybe<GroupNumbers>>()
  const once = (name: string, find: () => Maybe<GroupNumbers>): Maybe<GroupNumbers> => {
    const found = known.get(name) ?? find()
    known.set(name, found)
    return found
  }
  return {
    distinct: (of, among) => {
      const dimension = readDimension(stored.list, of, 'of')
      const all = [...grouping.by, dimension]
      return once(`distinct ${of}`, () =>
        stored.work.hold(async holding =>
          distinctOf(await tally(stored, grouping, { by: all, holding }), among, stored.work),
        ),
      )
    },
    passing: (where, among) => {
      const filter = stored.readFilter(where)
      return once(`share ${filterKey(filter)}`, () =>
        stored.work.hold(async holding => {
          const counted = await tally(stored, grouping, { by: grouping.by, also: filter, holding })
          return numbersOf(counted, among, stored.work)
        }),
      )
    },
  }
}

/** How many values are behind the keys of each group, null apart. */
const distinctOf = async (
  tallies: readonly GroupTally[],
  among: GroupNames,
  work: Work,
): Promise<GroupNumbers> =>
  numbersOf(await work.run(mapSteps(tallies, withoutLastKey, work)), among, work)

const withoutLastKey = ({ keys }: GroupTally): GroupTally => ({
  keys: keys.slice(0, -1),
  count: Number(keys.at(-1) !== null),
})
