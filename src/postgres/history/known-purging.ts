/** Changes that are past their time, and known rows and moments of lists that nobody may ask for any more. */
import { goneOf } from '../../events/changes/change-log.ts'
import type { KeptChange } from '../../events/changes/change-storage.ts'
import type { AsyncWriting } from '../../events/event-tasks.ts'
import { momentsBeforeInSql } from '../../events/known/old-moments.ts'
import { rowBytesInSql } from '../../events/known/tell-row.ts'
import type { Database } from '../connecting/database.ts'
import type { Query } from '../connecting/pools.ts'
import { KEPT_COLUMNS, removeStoredChanges } from './changes-draft.ts'
import { holdHistory, saveHistory } from './history-row.ts'

const TIMEOUT_MS = 30_000

export const createStoredPurging = ({
  transaction,
}: Pick<Database, 'transaction'>): Pick<AsyncWriting, 'purgeChanges' | 'purgeKnown'> => ({
  purgeChanges: (before, most) =>
    transaction(
      'write',
      async query => {
        const history = await holdHistory(query)
        const gone = goneOf(
          await query<KeptChange>(
            `SELECT ${KEPT_COLUMNS} FROM change WHERE at < $1::float8 ORDER BY at, sequence LIMIT $2::int`,
            [before, most],
          ),
        )
        if (gone === undefined) return 0
        await removeStoredChanges(query, gone, history)
        await saveHistory(query, history)
        return gone.sequences.length
      },
      { timeoutMs: TIMEOUT_MS },
    ),
  purgeKnown: (before, most) =>
    transaction(
      'write',
      async query => {
        const history = await holdHistory(query)
        let count = 0
        const takeRows = async (which: string): Promise<void> => {
          const gone = await removeRows(query, `${which} LIMIT $2::int`, [before, most - count])
          count += gone.count
          history.rowsBytes -= gone.bytes
        }
        const takeMoments = async (which: string): Promise<void> => {
          const gone = await query(
            `DELETE FROM known_whole WHERE (list, over_at, agreed) IN (${which}) RETURNING list`,
            [before, most - count],
          )
          count += gone.length
        }
        await takeRows(GONE)
        // What is left of a list is not all of it: when it agreed goes before its rows.
        await takeMoments(MOMENTS_OF_OLD_LISTS)
        await takeRows(OF_OLD_LISTS)
        await takeMoments(OLD_MOMENTS)
        if (count < most) await query(LISTS, [before])
        await saveHistory(query, history)
        return count
      },
      { timeoutMs: TIMEOUT_MS },
    ),
})

/** Deletes the rows that have those sequences; how many there were, and what they took. */
export const removeRows = async (
  query: Query,
  sequences: string,
  values: readonly unknown[],
): Promise<{ readonly count: number; readonly bytes: number }> => {
  const [gone] = await query<{ readonly count: number; readonly bytes: number }>(
    `WITH gone AS (
      DELETE FROM known_row WHERE sequence IN (${sequences}) RETURNING ${rowBytesInSql} AS bytes
    ) SELECT count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes FROM gone`,
    values,
  )
  return gone ?? { count: 0, bytes: 0 }
}

/** While it is known how a row went, it is known what it was. */
const GONE = `SELECT sequence FROM known_row AS known WHERE gone_at < $1::float8 AND NOT EXISTS (
  SELECT 1 FROM change WHERE change.object_id = known.object_id AND change.at >= known.gone_at
) ORDER BY gone_at`
/** What ended before changes were deleted cannot be told any more. */
const IS_OVER = '(told_at < $1::float8 OR ended_at <= (SELECT cut_at FROM history))'
const OF_OLD_LISTS = `SELECT sequence FROM known_row WHERE list IN (SELECT id FROM known_list WHERE ${IS_OVER})`
const LISTS = `DELETE FROM known_list WHERE ${IS_OVER}
  AND NOT EXISTS (SELECT 1 FROM known_row WHERE list = known_list.id)`
const MOMENTS_OF_OLD_LISTS = `SELECT list, over_at, agreed FROM known_whole
  WHERE list IN (SELECT id FROM known_list WHERE ${IS_OVER}) LIMIT $2::int`
/** Nothing is told of what was before changes that were deleted. */
const OLD_MOMENTS = momentsBeforeInSql(
  'greatest($1::float8, (SELECT cut_at FROM history))',
  '$2::int',
)
