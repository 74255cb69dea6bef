/** Where changes stand in their order, and how old what is kept of rows is. */
import type { AsyncReading } from '../../events/event-tasks.ts'
import type { StoredChange } from '../../model/row-changes.ts'
import { type Arriving, newestOf, readTimes, sequenceBefore, timesOf } from '../events/arrivals.ts'
import type { Questions } from '../events/questions.ts'
import { readStoredAfter } from '../events/stored-pages.ts'

export const createChangesReading = (
  questions: Questions,
): Pick<
  AsyncReading,
  'changesAfter' | 'newestChange' | 'changeBefore' | 'changeStanding' | 'changeTimes' | 'knownTimes'
> => ({
  changesAfter: (sequence, limit, terms) =>
    questions.ask(
      terms,
      async query =>
        (await readStoredAfter(query, 'changes', sequence, limit)) as readonly StoredChange[],
    ),
  newestChange: terms => questions.ask(terms, query => newestOf(query, arriving)),
  changeBefore: (at, terms) => questions.ask(terms, query => sequenceBefore(query, arriving, at)),
  changeStanding: (sequence, terms) =>
    questions.ask(terms, async query => {
      const [found] = await query<{
        readonly at: number | null
        readonly purged: number
        readonly given: number
      }>(
        `SELECT (SELECT at FROM change WHERE sequence = $1::bigint) AS at, changes_purged AS purged, given
          FROM history`,
        [sequence],
      )
      const { at = null, purged = 0, given = 0 } = found ?? {}
      return { receivedAt: at, purged, given }
    }),
  changeTimes: terms => questions.ask(terms, query => timesOf(query, arriving)),
  knownTimes: terms => questions.ask(terms, query => readTimes(query, KNOWN_TIMES)),
})

const arriving: Arriving = { table: 'change', column: 'at' }

const KNOWN_TIMES = `SELECT least(min(told_at), (SELECT min(gone_at) FROM known_row)) AS oldest, max(told_at) AS newest
  FROM known_list`
