/** The lists of known rows in the database, and when each was known as a whole. */
import type { KnownList, KnownMoment, ListStorage } from '../../events/known/known-storage.ts'
import { awaited, type Later } from '../../events/known/later.ts'
import type { Query } from '../connecting/pools.ts'

/** They are asked in the transaction of `query`. */
export const createStoredLists = (query: Query): ListStorage => {
  const run = (sql: string, values: readonly unknown[]): Later<void> =>
    awaited(query(sql, values).then(() => undefined))

  return {
    list: function* (connector, collection) {
      const [found] = yield* awaited(
        query<ListRow>(
          `WITH made AS (
            INSERT INTO known_list (connector, collection, told_at) VALUES ($1::text, $2::text, 0)
              ON CONFLICT DO NOTHING RETURNING *
          )
          SELECT * FROM made UNION ALL
            SELECT * FROM known_list WHERE connector = $1::text AND collection = $2::text AND ended_at IS NULL`,
          [connector, collection],
        ),
      )
      if (found === undefined) throw new Error('A list was made and is not there')
      return toList(found)
    },
    replaceList: function* ({ connector, collection }, tenant, now) {
      // The clock may have been set back since another one ended.
      yield* run(
        `UPDATE known_list SET ended_at = $3::float8
          WHERE connector = $1::text AND collection = $2::text AND (ended_at IS NULL OR ended_at > $3::float8)`,
        [connector, collection, now],
      )
      const [made] = yield* awaited(
        query<ListRow>(
          `INSERT INTO known_list (connector, collection, told_at, tenant, tenant_since, began_at)
            VALUES ($1::text, $2::text, 0, $3::text, $4::float8, $5::float8) RETURNING *`,
          [connector, collection, tenant.id, tenant.sinceSeconds, now],
        ),
      )
      if (made === undefined) throw new Error('A list was made and is not there')
      return toList(made)
    },
    saveList: ({ id, wholeSince, readAt, toldAt, version, tenant }) =>
      run(
        `UPDATE known_list SET whole_since = $2::float8, read_at = $3::float8, told_at = $4::float8,
          version = $5::bigint, tenant = $6::text, tenant_since = $7::float8 WHERE id = $1::int`,
        [
          ...[id, wholeSince, readAt, toldAt, version],
          ...[tenant?.id ?? null, tenant?.sinceSeconds ?? null],
        ],
      ),
    moments: list =>
      awaited(
        query<KnownMoment>(
          `SELECT over_at, at, agreed FROM known_whole WHERE list = $1::int
            ORDER BY over_at DESC, agreed LIMIT 2`,
          [list],
        ),
      ),
    addMoment: (list, { over_at: overAt, at, agreed }) =>
      run(
        `INSERT INTO known_whole VALUES ($1::int, $2::float8, $3::float8, $4::int)
          ON CONFLICT (list, over_at, agreed) DO UPDATE SET at = excluded.at`,
        [list, overAt, at, agreed],
      ),
    removeMoment: (list, overAt) =>
      run('DELETE FROM known_whole WHERE list = $1::int AND over_at = $2::float8 AND agreed = 1', [
        list,
        overAt,
      ]),
    removeMomentsAfter: (list, overAt) =>
      run('DELETE FROM known_whole WHERE list = $1::int AND over_at > $2::float8', [list, overAt]),
  }
}

interface ListRow {
  readonly id: number
  readonly connector: string
  readonly collection: string
  readonly whole_since: number | null
  readonly read_at: number | null
  readonly told_at: number
  readonly version: number
  readonly tenant: string | null
  readonly tenant_since: number | null
  readonly began_at: number | null
}

const toList = ({ id, connector, collection, version, tenant, ...list }: ListRow): KnownList => ({
  ...{ id, connector, collection, version },
  wholeSince: list.whole_since,
  readAt: list.read_at,
  toldAt: list.told_at,
  tenant: tenant === null ? null : { id: tenant, sinceSeconds: list.tenant_since ?? 0 },
  beganAt: list.began_at,
})
