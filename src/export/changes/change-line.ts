/** A change as a line of an export, and what a line that was written tells of its place. */
import { changedValue } from '../../model/plain-values.ts'
import { upperSnake } from '../../model/dimensions.ts'
import { plainValue } from '../../model/plain-values.ts'
import type { StoredChange } from '../../model/row-changes.ts'
import { isMembers } from '../../model/events.ts'
import { placeCursor, readPlaceCursor } from '../../query/stored/place-cursor.ts'
import type { GivenPlace } from '../../query/stored/resume.ts'

/** The change with its values as the graph shows them. `store`: what tells its event file from others. */
export const toPlainChange = (change: StoredChange, store: string): object => ({
  connector: change.connector,
  collection: upperSnake(change.collection),
  objectId: change.objectId,
  kind: change.kind,
  field: change.field,
  old: changedValue(change, 'old'),
  new: changedValue(change, 'new'),
  at: plainValue({ kind: 'seconds' }, change.at),
  learntFrom: change.learntFrom,
  cursor: placeCursor('changes', { store, ...change }),
})

/** Of which connector the line of an export tells, and its place; undefined where it is no such line. */
export const readChangeLine = (
  line: string,
): { readonly connector: string; readonly place: GivenPlace } | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    if (!isMembers(value)) return undefined
    const { connector, cursor } = value
    if (typeof connector !== 'string' || typeof cursor !== 'string') return undefined
    const place = readPlaceCursor('changes', cursor)
    return place && { connector, place }
  } catch {
    return undefined
  }
}
