/** Rows of which a scan does not say whether there are any: those that it could not bring. */
import { isUnreadable } from '../../paging/gap.ts'
import type { Table } from '../../store/store.ts'

/**
 * Whether a row that is not here may be one that the scan of the whole collection could not bring. It is neither there
 * nor absent: only Push can say.
 */
export const isUnknown = (table: Table, id: string): boolean =>
  table.gaps.length > 0 &&
  table.get(id) === undefined &&
  (table.absent(id) ?? 0) < (table.whole ?? 0) &&
  table.gaps.some(gap => !isUnreadable(gap) || gap.id === undefined || gap.id === id)
