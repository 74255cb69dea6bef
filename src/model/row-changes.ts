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
  readonly collection: CollectionName
  readonly before: Row | undefined
  readonly after: Row | undefined
  /** When `before` was last known to hold, or that there was no such row (milliseconds). */
  readonly since: number
  /** When `after` became known (milliseconds). */
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
  /** UNIX seconds: when the old value was last known to hold. */
  readonly since: number
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
export const changesOf = (connector: string, change: RowChange): readonly NewChange[] => {
  const { collection, before, after, since, at, learntFrom } = change
  const of = {
    connector,
    collection,
    objectId: (after ?? before)?.id ?? '',
    at: at / 1_000,
    since: since / 1_000,
    learntFrom,
  }
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
  return Object.entries<Field>(collections[collection].fields).flatMap(([name, field]) => {
    const [old, now] = [fieldOf(before, name) ?? null, fieldOf(after, name) ?? null]
    // A list may leave out what an object by its id has: that is no change of it.
    const isUnknown = field.kind === 'objects' && (old === null || now === null)
    if (isUnknown || isDeepStrictEqual(old, now)) return []
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

/** Where the field stands in the graph. */
const pathOf = (name: string, { from }: Field): string => {
  const [outer, ...inner] = from.split('.')
  return inner.length === 0 || outer === 'employee' ? name : `${outer ?? ''}.${name}`
}

/** The field of the row that stands at that path in the graph. */
export const fieldAt = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
