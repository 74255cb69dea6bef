/**
 * Known rows in the database while some are noted: what is told of is read at once, and what becomes of it is written at once,
 * all in the transaction that `query` asks in.
 */
import type { KnownRow, KnownStorage, LookedRow } from '../../events/known/known-storage.ts'
import { awaited, known, type Later } from '../../events/known/later.ts'
import type { Told } from '../../model/known-rows.ts'
import type { Query } from '../connecting/pools.ts'
import type { HistoryRow } from './history-row.ts'
import { removeRows } from './known-purging.ts'
import { storable } from '../events/statement-values.ts'
import { createStoredLists } from './stored-lists.ts'

export interface KnownDraft extends KnownStorage {
  /** Writes what is not written yet. */
  writeRows(): Promise<void>
}

interface DraftRow extends KnownRow {
  readonly list: number
  readonly id: string
  /** When it was first known; of one that is there already, that stays. */
  readonly firstAt: number
}

/** `ids` tells of which objects of a list is told. */
export const createKnownDraft = (
  query: Query,
  all: readonly Told[],
  history: HistoryRow,
): KnownDraft => {
  const lists = createStoredLists(query)
  const rows = new Map<string, KnownRow | undefined>()
  const unwritten = new Map<string, DraftRow>()
  const keyOf = (list: number, id: string): string => `${list} ${id}`

  const load = async (list: number, ids: readonly string[]): Promise<void> => {
    for (const id of ids) rows.set(keyOf(list, id), undefined)
    if (ids.length === 0) return
    const found = await query<KnownRow & { readonly id: string }>(
      `SELECT object_id AS id, at, details_at, gone_at, row FROM known_row
        WHERE list = $1::int AND object_id = ANY ($2::text[])`,
      [list, ids],
    )
    for (const { id, ...row } of found) rows.set(keyOf(list, id), row)
  }
  const put = (list: number, id: string, firstAt: number, row: KnownRow): Later<void> => {
    const key = keyOf(list, id)
    rows.set(key, row)
    unwritten.set(key, { ...row, list, id, firstAt: unwritten.get(key)?.firstAt ?? firstAt })
    return known(undefined)
  }
  const writeRows = async (): Promise<void> => {
    const written = [...unwritten.values()]
    unwritten.clear()
    if (written.length > 0) await query(UPSERT, columnsOf(written))
  }
  const looked = async (sql: string, values: readonly unknown[]): Promise<readonly LookedRow[]> => {
    await writeRows()
    return query<LookedRow>(
      `SELECT object_id AS id, at, gone_at FROM known_row WHERE list = $1::int ${sql}`,
      values,
    )
  }

  const notAfter = async (list: number, at: number): Promise<void> => {
    await writeRows()
    await query(
      `UPDATE known_row SET at = least(at, $2::float8), first_at = least(first_at, $2::float8),
          gone_at = CASE WHEN gone_at IS NOT NULL THEN least(gone_at, $2::float8) END
        WHERE list = $1::int AND (at > $2::float8 OR gone_at > $2::float8)`,
      [list, at],
    )
    for (const [key, row] of rows)
      if (row !== undefined && row.at > at && key.startsWith(keyOf(list, '')))
        rows.set(key, { ...row, at })
  }

  const dropEnded = async (most: number): Promise<number> => {
    await writeRows()
    const [ended] = await query<{ readonly id: number }>(ENDED)
    if (ended === undefined) return 0
    // What is left of it is not all of it.
    await query('DELETE FROM known_whole WHERE list = $1::int', [ended.id])
    const some = 'SELECT sequence FROM known_row WHERE list = $1::int LIMIT $2::int'
    const { bytes } = await removeRows(query, some, [ended.id, most])
    history.rowsBytes -= bytes
    return bytes
  }

  return {
    ...lists,
    replaceList: function* (before, tenant, now) {
      const list = yield* lists.replaceList(before, tenant, now)
      for (const id of idsOf(all, list.connector, list.collection))
        rows.set(keyOf(list.id, id), undefined)
      return list
    },
    list: function* (connector, collection) {
      const list = yield* lists.list(connector, collection)
      yield* awaited(load(list.id, idsOf(all, connector, collection)))
      return list
    },
    row: function* (list, id) {
      const [key, stored] = [keyOf(list, storable(id)), storable(id)]
      // One of which was not told: it has gone.
      if (!rows.has(key)) yield* awaited(load(list, [stored]))
      return rows.get(key)
    },
    addRow: (list, id, at, row) =>
      put(list, storable(id), at, { at, details_at: null, gone_at: null, row }),
    putRow: (list, id, row) => put(list, storable(id), row.at, row),
    rowsNotAfter: (list, at) => awaited(notAfter(list, at)),
    rowsBehind: (list, after, most) =>
      awaited(
        looked('AND object_id > $2::text ORDER BY object_id LIMIT $3::int', [list, after, most]),
      ),
    rowsSince: (list, since, most) =>
      awaited(looked('AND at >= $2::float8 LIMIT $3::int', [list, since, most])),
    rowsBytes: () => known(history.rowsBytes),
    growRows: bytes => {
      history.rowsBytes += bytes
      return known(undefined)
    },
    dropEnded: most => awaited(dropEnded(most)),
    writeRows,
  }
}

const idsOf = (all: readonly Told[], connector: string, collection: string): readonly string[] => [
  ...new Set(
    all.flatMap(told =>
      told.kind === 'row' && told.connector === connector && told.collection === collection
        ? [storable(told.id)]
        : [],
    ),
  ),
]

const ENDED = `SELECT id FROM known_list WHERE ended_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM known_row WHERE list = known_list.id) ORDER BY ended_at LIMIT 1`

const UPSERT = `INSERT INTO known_row (list, object_id, first_at, at, details_at, gone_at, row)
  SELECT * FROM unnest($1::int[], $2::text[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::text[])
  ON CONFLICT (list, object_id) DO UPDATE SET at = excluded.at, details_at = excluded.details_at,
    gone_at = excluded.gone_at, row = excluded.row`

const columnsOf = (rows: readonly DraftRow[]): readonly unknown[] => [
  rows.map(({ list }) => list),
  rows.map(({ id }) => id),
  rows.map(({ firstAt }) => firstAt),
  rows.map(({ at }) => at),
  rows.map(row => row.details_at),
  rows.map(row => row.gone_at),
  rows.map(({ row }) => row),
]
