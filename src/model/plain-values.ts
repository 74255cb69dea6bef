/** Rows as the graph shows their plain fields, for whoever writes them as JSON. */
import { computedOf } from './collection-lookups.ts'
import type { Field } from './collection.ts'
import { collections } from './collections.ts'
import { detectionEventFields } from './detection-events.ts'
import { type ChangeRow, fieldAt } from './row-changes.ts'
import {
  metadataValue,
  type CollectionName,
  type DetectionEvent,
  type Row,
  type Rows,
} from './rows.ts'
import { fieldOf } from './values.ts'

/**
 * The plain fields of an object by their names in the graph: moments as ISO 8601 in UTC, the words of enumerations as
 * Push sent them, an account's ways to log in as one object. Nulls stay, so that all objects of a type have the same
 * members.
 */
export const plainRow = <Name extends CollectionName>(
  name: Name,
  row: Rows[Name],
): Record<string, unknown> => {
  const plain: Record<string, unknown> = {}
  const loginMethods: Record<string, unknown> = {}
  for (const [field, of] of Object.entries<Field>(collections[name].fields)) {
    const into = of.from.startsWith('loginMethods.') ? loginMethods : plain
    into[field] = plainValue(of, fieldOf(row, field))
  }
  if (name === 'accounts') plain['loginMethods'] = loginMethods
  for (const [field, made] of Object.entries(computedOf(name))) plain[field] = made(row)
  return plain
}

/** The value of one field in the same form. */
export const plainValue = ({ kind }: Pick<Field, 'kind'>, value: unknown): unknown => {
  if (value === null || value === undefined) return null
  if (kind === 'seconds') return toIso(value as number)
  if (kind === 'objects') return (value as readonly DetectionEvent[]).map(plainEvent)
  return value
}

const plainEvent = (event: DetectionEvent): object => ({
  ...Object.fromEntries(
    Object.entries<Field>(detectionEventFields).map(([field, of]) => [
      field,
      plainValue(of, event[field as keyof DetectionEvent]),
    ]),
  ),
  metadata: metadataValue(event.metadata),
  metadataRaw: event.metadata,
})

/** `2024-05-01T12:00:00Z`; null for a moment that has no such text. */
const toIso = (seconds: number): string | null => {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z')
}

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
