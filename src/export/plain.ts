/** Objects as the graph shows their plain fields, for exports that are not in OCSF. */
import { computedOf } from '../model/collection-lookups.ts'
import { collections } from '../model/collections.ts'
import { detectionEventFields } from '../model/detection-events.ts'
import type { Field } from '../model/collection.ts'
import { type EventRow, eventTypeOf, payloadOf } from '../model/events.ts'
import {
  metadataValue,
  type CollectionName,
  type DetectionEvent,
  type Rows,
} from '../model/rows.ts'
import { fieldsOf, storedLists, type StoredName, type StoredRows } from '../model/stored.ts'
import { fieldOf } from '../model/values.ts'

/**
 * The plain fields of an object by their names in the graph: moments as ISO 8601 in UTC, the words of enumerations as
 * Push sent them, an account's ways to log in as one object. Nulls stay, so that all lines of a type have the same
 * members.
 */
export const toPlain = <Name extends CollectionName>(
  connector: string,
  name: Name,
  row: Rows[Name],
): object => {
  const { type, fields } = collections[name]
  const plain: Record<string, unknown> = { __typename: type, connectorAlias: connector }
  const loginMethods: Record<string, unknown> = {}
  for (const [field, of] of Object.entries<Field>(fields)) {
    const into = of.from.startsWith('loginMethods.') ? loginMethods : plain
    into[field] = valueOf(of, fieldOf(row, field))
  }
  if (name === 'accounts') plain['loginMethods'] = loginMethods
  for (const [field, made] of Object.entries(computedOf(name))) plain[field] = made(row)
  return plain
}

/** The same of what is kept here; of an event with its body as an object. */
export const toPlainStored = <Name extends StoredName>(
  connector: string,
  name: Name,
  row: StoredRows[Name],
): object => {
  const plain: Record<string, unknown> = {
    __typename: name === 'events' ? eventTypeOf(row as EventRow) : storedLists[name].type,
    connectorAlias: connector,
  }
  const loginMethods: Record<string, unknown> = {}
  for (const [field, of] of Object.entries(fieldsOf(name))) {
    const into = of.from.startsWith('loginMethods.') ? loginMethods : plain
    into[field] = valueOf(of, fieldOf(row, field))
  }
  if (name === 'otherAccounts') plain['loginMethods'] = loginMethods
  if (name === 'events') plain['payload'] = payloadOf(row as EventRow)
  return plain
}

const valueOf = ({ kind }: Field, value: unknown): unknown => {
  if (value === null || value === undefined) return null
  if (kind === 'seconds') return toIso(value as number)
  if (kind === 'objects') return (value as readonly DetectionEvent[]).map(toPlainEvent)
  return value
}

const toPlainEvent = (event: DetectionEvent): object => ({
  ...Object.fromEntries(
    Object.entries<Field>(detectionEventFields).map(([field, of]) => [
      field,
      valueOf(of, event[field as keyof DetectionEvent]),
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
