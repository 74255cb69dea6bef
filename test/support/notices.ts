/** What tables of rows tell, as plainly as a test says it. */
import type { Notice } from '../../src/model/known-rows.ts'
import type { LearntBy } from '../../src/model/row-changes.ts'
import type { CollectionName, Row } from '../../src/model/rows.ts'

/** The row is known to be that from the moment on (milliseconds). */
export const isNow = (
  collection: CollectionName,
  row: Row,
  at: number,
  learntFrom: LearntBy = 'READ',
): Notice => ({ kind: 'row', collection, table: 'test', id: row.id, row, at, learntFrom })

/** There is no such row from the moment on (milliseconds). */
export const isGone = (
  collection: CollectionName,
  id: string,
  at: number,
  learntFrom: LearntBy = 'READ',
): Notice => ({ kind: 'row', collection, table: 'test', id, row: undefined, at, learntFrom })
