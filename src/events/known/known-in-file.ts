/** Known rows in the event file. */
import type { DatabaseSync } from 'node:sqlite'
import type { TenantOfRows } from '../../model/known-rows.ts'
import type {
  KnownList,
  KnownMoment,
  KnownRow,
  KnownStorage,
  ListStorage,
  LookedRow,
} from './known-storage.ts'
import { known } from './later.ts'
import { createRowRemover } from './purging.ts'
import { rowBytesInSql } from './tell-row.ts'

/** The lists in that file; the statements are prepared once. */
export const createListsInFile = (database: DatabaseSync): ListStorage => {
  const find = database.prepare(
    'SELECT * FROM known_list WHERE connector = ? AND collection = ? AND ended_at IS NULL',
  )
  const insert = database.prepare(
    `INSERT INTO known_list (connector, collection, told_at, tenant, tenant_since, began_at)
      VALUES (?, ?, 0, ?, ?, ?)`,
  )
  const update = database.prepare(
    `UPDATE known_list SET whole_since = ?, read_at = ?, told_at = ?, version = ?, tenant = ?, tenant_since = ?
      WHERE id = ?`,
  )
  // The clock may have been set back since another one ended.
  const end = database.prepare(
    `UPDATE known_list SET ended_at = ?3
      WHERE connector = ?1 AND collection = ?2 AND (ended_at IS NULL OR ended_at > ?3)`,
  )
  const newest = database.prepare(
    'SELECT over_at, at, agreed FROM known_whole WHERE list = ? ORDER BY over_at DESC, agreed LIMIT 2',
  )
  // What takes the place of another one is counted no second time.
  const moment = database.prepare(
    `INSERT INTO known_whole VALUES (?, ?, ?, ?)
      ON CONFLICT (list, over_at, agreed) DO UPDATE SET at = excluded.at`,
  )
  const remove = database.prepare(
    'DELETE FROM known_whole WHERE list = ? AND over_at = ? AND agreed = 1',
  )
  const removeLater = database.prepare('DELETE FROM known_whole WHERE list = ? AND over_at > ?')

  const make = (
    connector: string,
    collection: string,
    tenant: TenantOfRows | null,
    beganAt: number | null,
  ): KnownList => {
    const values = [connector, collection, tenant?.id ?? null, tenant?.sinceSeconds ?? null]
    const id = Number(insert.run(...values, beganAt).lastInsertRowid)
    const empty = { wholeSince: null, readAt: null, toldAt: 0, version: 0 }
    return { id, connector, collection, ...empty, tenant, beganAt }
  }

  return {
    list: (connector, collection) => {
      const found = find.get(connector, collection)
      if (found === undefined) return known(make(connector, collection, null, null))
      return known({
        ...{ id: Number(found['id']), connector, collection },
        wholeSince: found['whole_since'] as number | null,
        readAt: found['read_at'] as number | null,
        toldAt: Number(found['told_at']),
        version: Number(found['version']),
        tenant: tenantIn(found),
        beganAt: found['began_at'] as number | null,
      })
    },
    saveList: ({ id, wholeSince, readAt, toldAt, version, tenant }) => {
      const values = [wholeSince, readAt, toldAt, version]
      update.run(...values, tenant?.id ?? null, tenant?.sinceSeconds ?? null, id)
      return done
    },
    replaceList: ({ connector, collection }, tenant, now) => {
      end.run(connector, collection, now)
      return known(make(connector, collection, tenant, now))
    },
    moments: list => known(newest.all(list) as unknown as readonly KnownMoment[]),
    addMoment: (list, { over_at: overAt, at, agreed }) => {
      moment.run(list, overAt, at, agreed)
      return done
    },
    removeMoment: (list, overAt) => {
      remove.run(list, overAt)
      return done
    },
    removeMomentsAfter: (list, overAt) => {
      removeLater.run(list, overAt)
      return done
    },
  }
}

const tenantIn = (list: Readonly<Record<string, unknown>>): TenantOfRows | null =>
  typeof list['tenant'] === 'string'
    ? { id: list['tenant'], sinceSeconds: Number(list['tenant_since']) }
    : null

/** The same with the rows. */
export const createKnownInFile = (database: DatabaseSync): KnownStorage => {
  const find = database.prepare(
    'SELECT at, details_at, gone_at, row FROM known_row WHERE list = ? AND object_id = ?',
  )
  const insert = database.prepare(
    'INSERT INTO known_row (list, object_id, first_at, at, row) VALUES (?, ?, ?, ?, ?)',
  )
  const update = database.prepare(
    `UPDATE known_row SET at = ?, details_at = ?, gone_at = ?, row = ?
      WHERE list = ? AND object_id = ?`,
  )
  const notAfter = database.prepare(
    `UPDATE known_row SET at = min(at, ?2), first_at = min(first_at, ?2), gone_at = min(gone_at, ?2)
      WHERE list = ?1 AND (at > ?2 OR gone_at > ?2)`,
  )
  const looked = 'SELECT object_id AS id, at, gone_at FROM known_row WHERE list = ?'
  const behind = database.prepare(`${looked} AND object_id > ? ORDER BY object_id LIMIT ?`)
  const since = database.prepare(`${looked} AND at >= ? LIMIT ?`)
  const taken = database.prepare('SELECT rows_bytes AS bytes FROM store')
  const grow = database.prepare('UPDATE store SET rows_bytes = rows_bytes + ?')
  const ended = database.prepare(
    `SELECT id FROM known_list WHERE ended_at IS NOT NULL
      AND EXISTS (SELECT 1 FROM known_row WHERE list = known_list.id) ORDER BY ended_at LIMIT 1`,
  )
  const unknown = database.prepare('DELETE FROM known_whole WHERE list = ?')
  const rowsOf = database.prepare(
    `SELECT sequence, ${rowBytesInSql} AS bytes FROM known_row WHERE list = ? LIMIT ?`,
  )
  const removeRows = createRowRemover(database)

  return {
    ...createListsInFile(database),
    row: (list, id) => known(find.get(list, id) as unknown as KnownRow | undefined),
    addRow: (list, id, at, row) => {
      insert.run(list, id, at, at, row)
      return done
    },
    putRow: (list, id, { at, details_at: detailsAt, gone_at: goneAt, row }) => {
      update.run(at, detailsAt, goneAt, row, list, id)
      return done
    },
    rowsNotAfter: (list, at) => {
      notAfter.run(list, at)
      return done
    },
    rowsBehind: (list, after, most) =>
      known(behind.all(list, after, most) as unknown as readonly LookedRow[]),
    rowsSince: (list, at, most) =>
      known(since.all(list, at, most) as unknown as readonly LookedRow[]),
    rowsBytes: () => known(Number(taken.get()?.['bytes'])),
    growRows: bytes => {
      grow.run(bytes)
      return done
    },
    dropEnded: most => {
      const list = ended.get()?.['id']
      if (list === undefined) return known(0)
      // What is left of it is not all of it.
      unknown.run(list)
      const rows = rowsOf.all(list, most)
      removeRows(rows)
      return known(rows.reduce((sum, { bytes }) => sum + Number(bytes), 0))
    },
  }
}

const done = known(undefined)
