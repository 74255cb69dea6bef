/** What became of a row: from two copies of it to the changes that are stored, one for each field that differs. */
import { isDeepStrictEqual } from 'node:util'
import type { Field } from './collection.ts'
import { collections } from './collections.ts'
import type { CollectionName, Row } from './rows.ts'
import { fieldOf } from './values.ts'

/** Whether an object came, differs, or went. */
export type KindOfChange = 'CREATED' | 'UPDATED' | 'DELETED'

/** What told of it: an answer of Push, or a webhook event. */
export type LearntBy = 'READ' | 'EVENT'

/** Two copies of a row of which the later one differs: without an earlier one it came, without a later one it went. */
export interface RowChange {
  readonly connector: string
  readonly collection: CollectionName
  readonly before: Row | undefined
  readonly after: Row | undefined
  /** When `after` became known (UNIX seconds). */
  readonly at: number
  readonly learntFrom: LearntBy
}

/** A change as it is stored. */
export interface ChangeRow {
  readonly id: string
  readonly collection: CollectionName
  readonly objectId: string
  readonly kind: KindOfChange
  /** Its path in the graph; null where the whole object came or went. */
  readonly field: string | null
  /** As rows hold it; the whole row where the object came or went. */
  readonly old: unknown
  readonly new: unknown
  /** UNIX seconds, to the millisecond: when it became known. */
  readonly at: number
  readonly learntFrom: LearntBy
}

/** A change on its way into the file. */
export interface NewChange extends Omit<ChangeRow, 'id'> {
  readonly connector: string
  /** Of a time of use: one a day is stored. */
  readonly isOfUse: boolean
}

/** A stored change, with its place in the order in which they were stored. */
export interface StoredChange extends ChangeRow {
  readonly sequence: number
  readonly connector: string
  /** The same as `at`, by the name that it has in places of the order. */
  readonly receivedAt: number
}

/** The changes that the two copies come to; none where all that differs is what one of them does not know. */
export const changesOf = (change: RowChange): readonly NewChange[] => {
  const { before, after, ...rest } = change
  const of = { ...rest, objectId: (after ?? before)?.id ?? '' }
  if (before === undefined || after === undefined)
    return [
      {
        ...of,
        kind: after === undefined ? 'DELETED' : 'CREATED',
        field: null,
        old: before ?? null,
        new: after ?? null,
        isOfUse: false,
      },
    ]
  return Object.entries<Field>(collections[change.collection].fields).flatMap(([name, field]) => {
    if (!isKnown(before, name, field) || !isKnown(after, name, field)) return []
    const [old, now] = [fieldOf(before, name) ?? null, fieldOf(after, name) ?? null]
    if (isDeepStrictEqual(old, now)) return []
    return [
      {
        ...of,
        kind: 'UPDATED' as const,
        field: pathOf(name, field),
        old,
        new: now,
        isOfUse: field.isOfUse === true,
      },
    ]
  })
}

/**
 * Whether the copy knows that field. A list may leave out what an object by its id has, and an older version of the program
 * did not know every field: that is no change of it.
 */
const isKnown = (row: Row, name: string, { kind }: Field): boolean =>
  kind === 'objects' ? (fieldOf(row, name) ?? null) !== null : name in row

/** The later copy, with what only the earlier one knows. */
export const withKnown = <R extends Row>(collection: CollectionName, before: R, after: R): R => {
  const kept = Object.entries<Field>(collections[collection].fields).filter(
    ([name, field]) => isKnown(before, name, field) && !isKnown(after, name, field),
  )
  return kept.length === 0
    ? after
    : { ...after, ...Object.fromEntries(kept.map(([name]) => [name, fieldOf(before, name)])) }
}

/** The names of the fields that an object by its id has, and that a list may leave out. */
export const detailsOf = (collection: CollectionName): readonly string[] =>
  Object.entries<Field>(collections[collection].fields)
    .filter(([, { kind }]) => kind === 'objects')
    .map(([name]) => name)

/** Whether the field at that path is a time of use, of whose changes one a day is kept. */
export const isTimeOfUse = (collection: CollectionName, path: string): boolean => {
  const fields: Readonly<Record<string, Field>> = collections[collection].fields
  return fields[fieldAt(path)]?.isOfUse === true
}

/** Where the field stands in the graph. */
const pathOf = (name: string, { from }: Field): string => {
  const [outer, ...inner] = from.split('.')
  return inner.length === 0 || outer === 'employee' ? name : `${outer ?? ''}.${name}`
}

/** The field of the row that stands at that path in the graph. */
export const fieldAt = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
