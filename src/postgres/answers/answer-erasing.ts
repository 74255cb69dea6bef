/** Answers that are to be forgotten: deleted step by step, and then the table written anew without them. */
import { createTextFinder } from '../../model/holds-text.ts'
import { type AnswerRow, readRow } from '../../answers/sealed-rows.ts'
import type { AnswersInDatabaseParts, LaterTasks } from './parts.ts'

/** Answers deleted in one go, and answers read in one. */
const DELETED_AT_ONCE = 500
const READ_AT_ONCE = 20
/** Some hundred megabytes are written anew in seconds. */
const LONGEST_MS = 10 * 60_000

export const createAnswerErasing = ({
  database: { query, transaction },
  seals,
}: Pick<AnswersInDatabaseParts, 'database' | 'seals'>): Pick<
  LaterTasks,
  'forgetConnector' | 'forgetText' | 'erase'
> => {
  let hasDeleted = false
  const deleted = (count: number): number => {
    hasDeleted ||= count > 0
    return count
  }

  return {
    forgetConnector: async connector => {
      const gone = await query(
        'write',
        `DELETE FROM answer WHERE id IN
          (SELECT id FROM answer WHERE connector = $1 LIMIT ${DELETED_AT_ONCE}) RETURNING 1`,
        [connector],
      )
      return deleted(gone.length)
    },
    forgetText: (text, after) =>
      transaction('write', async ask => {
        // Whoever is keeping an answer just now has taken its place among them before others are seen behind it.
        await ask('LOCK TABLE answer IN SHARE ROW EXCLUSIVE MODE')
        const rows = await ask<AnswerRow>(
          `SELECT id, question, seal, asked_at, body FROM answer WHERE id > $1 ORDER BY id LIMIT ${READ_AT_ONCE}`,
          [after],
        )
        const holds = createTextFinder(text)
        const meant = rows.filter(row => {
          const found = readRow(row, seals)
          return found === undefined || holds(found.question.path) || holds(found.answer.body)
        })
        await ask('DELETE FROM answer WHERE id = ANY ($1)', [meant.map(({ id }) => id)])
        const last = rows.length < READ_AT_ONCE ? undefined : rows.at(-1)
        return { gone: deleted(meant.length), next: last && Number(last['id']) }
      }),
    erase: async () => {
      // What is deleted stays in its pages until something else takes its place. None of it is in the log of the database.
      if (hasDeleted) await query('write', 'VACUUM FULL answer', [], { timeoutMs: LONGEST_MS })
      hasDeleted = false
      return 'done'
    },
  }
}
