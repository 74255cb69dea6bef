/** Rows as they were once they had changed, by what the history knows: Push is asked nothing. */
import type { OcsfVersion } from '../model/ocsf/versions.ts'
import type { StoredChange } from '../model/row-changes.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { joinedLinks } from '../ocsf/links.ts'
import { fieldOf } from '../model/values.ts'
import { removedItem, rowItem } from './items.ts'
import type { SinkItem } from './sender.ts'

/** A moment after all others, in UNIX seconds. */
const LATEST_S = Number.MAX_SAFE_INTEGER

/** Makes what is sent of a row that changed; undefined where the history does not know any more what it became. */
export type ChangedRows = (change: StoredChange) => Promise<(() => SinkItem) | undefined>

/** What is sent of rows in that version of OCSF. */
export const createChangedRows = (
  { rowThen }: Pick<StoredSource, 'rowThen'>,
  ocsf: OcsfVersion,
): ChangedRows => {
  const parsed = async <Name extends CollectionName>(
    { connector }: StoredChange,
    name: Name,
    id: string,
    at: number,
  ): Promise<Rows[Name] | null | undefined> => {
    const row = await rowThen(connector, name, id, at)
    return typeof row === 'string' ? (JSON.parse(row) as Rows[Name]) : row
  }

  const rowAfter = async (
    change: StoredChange,
  ): Promise<Rows[CollectionName] | null | undefined> => {
    const { collection, objectId, kind, at } = change
    if (kind === 'CREATED') return change.new as Rows[CollectionName]
    const then = await parsed(change, collection, objectId, at)
    // What changed since may have gone for want of room; what it is by now is known all the same.
    return then === undefined ? parsed(change, collection, objectId, LATEST_S) : then
  }

  /** The objects that its event tells of, by the names of their links. */
  const linkedTo = async (change: StoredChange, row: Rows[CollectionName]): Promise<object> => {
    const links = (joinedLinks.get(change.collection) ?? []).map(async ({ name, idField, to }) => {
      const id = fieldOf(row, idField) as string | null
      return [name, id === null ? undefined : await parsed(change, to, id, change.at)] as const
    })
    return Object.fromEntries(await Promise.all(links))
  }

  return async change => {
    if (change.kind === 'DELETED') return () => removedItem(change, ocsf)
    const row = await rowAfter(change)
    if (row === undefined || row === null) return undefined
    const links = await linkedTo(change, row)
    return () => rowItem(change, { row, links }, ocsf)
  }
}

/** Of changes of one object at one moment, which follow each other, the last one. */
export const lastOfEach = (changes: readonly StoredChange[]): readonly StoredChange[] =>
  changes.filter((change, index) => {
    const next = changes[index + 1]
    return (
      next?.objectId !== change.objectId ||
      next.at !== change.at ||
      next.collection !== change.collection ||
      next.connector !== change.connector
    )
  })
