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
  readonly clock: Pick<Clock, 'now' | 'after'>
}

const SECRET_BYTES = 32
/** What could not be told to the database is told again so often, as long as the record counts; */
const AGAIN_MS = 1_000
/** and where there is nothing to be told of, so many times. */
const MOST_LOOKS = 60

/** Closing them leaves the database open: it is another's. @throws {DatabaseUnavailable} where it cannot be reached */
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
  /** When those were begun here that are under way: another one under the same name is none of them. */
  const begun = new Map<string, number>()
  const stops = new Set<() => void>()
  let isClosed = false

  /** Tells it later, until it is done. What the database did without saying so must not stand there as what nobody knows. */
  const again = (tell: () => Promise<boolean>, begunAt: number, looks = MOST_LOOKS): void => {
    const stop = clock.after(AGAIN_MS, () => {
      stops.delete(stop)
      void tell()
        .then(
          isDone => (isDone ? 0 : looks - 1),
          () => looks,
        )
        .then(left => {
          if (left > 0 && clock.now() < begunAt + REMEMBERED_MS && !isClosed)
            again(tell, begunAt, left)
        })
    })
    stops.add(stop)
  }
  const tellOrAgain = async (
    id: string,
    sql: string,
    ...more: readonly unknown[]
  ): Promise<void> => {
    const begunAt = begun.get(id)
    const values = [id, begunAt ?? null, ...more]
    begun.delete(id)
    try {
      await query('write', sql, values)
    } catch (error) {
      again(() => query('write', sql, values).then(() => true), begunAt ?? clock.now())
      throw error
    }
  }

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
      const begunAt = clock.now()
      try {
        const [known] = await query<RecordedWrite>(
          'write',
          'SELECT input, result, begun_at AS "begunAt" FROM begin_write($1, $2, $3, $4)',
          [id, input, begunAt, REMEMBERED_MS],
        )
        if (known !== undefined) return known
        // Of those whose outcome nobody learnt, nothing more is told.
        for (const [old, at] of begun) if (at < begunAt - REMEMBERED_MS) begun.delete(old)
        begun.set(id, begunAt)
        return undefined
      } catch (error) {
        // It may be recorded now or a moment later, and is not sent.
        again(
          () =>
            query('write', `${FORGET} RETURNING id`, [id, begunAt]).then(rows => rows.length > 0),
          begunAt,
        )
        throw error
      }
    },
    finish: (id, result) =>
      tellOrAgain(
        id,
        'UPDATE write SET result = $3 WHERE id = $1 AND begun_at = coalesce($2::float8, begun_at)',
        result,
      ),
    forget: id => tellOrAgain(id, FORGET),
    close: () => {
      isClosed = true
      for (const stop of stops) stop()
      return Promise.resolve()
    },
  }
}

const FORGET = 'DELETE FROM write WHERE id = $1 AND begun_at = coalesce($2::float8, begun_at)'
