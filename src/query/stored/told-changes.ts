/** Which changes of objects a stored event tells of already. */
import type { ConnectorFilter } from '../../events/events.ts'
import { and } from '../../filter/filter.ts'
import { collections } from '../../model/collections.ts'
import type { Field } from '../../model/collection.ts'
import { type ChangeRow, fieldAt } from '../../model/row-changes.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import { historyOf, isAbout } from './history.ts'
import type { StoredItem, StoredSource } from './list.ts'

/** A change, and the object that changed. */
export interface ChangeOfObject {
  readonly item: StoredItem<'changes'>
  readonly object: { readonly collection: CollectionName; readonly row: Row }
}

/**
 * The changes without those that one of these events tells of. A row that learns from an event takes the moment of its
 * arrival, to the millisecond, for the moment of the change: an event about the object that arrived then is the one. Of an
 * event that is gone, or was never stored, the changes stay.
 */
export const withoutTold = async <Change extends ChangeOfObject>(
  changes: readonly Change[],
  events: readonly ConnectorFilter[],
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly Change[]> => {
  const mayBe = changes.filter(({ item }) => mayBeTold(item.row))
  const parts = Map.groupBy(mayBe, ({ item, object }) => `${item.connector} ${object.collection}`)
  const told = await Promise.all([...parts.values()].map(of => toldOf(of, events, source)))
  const all = new Set<Change>(told.flat())
  return all.size === 0 ? changes : changes.filter(change => !all.has(change))
}

/** Those of one connector and collection that are told. */
const toldOf = async <Change extends ChangeOfObject>(
  changes: readonly Change[],
  events: readonly ConnectorFilter[],
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly Change[]> => {
  const [first] = changes
  if (first === undefined) return []
  const { connector } = first.item
  const { collection } = first.object
  const moments = changes.map(({ item }) => item.row.at)
  const field = 'receivedAt'
  const about = and([
    isAbout(collection),
    historyOf(
      collection,
      changes.map(({ object }) => object.row),
    ),
    { kind: 'compare', field, op: 'gte', value: moments.reduce(least) },
    { kind: 'compare', field, op: 'lte', value: moments.reduce(most) },
  ])
  const parts = events.flatMap(({ connectors, filter }) =>
    connectors.includes(connector)
      ? [{ connectors: [connector], filter: and([filter, about]) }]
      : [],
  )
  if (parts.length === 0) return []
  const { idField, namedBy } = collections[collection].webhook
  const by = [idField, field].map(of => ({ kind: 'field', field: of }) as const)
  const arrived = await source.groups({ list: 'events', parts, by, first: undefined })
  const told = new Set(arrived.map(({ keys: [id, at] }) => `${id ?? ''} ${Number(at)}`))
  // An app may be named by its type alone, an extension by that of the browser's store.
  const namesOf = (row: Row): readonly string[] => [
    row.id,
    ...(namedBy === undefined ? [] : [String(fieldOf(row, namedBy.field))]),
    ...(collection === 'apps' ? [''] : []),
  ]
  return changes.filter(({ item, object }) =>
    namesOf(object.row).some(name => told.has(`${name} ${item.row.at}`)),
  )
}
const least = (a: number, b: number): number => Math.min(a, b)
const most = (a: number, b: number): number => Math.max(a, b)

/**
 * Whether an event may have told all of it. One change a day is kept of a time of use: what is later than the event was
 * learnt from another.
 */
const mayBeTold = (change: ChangeRow): boolean => {
  if (change.learntFrom !== 'EVENT') return false
  const fields: Readonly<Record<string, Field>> = collections[change.collection].fields
  const isOfUse = change.field !== null && fields[fieldAt(change.field)]?.isOfUse === true
  return !isOfUse || Number(change.new) <= change.at
}
