/**
 * Takes in what is told of rows, with the database: a change is noted once, however many replicas tell of it, as they do it one
 * after another.
 */
import type { AsyncWriting } from '../../events/event-tasks.ts'
import { noMomentsLookedFor } from '../../events/changes/change-log.ts'
import { resultLater } from '../../events/known/later.ts'
import { createNoting } from '../../events/known/noting.ts'
import { createToldTables } from '../../events/known/told-tables.ts'
import type { Told } from '../../model/known-rows.ts'
import type { Database } from '../connecting/database.ts'
import { createChangesDraft } from './changes-draft.ts'
import { holdHistory, saveHistory } from './history-row.ts'
import { createKnownDraft } from './known-draft.ts'

/** Replicas who follow changes hear of them there, and of lists that were told of as wholes. */
const CHANNELS = { changes: 'change', reads: 'read' }
const TIMEOUT_MS = 10_000

export const createKnownNoting = ({
  transaction,
  replica,
}: Pick<Database, 'transaction' | 'replica'>): Pick<AsyncWriting, 'note'> => {
  const [tables, moments] = [createToldTables(), noMomentsLookedFor()]

  return {
    note: async (all, terms) => {
      let undone = (): void => undefined
      try {
        return await transaction(
          'write',
          async query => {
            const history = await holdHistory(query)
            const [rows, changes] = [
              createKnownDraft(query, all, history),
              createChangesDraft(query, all, history),
            ]
            const noting = createNoting({ ...rows, ...changes }, tables, moments)
            undone = () => noting.undone(all)
            const noted = await resultLater(noting.note(all, terms))
            await rows.writeRows()
            await changes.writeChanges()
            await saveHistory(query, history)
            const news = [
              ...(noted.stored > 0 ? [CHANNELS.changes] : []),
              ...(noted.answer === 'known' && isNewRead(all.at(-1)) ? [CHANNELS.reads] : []),
            ]
            for (const channel of news) await query('SELECT pg_notify($1, $2)', [channel, replica])
            return noted
          },
          { timeoutMs: TIMEOUT_MS },
        )
      } catch (error) {
        undone()
        throw error
      }
    },
  }
}

/** Whether it is a read of a whole list that others need not tell of again. */
const isNewRead = (told: Told | undefined): boolean =>
  told?.kind === 'whole' && told.isRead && told.isKnown !== true
