/** Whether the database can be asked about limits: while it cannot, nobody waits to find that out anew. */
import type { Clock } from '../../model/clock.ts'
import { BucketUnreachable } from '../../upstream/limiter/bucket-keeper.ts'
import type { Database } from '../connecting/database.ts'
import { DatabaseUnavailable } from '../connecting/failures.ts'
import type { DatabaseRow } from '../connecting/pools.ts'

export interface Stepper {
  /** @throws {BucketUnreachable} where it cannot be answered now: it may have been done all the same, or will be */
  ask<Row extends object = DatabaseRow>(
    sql: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]>
  close(): void
}

const PROBE_EVERY_MS = 250
/** When asking again makes sense where nobody can say. */
const RETRY_AFTER_MS = 1_000

export const createStepper = (
  { query }: Pick<Database, 'query'>,
  clock: Pick<Clock, 'after'>,
): Stepper => {
  let failure: DatabaseUnavailable | undefined
  let isClosed = false
  let stopProbe = (): void => undefined

  const probe = (): void => {
    query('step', 'SELECT 1').then(
      () => {
        failure = undefined
      },
      () => {
        if (!isClosed) stopProbe = clock.after(PROBE_EVERY_MS, probe)
      },
    )
  }

  return {
    ask: async (sql, values) => {
      if (failure !== undefined) throw new BucketUnreachable(RETRY_AFTER_MS, failure)
      try {
        return await query('step', sql, values)
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error
        if (failure === undefined) {
          failure = error
          // One connection may have broken, and the next one works.
          if (!isClosed) probe()
        }
        throw new BucketUnreachable(RETRY_AFTER_MS, error)
      }
    },
    close: () => {
      isClosed = true
      stopProbe()
    },
  }
}
