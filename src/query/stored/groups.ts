/** The groups of a stored list. The file counts by its own columns; the values behind a link are filled in here. */
import type { Counted, CountQuery, ConnectorFilter, Selection } from '../../events/events.ts'
import type { Key, GroupTally } from '../../filter/fill.ts'
import { type Filter, and } from '../../filter/filter.ts'
import { finishGroups, type Group } from '../../filter/groups.ts'
import {
  bucketPlace,
  isByTime,
  MAX_GROUPS,
  type GroupArguments,
  type Grouping,
  readGrouping,
} from '../../filter/read-grouping.ts'
import { derived, type FieldValues } from '../../filter/values.ts'
import { type Dimension, upperSnake } from '../../model/dimensions.ts'
import { aliasOf } from '../operation/place.ts'
import { fieldsOf, type StoredName } from '../../model/stored.ts'
import type { Work } from '../../work/work.ts'
import type { Reader } from '../reading/reader.ts'
import { isPrimitive } from '../../model/values.ts'

/** @throws BadInputError for arguments that cannot be counted by, before anything is read. */
export const countGroups = async (
  list: StoredName,
  args: GroupArguments,
  select: () => Promise<Selection>,
  readers: readonly Reader[],
  source: { groups(query: CountQuery): Promise<readonly Counted[]> },
  work: Work,
): Promise<readonly Group[]> => {
  const grouping = readGrouping(list, args)
  const selection = await select()
  const range = rangeOf(grouping)
  const parts: readonly ConnectorFilter[] = selection.parts.map(part => ({
    ...part,
    filter: and([part.filter, ...range]),
  }))

  const isLinked = grouping.by.some(linkOf)
  if (!isLinked) {
    const { fill, first: wanted = MAX_GROUPS + 1 } = grouping
    // The file gives those with most rows first.
    const first = fill || isByTime(grouping) ? undefined : wanted
    const counted = await source.groups({ list, parts, by: grouping.by, first })
    return finishGroups(
      grouping,
      counted.map(of => toTally(list, grouping, of)),
      work,
    )
  }

  const tallies = new Map<string, GroupTally>()
  for (const reader of readers)
    for (const tally of await countLinked(list, grouping, parts, reader, source)) {
      const name = JSON.stringify(tally.keys)
      const known = tallies.get(name)
      tallies.set(name, { keys: tally.keys, count: tally.count + (known?.count ?? 0) })
    }
  return finishGroups(grouping, [...tallies.values()], work)
}

const linkOf = (dimension: Dimension) =>
  dimension.kind === 'field' ? dimension.through : undefined

/** Counts by the ids that the links hold, then by what the rows of those ids hold. */
const countLinked = async (
  list: StoredName,
  grouping: Grouping,
  parts: readonly ConnectorFilter[],
  reader: Reader,
  source: { groups(query: CountQuery): Promise<readonly Counted[]> },
): Promise<readonly GroupTally[]> => {
  const mine = parts
    .filter(({ connectors }) => connectors.includes(reader.alias))
    .map(part => ({ ...part, connectors: [reader.alias] }))
  const by = grouping.by.map((dimension): Dimension => {
    const link = linkOf(dimension)
    return link === undefined ? dimension : { kind: 'field', field: link.idField }
  })
  const linked = new Set(grouping.by.flatMap(dimension => linkOf(dimension)?.to ?? []))
  // Of an event that has no id of its app, the type leads to it.
  const byType: readonly Dimension[] = linked.has('apps')
    ? [{ kind: 'field', field: 'appType' }]
    : []
  const counted = await source.groups({
    list,
    parts: mine,
    by: [...by, ...byType],
    first: undefined,
  })
  await Promise.all([...linked].map(async to => reader.whole(to)))
  const ofType = new Map(
    byType.length === 0
      ? []
      : reader.store
          .table('apps')
          .frozen()
          .rows.map(({ type, id }) => [type, id]),
  )
  return counted.flatMap(({ keys, count }) => {
    const values = grouping.by.map((dimension, index) => {
      const isApp = linkOf(dimension)?.to === 'apps'
      const key = keys[index] ?? (isApp ? ofType.get(String(keys[by.length])) : undefined) ?? null
      return valuesOf(list, dimension, key, reader)
    })
    return combinations(values).map(combined => ({ keys: combined, count }))
  })
}

/** A row with several values counts once for each of them. */
const combinations = (values: readonly (readonly Key[])[]): readonly (readonly Key[])[] =>
  values.reduce<readonly (readonly Key[])[]>(
    (combined, choices) => combined.flatMap(keys => choices.map(choice => [...keys, choice])),
    [[]],
  )

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

const toTally = (list: StoredName, { by }: Grouping, { keys, count }: Counted): GroupTally => ({
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
