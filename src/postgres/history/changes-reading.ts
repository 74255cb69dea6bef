/** Where changes stand in their order, and how old what is kept of rows is. */
import type { AsyncReading } from '../../events/event-tasks.ts'
import type { Arrivals } from '../../events/reading.ts'
import type { StoredChange } from '../../model/row-changes.ts'
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
  newestChange: terms =>
    questions.ask(terms, async query => {
      const [found] = await query<{ readonly newest: number | null }>(
        'SELECT max(sequence) AS newest FROM change',
      )
      return found?.newest ?? 0
    }),
  changeBefore: (at, terms) =>
    questions.ask(terms, async query => {
      const [found] = await query<{ readonly before: number }>(
        `SELECT coalesce((SELECT min(sequence) - 1 FROM change WHERE at >= $1::float8),
          (SELECT max(sequence) FROM change), 0) AS before`,
        [at],
      )
      return found?.before ?? 0
    }),
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
  changeTimes: terms =>
    questions.ask(terms, async query =>
      toTimes(await query<Ends>('SELECT min(at) AS oldest, max(at) AS newest FROM change')),
    ),
  knownTimes: terms =>
    questions.ask(terms, async query =>
      toTimes(
        await query<Ends>(
          `SELECT least(min(told_at), (SELECT min(gone_at) FROM known_row)) AS oldest, max(told_at) AS newest
            FROM known_list`,
        ),
      ),
    ),
})

interface Ends {
  readonly oldest: number | null
  readonly newest: number | null
}

const toTimes = ([found]: readonly Ends[]): Arrivals | undefined => {
  const { oldest = null, newest = null } = found ?? {}
  return oldest === null || newest === null ? undefined : { oldestAt: oldest, newestAt: newest }
}
