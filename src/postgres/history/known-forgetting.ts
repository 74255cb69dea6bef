/** Changes and known rows that are to be forgotten before their time. */
import { bytesInSql } from '../../events/changes/change-log.ts'
import { createKnownLists } from '../../events/known/known-lists.ts'
import { resultLater } from '../../events/known/later.ts'
import type { Query } from '../connecting/pools.ts'
import { holdHistory, saveHistory } from './history-row.ts'
import { removeRows } from './known-purging.ts'
import { createStoredLists } from './stored-lists.ts'
import type { ForgetStage } from '../events/stored-forgetting.ts'

/** Of the objects that they are of, what was before them is not known any more. */
export const forgetChanges: ForgetStage = async (query, isMeant, after, most) => {
  const history = await holdHistory(query)
  const rows = await query<{
    readonly sequence: number
    readonly connector: string
    readonly collection: string
    readonly object_id: string
    readonly old_value: string | null
    readonly new_value: string | null
    readonly at: number
    readonly bytes: number
  }>(
    `SELECT *, ${bytesInSql} AS bytes FROM change WHERE sequence > $1::bigint ORDER BY sequence LIMIT $2::int`,
    [after, most],
  )
  const meant = rows.filter(row =>
    isMeant(row.connector, row.object_id, row.old_value, row.new_value),
  )
  if (meant.length > 0) {
    await query('DELETE FROM change WHERE sequence = ANY ($1::bigint[])', [
      meant.map(({ sequence }) => sequence),
    ])
    await query(
      `UPDATE known_row SET first_at = greatest(first_at, gone.at) FROM (
          SELECT list.id AS list, told.object_id, max(told.at) AS at
            FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[]) AS told (connector, collection, object_id, at)
            JOIN known_list AS list ON list.connector = told.connector AND list.collection = told.collection
            GROUP BY list.id, told.object_id
        ) AS gone WHERE known_row.list = gone.list AND known_row.object_id = gone.object_id`,
      [
        meant.map(({ connector }) => connector),
        meant.map(({ collection }) => collection),
        meant.map(row => row.object_id),
        meant.map(({ at }) => at),
      ],
    )
    // One of the rows then is missing.
    await query(
      `DELETE FROM known_whole USING (
          SELECT list.id, max(told.at) AS at FROM unnest($1::text[], $2::text[], $3::float8[]) AS told (connector, collection, at)
            JOIN known_list AS list ON list.connector = told.connector AND list.collection = told.collection
            GROUP BY list.id
        ) AS gone WHERE list = gone.id AND over_at < gone.at`,
      [
        meant.map(({ connector }) => connector),
        meant.map(({ collection }) => collection),
        meant.map(({ at }) => at),
      ],
    )
    await query('UPDATE history SET changes_gone = changes_gone + $1::bigint', [meant.length])
    history.changesBytes -= meant.reduce((sum, { bytes }) => sum + bytes, 0)
    await saveHistory(query, history)
  }
  return { gone: meant.length, last: rows.length < most ? undefined : rows.at(-1)?.sequence }
}

/** Their lists were never known as a whole, until they are read again; at the end lists go, too. */
export const forgetKnownRows: ForgetStage = async (query, isMeant, after, most) => {
  const history = await holdHistory(query)
  const rows = await query<{
    readonly sequence: number
    readonly list: number
    readonly connector: string
    readonly collection: string
    readonly ended_at: number | null
    readonly object_id: string
    readonly row: string | null
  }>(
    `SELECT sequence, list, connector, collection, ended_at, object_id, row FROM known_row JOIN known_list ON known_list.id = list
      WHERE sequence > $1::bigint ORDER BY sequence LIMIT $2::int`,
    [after, most],
  )
  const meant = rows.filter(({ connector, object_id: id, row }) => isMeant(connector, id, row))
  if (meant.length > 0) {
    const sequences = meant.map(({ sequence }) => sequence)
    const { bytes } = await removeRows(query, 'SELECT unnest($1::bigint[])', [sequences])
    history.rowsBytes -= bytes
    await saveHistory(query, history)
    // Of what is left of them nothing was whole at any moment.
    await query('DELETE FROM known_whole WHERE list = ANY ($1::int[])', [
      [...new Set(meant.map(({ list }) => list))],
    ])
    await breakOff(
      query,
      meant.filter(row => row.ended_at === null),
    )
  }
  const last = rows.length < most ? undefined : rows.at(-1)?.sequence
  if (last === undefined) await forgetLists(query, isMeant)
  return { gone: meant.length, last }
}

const breakOff = async (
  query: Query,
  rows: readonly { readonly connector: string; readonly collection: string }[],
): Promise<void> => {
  const lists = createKnownLists(createStoredLists(query))
  const touched = new Map(rows.map(row => [`${row.collection} ${row.connector}`, row]))
  for (const { connector, collection } of touched.values()) {
    const list = await resultLater(lists.list(connector, collection))
    await resultLater(lists.brokenOff(list))
    await resultLater(lists.saveList({ ...list, version: list.version + 1 }))
  }
}

const forgetLists = async (query: Query, isMeant: Parameters<ForgetStage>[1]): Promise<void> => {
  const lists = await query<{ readonly id: number; readonly connector: string }>(
    'SELECT id, connector FROM known_list',
  )
  const ids = lists.filter(({ connector }) => isMeant(connector)).map(({ id }) => id)
  if (ids.length === 0) return
  await query('DELETE FROM known_list WHERE id = ANY ($1::int[])', [ids])
  await query('DELETE FROM known_whole WHERE list = ANY ($1::int[])', [ids])
}
