/** Which changes of an object a stored event tells of already. */
import { and } from '../../filter/filter.ts'
import { collections } from '../../model/collections.ts'
import type { Field } from '../../model/collection.ts'
import { type ChangeRow, fieldAt } from '../../model/row-changes.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { historyOf, isAbout } from './history.ts'
import type { StoredItem, StoredSource } from './list.ts'

/**
 * The changes without those of stored events. A row that learns from an event takes the moment of its arrival, to the
 * millisecond, for the moment of the change: an event about the object that arrived then is the one. Of an event that is
 * gone, or was never stored, the changes stay.
 */
export const withoutTold = async (
  changes: readonly StoredItem<'changes'>[],
  {
    connector,
    collection,
    row,
  }: { readonly connector: string; readonly collection: CollectionName; readonly row: Row },
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly StoredItem<'changes'>[]> => {
  const moments = changes.filter(({ row: of }) => mayBeTold(of)).map(({ row: of }) => of.at)
  if (moments.length === 0) return changes
  const [first, last] = [moments.reduce(least), moments.reduce(most)]
  const arrived = await source.groups({
    list: 'events',
    parts: [
      {
        connectors: [connector],
        filter: and([
          isAbout(collection),
          historyOf(collection, row),
          { kind: 'compare', field: 'receivedAt', op: 'gte', value: first },
          { kind: 'compare', field: 'receivedAt', op: 'lte', value: last },
        ]),
      },
    ],
    by: [{ kind: 'field', field: 'receivedAt' }],
    first: undefined,
  })
  const told = new Set(arrived.map(({ keys: [at] }) => Number(at)))
  return changes.filter(({ row: of }) => !mayBeTold(of) || !told.has(of.at))
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
