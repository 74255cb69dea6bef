/** How rows of a stored list are counted. The file counts by its own columns; the values behind a link are filled in here. */
import type { ConnectorFilter, Counted, CountQuery, Selection } from '../../events/events.ts'
import { checkCombinations } from '../../filter/count-tree.ts'
import type { GroupTally, Key } from '../../filter/fill.ts'
import { and, type Filter } from '../../filter/filter.ts'
import { bucketPlace, type Grouping } from '../../filter/read-grouping.ts'
import { derived, type FieldValues } from '../../filter/values.ts'
import { type Dimension, upperSnake } from '../../model/dimensions.ts'
import { fieldsOf, type StoredName } from '../../model/stored.ts'
import { isPrimitive } from '../../model/values.ts'
import type { HeldMemory } from '../../work/large-holdings.ts'
import type { Steps } from '../../work/steps.ts'
import type { Work } from '../../work/work.ts'
import { aliasOf } from '../operation/place.ts'
import type { Reader } from '../reading/reader.ts'
import { countedBy } from './held-groups.ts'

/** A stored list, to be counted. */
export interface StoredToCount {
  readonly list: StoredName
  readonly readers: readonly Reader[]
  /** Its rows; those alone that pass the filter, where one is given. */
  select(also?: Filter): Promise<Selection>
  readonly source: { groups(query: CountQuery): Promise<readonly Counted[]> }
  readonly work: Work
}

/** About what it takes to look at a group. */
const GROUP_NS = 500

/** What that makes of each, in turns. */
export function* mapSteps<From, To>(
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
export const tally = async (
  { list, readers, select, source, work }: StoredToCount,
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

/** A value of each, in every combination: a row with several values counts once for each of them. */
const combinationsOf = (values: readonly (readonly Key[])[]): readonly (readonly Key[])[] =>
  values.reduce<Key[][]>((all, own) => all.flatMap(keys => own.map(key => [...keys, key])), [[]])

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
  ask: StoredToCount['source']['groups'],
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
