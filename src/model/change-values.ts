/** What a change tells of its object, as the graph shows it. */
import type { Field } from './collection.ts'
import { collections } from './collections.ts'
import { plainRow, plainValue } from './plain-values.ts'
import { type ChangeRow, fieldAt } from './row-changes.ts'
import type { CollectionName, Row } from './rows.ts'
import { fieldOf } from './values.ts'

const asItIs = (_name: CollectionName, row: Row): Row => row

/**
 * The value before or after; of an object that came or went, all of its fields. Null where there was none. `told` gives
 * rows as they may be told, where that is not all of them.
 */
export const changedValue = (
  change: ChangeRow,
  side: 'old' | 'new',
  told: (name: CollectionName, row: Row) => Row = asItIs,
): unknown => {
  const { collection, field: path, [side]: value } = change
  if (value === null) return null
  if (path === null) return plainRow(collection, told(collection, value as Row))
  const field = fieldAt(path)
  const of = (collections[collection].fields as Readonly<Record<string, Field>>)[field]
  // A field that a later version no longer has.
  if (of === undefined) return null
  return plainValue(of, fieldOf(told(collection, { [field]: value } as unknown as Row), field))
}
