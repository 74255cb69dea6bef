/** A row that exists, by which to find out how Push answers. */
import { UpstreamTimeoutError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Call } from '../../upstream/contract/contract.ts'
import type { Table } from '../table/table.ts'
import type { ScanAccess } from './scans.ts'

/** A row read within this time is taken to exist. */
const SURELY_THERE_MS = 60_000

export interface AnyRowOptions extends Pick<ScanAccess, 'scan'> {
  readonly table: (name: CollectionName) => Table
  readonly clock: Clock
}

/**
 * Finds a row that exists, read by the first page of a scan where none was read lately; undefined where the collection is
 * empty.
 *
 * @throws {UpstreamTimeoutError} where no page came before the deadline of the call
 */
export const createAnyRowFinder =
  ({ table, scan, clock }: AnyRowOptions) =>
  async (name: CollectionName, call: Call): Promise<Row | undefined> => {
    const rows = table(name)
    const since = clock.now() - SURELY_THERE_MS
    const lately = (): Row | undefined => rows.values().find(row => rows.readAt(row.id) >= since)
    const isEmpty = rows.size === 0 && (rows.whole ?? 0) >= since
    if (isEmpty || lately() !== undefined) return lately()
    const kept = call.notBefore === undefined ? undefined : { since, goOnSince: since }
    const begun = scan(rows.collection, since, kept)
    const inTime = await begun.until(() => lately() !== undefined, call)
    if (inTime) return lately()
    throw new UpstreamTimeoutError(
      `Push gave no page of ${rows.collection} in time to learn how it answers`,
      Math.max(0, call.deadline - since - SURELY_THERE_MS),
    )
  }
