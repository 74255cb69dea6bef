/** Answers that are too old or too many go: by age once for all replicas, and for want of room as soon as much has come. */
import type { AnswersInDatabaseParts, LaterTasks } from './parts.ts'

export interface AnswerTidying extends Pick<LaterTasks, 'tidy'> {
  /** So many bytes were kept by this replica. */
  kept(bytes: number): void
}

/** Answers deleted in one go. */
const AT_ONCE = 500
/** One replica tidies up; where it is gone, another one does. */
const DUTY_MS = 90_000
/** A replica keeps this part of what may be kept before it looks how much there is. */
const PART = 1 / 32
/** A claim older than this holds no longer, whoever made it. */
const CLAIM_MS = 60_000

/** Those too old, unless they are spared and can be read; and those that are not sealed though they should be. */
const EXPIRE = `DELETE FROM answer WHERE id IN (SELECT id FROM answer
  WHERE asked_at < $1 AND (seal <> ALL ($3) OR connector <> ALL ($2) AND NOT EXISTS (
      SELECT 1 FROM json_to_recordset($5::json) AS needed (connector text, list text, "from" float8, until float8)
        WHERE needed.connector = answer.connector AND needed.list = answer.list
          AND asked_at BETWEEN needed."from" AND needed.until
    )) OR seal = '' AND $4
  ORDER BY asked_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING 1`

export const createAnswerTidying = ({
  database: { query, replica },
  seals,
  maxBytes,
}: Pick<AnswersInDatabaseParts, 'database' | 'seals' | 'maxBytes'>): AnswerTidying => {
  let keptBytes = 0
  const sealIds = seals.all.map(({ id }) => id)

  const evict = async (): Promise<boolean> => {
    if (maxBytes === Infinity) return false
    const [row] = await query<{ readonly gone: number }>(
      'write',
      'SELECT evict_answers($1, $2) AS gone',
      [maxBytes, AT_ONCE],
    )
    return (row?.gone ?? 0) >= AT_ONCE
  }
  const evictAll = async (): Promise<void> => {
    while (await evict());
  }

  return {
    kept: bytes => {
      keptBytes += bytes
      if (keptBytes < maxBytes * PART) return
      keptBytes = 0
      // Whoever keeps the next answer hears of it.
      evictAll().catch(() => undefined)
    },
    tidy: async (now, before, { connectors, answers }) => {
      const [duty] = await query<{ readonly mine: boolean }>(
        'step',
        'SELECT take_duty($1, $2, $3) AS mine',
        ['tidy answers', replica, DUTY_MS],
      )
      if (duty?.mine !== true) return false
      const isSealing = seals.first.id !== ''
      const needed = JSON.stringify(answers)
      const old = await query('write', EXPIRE, [before, connectors, sealIds, isSealing, needed])
      const hasMore = await evict()
      await query(
        'step',
        'DELETE FROM answer_claim WHERE abs($1 - claimed_at) >= $2 OR NOT is_alive(replica)',
        [now, CLAIM_MS],
      )
      return old.length >= AT_ONCE || hasMore
    },
  }
}
