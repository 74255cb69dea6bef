/** What was learnt with each key, and what was changed of late, taken over from embedded files. */
import type { DatabaseSync } from 'node:sqlite'
import type { Database } from '../connecting/database.ts'
import { putRows, type SourceRow } from './copy-rows.ts'

/** Begins the names of what questions came to, where they stand among the measures. */
const SEEN = 'seen '

/** Buckets are not taken over: what of them is not known counts as spent, for a second. How many facts and numbers there were. */
export const importState = async (
  source: DatabaseSync,
  database: Pick<Database, 'transaction' | 'clock'>,
): Promise<number> => {
  const now = database.clock.now()
  const all = (sql: string): readonly SourceRow[] =>
    source
      .prepare(sql)
      .all()
      .map(row => ({ changed_at: now, at: now, ...row }))
  const identities = all('SELECT id, kept_as FROM identity')
  const facts = all('SELECT id, name, verdict AS value FROM fact')
  const numbers = all('SELECT id, name, value, at FROM measure')
  const isSeen = ({ name }: SourceRow): boolean => String(name).startsWith(SEEN)
  const seen = numbers
    .filter(isSeen)
    .map(row => ({ ...row, name: String(row['name']).slice(SEEN.length) }))
  await database.transaction(
    'write',
    async query => {
      await putRows(query, 'key_identity', identities)
      await putRows(query, 'key_fact', facts)
      await putRows(
        query,
        'key_measure',
        numbers.filter(row => !isSeen(row)),
      )
      await putRows(query, 'key_seen', seen)
    },
    { timeoutMs: 60_000 },
  )
  return facts.length + numbers.length
}

/** With the secret that revisions are made by, so that those which callers hold stay right. How many writes there were. */
export const importWrites = async (
  source: DatabaseSync,
  database: Pick<Database, 'transaction'>,
): Promise<number> => {
  const secret = source.prepare('SELECT bytes FROM secret').get()?.['bytes']
  const writes = source.prepare('SELECT * FROM write').all()
  await database.transaction('write', async query => {
    await query(
      'INSERT INTO write_secret (bytes) VALUES ($1) ON CONFLICT (one) DO UPDATE SET bytes = excluded.bytes',
      [secret],
    )
    await putRows(query, 'write', writes)
  })
  return writes.length
}
