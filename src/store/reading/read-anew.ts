/** One object as it is now, whatever is known of it: by its id, or by a scan where the API does not answer by id. */
import { UpstreamTimeoutError } from '../../errors.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { Call } from '../../upstream/contract/contract.ts'
import { wholeReadAt } from '../table/coverage.ts'
import type { TableAccess } from '../table/tables.ts'
import type { ByIdReader } from './read-one.ts'
import type { Scan } from './scan.ts'

export interface AnewReader {
  /** The row as read at or after `since` (milliseconds), which the table has then too; null where there is none. */
  readAnew<Name extends CollectionName>(
    name: Name,
    id: string,
    since: number,
    call: Call,
  ): Promise<Rows[Name] | null>
}

export interface AnewOptions extends Pick<ByIdReader, 'readOne'>, Pick<TableAccess, 'table'> {
  readonly scan: (name: CollectionName, notBefore: number) => Scan
}

export const createAnewReader = ({ readOne, table, scan }: AnewOptions): AnewReader => {
  const byScan = async (
    name: CollectionName,
    id: string,
    since: number,
    call: Call,
  ): Promise<void> => {
    const rows = table(name)
    const inTime = await scan(name, since).until(() => rows.readAt(id) >= since, call)
    if (!inTime && rows.readAt(id) < since && (wholeReadAt(rows) ?? 0) < since)
      throw new UpstreamTimeoutError(`Push gave no page of ${name} with the object in time`, 0)
  }

  const readAnew: AnewReader['readAnew'] = async (name, id, since, of) => {
    // What another process is asking for since then will do as well.
    const call = { ...of, notBefore: since }
    const found = await readOne(name, id, call)
    const rows = table(name)
    if (found === 'unavailable') {
      await byScan(name, id, since, call)
      return rows.get(id) ?? null
    }
    // It may have shared a request that was sent before; the next one is sent after that was answered.
    const isNew = Math.max(rows.readAt(id), rows.absent(id) ?? 0) >= since
    if (isNew) return rows.get(id) ?? null
    const again = await readOne(name, id, call)
    return rows.get(id) ?? (again === 'unavailable' ? null : again)
  }
  return { readAnew }
}
