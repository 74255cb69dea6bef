/**
 * What was asked for under a `clientMutationId`, in the database that all replicas share: recorded before it is sent, so that
 * whoever asks again, of whatever replica, is told what came of it. The unique key decides who sends.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import { REMEMBERED_MS, type RecordedWrite, type WriteRecords } from '../../writes/records.ts'
import type { Database } from '../connecting/database.ts'

export interface SharedRecordsOptions {
  readonly database: Pick<Database, 'query'>
  /** That of the database. */
  readonly clock: Pick<Clock, 'now'>
}

const SECRET_BYTES = 32

/** Closing them does nothing: the database is another's. @throws {DatabaseUnavailable} where it cannot be reached */
export const openSharedRecords = async ({
  database: { query },
  clock,
}: SharedRecordsOptions): Promise<WriteRecords> => {
  await query('write', 'INSERT INTO write_secret (bytes) VALUES ($1) ON CONFLICT DO NOTHING', [
    randomBytes(SECRET_BYTES),
  ])
  const [made] = await query<{ readonly bytes: Uint8Array }>(
    'write',
    'SELECT bytes FROM write_secret',
  )
  if (made === undefined) throw new Error('The secret of the writes is not there')
  return {
    secret: made.bytes,
    find: async id => {
      const now = clock.now()
      const [known] = await query<RecordedWrite>(
        'step',
        'SELECT input, result, begun_at AS "begunAt" FROM write WHERE id = $1 AND begun_at BETWEEN $2 AND $3',
        [id, now - REMEMBERED_MS, now + REMEMBERED_MS],
      )
      return known
    },
    begin: async (id, input) => {
      const [known] = await query<RecordedWrite>(
        'write',
        'SELECT input, result, begun_at AS "begunAt" FROM begin_write($1, $2, $3, $4)',
        [id, input, clock.now(), REMEMBERED_MS],
      )
      return known
    },
    finish: async (id, result) => {
      await query('write', 'UPDATE write SET result = $2 WHERE id = $1', [id, result])
    },
    forget: async id => {
      await query('write', 'DELETE FROM write WHERE id = $1', [id])
    },
    close: () => Promise.resolve(),
  }
}
