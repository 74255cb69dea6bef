/** The requests of each caller to all replicas, counted in the database by a hash of the caller: no name stands there. */
import { createHash } from 'node:crypto'
import type { CallerTokens } from '../../model/callers.ts'
import type { Database } from '../connecting/database.ts'

export interface CallerTokensOptions {
  readonly database: Pick<Database, 'query'>
  /** Requests a second of one caller, and how many it may save up. */
  readonly rate: number
  readonly burst: number
}

export const createCallerTokens = ({
  database,
  rate,
  burst,
}: CallerTokensOptions): CallerTokens => ({
  use: async asked => {
    const ids = asked.map(([caller]) => hashOf(caller))
    const rows = await database.query<{ readonly id: string; readonly level: number }>(
      'step',
      'SELECT * FROM caller_use($1, $2, $3, $4)',
      [ids, asked.map(([, requests]) => requests), rate, burst],
    )
    const levels = new Map(rows.map(({ id, level }) => [id, level]))
    return ids.map(id => levels.get(id) ?? burst)
  },
})

const hashOf = (caller: string): string =>
  createHash('sha256').update(caller).digest('hex').slice(0, 32)
