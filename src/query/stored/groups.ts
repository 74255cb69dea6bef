/** The groups of a stored list. The file counts by its own columns; the values behind a link are filled in here. */
import { type GatewayError, RateLimitedError } from '../../errors.ts'
import { isRefusedForOthers } from '../../events/counting.ts'
import type { Counted, CountQuery, ConnectorFilter, Selection } from '../../events/events.ts'
import type { Key, GroupTally } from '../../filter/fill.ts'
import { type Filter, and } from '../../filter/filter.ts'
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
  bucketPlace,
  isByTime,
  MAX_GROUPS,
  type GroupArguments,
  type Grouping,
  readDimension,
  readGrouping,
} from '../../filter/read-grouping.ts'
import { checkCombinations, combinationsOf } from '../../filter/count-tree.ts'
import { derived, type FieldValues } from '../../filter/values.ts'
import { type Dimension, upperSnake } from '../../model/dimensions.ts'
import { aliasOf } from '../operation/place.ts'
import { fieldsOf, type StoredName } from '../../model/stored.ts'
import type { HeldMemory } from '../../work/large-holdings.ts'
import type { Steps } from '../../work/steps.ts'
import type { Work } from '../../work/work.ts'
import type { Reader } from '../reading/reader.ts'
import type { Maybe } from '../../model/maybe.ts'
import { isPrimitive } from '../../model/values.ts'

/** A stored list, to be grouped. */
export interface StoredToGroup {
  readonly list: StoredName
  readonly readers: readonly Reader[]
  /** Its rows; those alone that pass the filter, where one is given. */
  select(also?: Filter): Promise<Selection>
  readFilter(where: unknown): Filter
  readonly source: { groups(query: CountQuery): Promise<readonly Counted[]> }
  readonly work: Work
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
  stored: StoredToGroup,
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

/** About what it takes to look at a group. */
const GROUP_NS = 500

function* mapSteps<From, To>(
  groups: readonly From[],
  map: (group: From) => To,
  work: Work,
): Generator<void, readonly To[]> {
  const mapped: To[] = []
  for (const group of groups) {
    if (!work.spend(GROUP_NS)) yield
    mapped.push(map(group))
  }
  return mapped
}

interface TallyTerms extends Pick<Grouping, 'by'> {
  /** So many of the most frequent alone, where nothing is behind a link. */
  readonly first?: number | undefined
  /** Of the rows that pass it alone. */
  readonly also?: Filter
  readonly holding: HeldMemory
}

/** How many rows have the same values there, within the range of the grouping. */
const tally = async (
  { list, readers, select, source, work }: StoredToGroup,
  grouping: Grouping,
  { by, first, also, holding }: TallyTerms,
): Promise<readonly GroupTally[]> => {
  const range = rangeOf(grouping)
  const parts = (await select(also)).parts.map((part): ConnectorFilter => ({
    ...part,
    filter: and([part.filter, ...range]),
  }))
  if (!by.some(linkOf)) {
    const counted = await countedBy(() => source.groups({ list, parts, by, first }), work, holding)
    return work.run(mapSteps(counted, of => toTally(list, by, of), work))
  }

  // Nobody is to hold much while Push is asked.
  const linked = new Set(by.flatMap(dimension => linkOf(dimension)?.to ?? []))
  await Promise.all(readers.flatMap(reader => [...linked].map(async to => reader.whole(to))))
  const tallies = new Map<Key, GroupTally>()
  for (const reader of readers) {
    const links = await countLinked(list, by, parts, reader, query =>
      countedBy(() => source.groups(query), work, holding),
    )
    await work.run(addLinked(list, by, links, reader, tallies, work, holding))
  }
  return [...tallies.values()]
}

type Ask = () => Promise<readonly Counted[]>

const RETRY_AFTER_MS = 1_000

/**
 * What is counted where as many may be held at once. Else nothing is held while that is waited for, and it is counted once more; so is
 * what was refused for all that others count at the same time. @throws {RateLimitedError} where it is refused for that again
 */
const countedBy = async (
  ask: Ask,
  work: Work,
  holding: HeldMemory,
): Promise<readonly Counted[]> => {
  const atOnce = await countedAtOnce(ask, holding)
  if (atOnce !== undefined) return atOnce
  await work.run(holding.enter())
  try {
    return await ask()
  } catch (error) {
    throw isRefusedForOthers(error)
      ? new RateLimitedError((error as GatewayError).message, RETRY_AFTER_MS)
      : error
  }
}

const countedAtOnce = async (
  ask: Ask,
  holding: HeldMemory,
): Promise<readonly Counted[] | undefined> => {
  try {
    const counted = await ask()
    holding.add(counted.length)
    return holding.isLet() ? counted : undefined
  } catch (error) {
    if (isRefusedForOthers(error)) return undefined
    throw error
  }
}

/** About what it takes to find what lies behind the links of a group, and to name it. */
const LINKED_NS = 2_000

/** Adds those groups by the values that lie behind their links. */
function* addLinked(
  list: StoredName,
  dimensions: readonly Dimension[],
  { counted, appOf }: CountedLinks,
  reader: Reader,
  tallies: Map<Key, GroupTally>,
  work: Work,
  holding: HeldMemory,
): Steps<void> {
  for (const { keys: ids, count } of counted) {
    if (!work.spend(LINKED_NS)) yield
    if (holding.isTooLarge) yield* holding.enter()
    const values = dimensions.map((dimension, index) => {
      const isApp = linkOf(dimension)?.to === 'apps'
      const key = ids[index] ?? (isApp ? appOf.get(String(ids[dimensions.length])) : undefined)
      return valuesOf(list, dimension, key ?? null, reader)
    })
    const product = values.reduce((sum, { length }) => sum * length, 1)
    checkCombinations(product)
    if (product > 1 && !work.spend(LINKED_NS * product)) yield
    for (const keys of combinationsOf(values)) {
      const name = JSON.stringify(keys)
      const known = tallies.get(name)
      if (known === undefined) holding.add(1)
      tallies.set(name, { keys, count: count + (known?.count ?? 0) })
    }
  }
}

const linkOf = (dimension: Dimension) =>
  dimension.kind === 'field' ? dimension.through : undefined

interface CountedLinks {
  readonly counted: readonly Counted[]
  /** The ids of apps by their types, where the last key of a group is such a type. */
  readonly appOf: ReadonlyMap<string, string>
}

/** Counts by the ids that the links hold; the rows of those ids are at hand. */
const countLinked = async (
  list: StoredName,
  dimensions: readonly Dimension[],
  parts: readonly ConnectorFilter[],
  reader: Reader,
  ask: StoredToGroup['source']['groups'],
): Promise<CountedLinks> => {
  const mine = parts
    .filter(({ connectors }) => connectors.includes(reader.alias))
    .map(part => ({ ...part, connectors: [reader.alias] }))
  const by = dimensions.map((dimension): Dimension => {
    const link = linkOf(dimension)
    return link === undefined ? dimension : { kind: 'field', field: link.idField }
  })
  // Of an event that has no id of its app, the type leads to it.
  const byType: readonly Dimension[] = dimensions.some(of => linkOf(of)?.to === 'apps')
    ? [{ kind: 'field', field: 'appType' }]
    : []
  const counted = await ask({
    list,
    parts: mine,
    by: [...by, ...byType],
    first: undefined,
  })
  const appOf = new Map(
    byType.length === 0
      ? []
      : reader.store
          .table('apps')
          .frozen()
          .rows.map(({ type, id }) => [type, id]),
  )
  return { counted, appOf }
}

const valuesOf = (
  list: StoredName,
  dimension: Dimension,
  key: Key,
  reader: Reader,
): readonly Key[] => {
  const link = linkOf(dimension)
  if (dimension.kind !== 'field' || link === undefined) return [ownKey(list, dimension, key)]
  const target = typeof key === 'string' ? reader.store.table(link.to).get(key) : undefined
  if (target === undefined) return [null]
  const fields = target as unknown as FieldValues
  const read = derived(link.to, dimension.field, { connectorAlias: aliasOf(reader.alias) })
  const value = read === undefined ? fields[dimension.field] : read(fields)
  if (Array.isArray(value)) return value.length === 0 ? [null] : [...new Set(value as Key[])]
  return [isPrimitive(value) ? value : null]
}

const toTally = (
  list: StoredName,
  by: readonly Dimension[],
  { keys, count }: Counted,
): GroupTally => ({
  keys: keys.map((key, index) => ownKey(list, by[index], key)),
  count,
})

/** The file holds truth values as numbers, and collections by our names of them. */
const ownKey = (list: StoredName, dimension: Dimension | undefined, key: Key): Key => {
  if (dimension?.kind !== 'field' || dimension.through !== undefined || key === null) return key
  const { field } = dimension
  if (list === 'changes' && field === 'collection') return upperSnake(String(key))
  return fieldsOf(list)[field]?.kind === 'boolean' ? key === 1 : key
}

/** The range of the only time bucket, as comparisons. */
const rangeOf = (grouping: Grouping): readonly Filter[] => {
  const dimension = grouping.by[bucketPlace(grouping.by)]
  if (dimension?.kind !== 'field') return []
  const { field } = dimension
  const { from, until } = grouping
  return [
    ...(from === undefined ? [] : [{ kind: 'compare', field, op: 'gte', value: from } as const]),
    ...(until === undefined ? [] : [{ kind: 'compare', field, op: 'lt', value: until } as const]),
  ]
}
