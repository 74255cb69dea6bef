/** What is asked of events in the database, with the answers that the embedded file gives. */
import { nothingHeld } from '../../events/counting.ts'
import type { AsyncReading, EventTasks } from '../../events/event-tasks.ts'
import type { FileSize } from '../../events/reading.ts'
import { tables } from '../../events/schema.ts'
import type { EventRow } from '../../model/events.ts'
import type { Query } from '../connecting/pools.ts'
import { type Arriving, newestOf, sequenceBefore, timesOf } from './arrivals.ts'
import type { Questions } from './questions.ts'
import { OVER_TIME, type OverTime, readStore, type RetainedEvents } from './retained.ts'
import { createStatementValues } from './statement-values.ts'
import { countStoredGroups, countStoredRows } from './stored-counts.ts'
import { readStoredAfter, readStoredPage } from './stored-pages.ts'

/** What is asked of events and of the objects that they alone tell of. */
export type EventTask =
  | 'page'
  | 'count'
  | 'groups'
  | 'sequenceBefore'
  | 'after'
  | 'connectorsWithin'
  | 'newest'
  | 'size'
  | 'identity'
  | 'standing'
  | 'arrivals'

const arriving: Arriving = { table: 'event', column: 'received_at' }

export const createStoredReading = (
  questions: Questions,
  retained: RetainedEvents,
): Pick<EventTasks['read'], EventTask> => {
  const readSize = createSizeReading(retained)
  const held = nothingHeld()
  return {
    page: (query, terms) => readStoredPage(questions, retained, query, terms),
    count: (selection, terms) => countStoredRows(questions, retained, selection, terms),
    groups: (query, terms) => countStoredGroups(questions, retained, query, terms, held),
    sequenceBefore: (receivedAt, terms) =>
      questions.ask(terms, query => sequenceBefore(query, arriving, receivedAt)),
    after: (sequence, limit, terms) =>
      questions.ask(terms, query => eventsAfter(query, sequence, limit, retained)),
    connectorsWithin: (list, after, until, terms) =>
      questions.ask(terms, async query => {
        const found = await query<{ readonly connector: string }>(
          `SELECT DISTINCT connector FROM ${tables[list]} WHERE sequence > $1::bigint AND sequence <= $2::bigint`,
          [after, until],
        )
        return found.map(({ connector }) => connector)
      }),
    newest: terms => questions.ask(terms, query => newestOf(query, arriving)),
    size: terms => questions.askAtOnce(terms, readSize),
    identity: terms =>
      questions.ask(terms, async query => {
        const [found] = await query('SELECT identity FROM event_store')
        return String(found?.['identity'])
      }),
    standing: (sequence, terms) =>
      questions.ask(terms, query => standingOf(query, sequence, retained)),
    arrivals: terms =>
      questions.ask(terms, query => {
        const { values, bind } = createStatementValues()
        const within = `${retained.condition(bind)} AND ${retained.arrival(bind)}`
        return timesOf(query, arriving, within, values)
      }),
  }
}

/** The first events after that sequence, in the order of arrival; also those past their time where `retained` is absent. */
export const eventsAfter = async (
  query: Query,
  sequence: number,
  limit: number,
  retained?: RetainedEvents,
): Promise<readonly EventRow[]> =>
  (await readStoredAfter(query, 'events', sequence, limit, retained)) as readonly EventRow[]

const standingOf = async (
  query: Query,
  sequence: number,
  retained: RetainedEvents,
): Promise<Awaited<ReturnType<AsyncReading['standing']>>> => {
  const { values, bind } = createStatementValues()
  const given = bind(sequence, 'bigint')
  const [found] = await query<{
    readonly received_at: number | null
    readonly purged: number
    readonly given: number
  }>(
    // Of a number that an epoch has lost, the epoch before it ended earlier.
    `SELECT purged, (SELECT received_at FROM event WHERE sequence = ${given} AND ${retained.condition(bind)}) AS received_at,
        least(given, (
          SELECT began_after FROM event_epoch WHERE ${given} > began_after AND ${given} <= given_from
            ORDER BY epoch LIMIT 1
        )) AS given
      FROM event_store`,
    values,
  )
  return {
    receivedAt: found?.received_at ?? null,
    purged: found?.purged ?? 0,
    given: found?.given ?? 0,
  }
}

/** What was counted up to a sequence, when so many had gone. */
interface StoredCount {
  readonly upTo: number
  readonly byConnector: ReadonlyMap<string, { readonly events: number; readonly oldestAt: number }>
  readonly gone: number
}

interface StoreSize extends OverTime {
  readonly gone: number
  readonly bytes: number
}

const SIZE = `gone, ${OVER_TIME}, (SELECT sum(pg_total_relation_size(relid)) FROM (
    SELECT relid FROM pg_partition_tree('event') UNION ALL SELECT relid FROM pg_partition_tree('event_body')
    UNION ALL SELECT unnest(ARRAY['event_id', 'other_account', 'other_app']::regclass[])
  ) AS kept)::float8 AS bytes`

/** Counts what is stored, and goes on from what it counted before while nothing of that has gone. */
const createSizeReading = (retained: RetainedEvents): ((query: Query) => Promise<FileSize>) => {
  let counted: StoredCount | undefined
  return async query => {
    // Another replica may have put it further, by which those have gone.
    const { gone, bytes } = await retained.learn(() => readStore<StoreSize>(query, SIZE))
    const { values, bind } = createStatementValues()
    const known = counted?.gone === gone ? counted : undefined
    const rows = await query<{
      readonly connector: string
      readonly events: number
      readonly oldest: number
      readonly newest: number
    }>(
      `SELECT connector, count(*) AS events, min(received_at) AS oldest, max(sequence) AS newest
        FROM event WHERE sequence > ${bind(known?.upTo ?? 0, 'bigint')} AND ${retained.condition(bind)} GROUP BY connector`,
      values,
    )
    const byConnector = new Map(known?.byConnector)
    let upTo = known?.upTo ?? 0
    for (const { connector, events, oldest, newest } of rows) {
      const before = byConnector.get(connector) ?? { events: 0, oldestAt: Infinity }
      byConnector.set(connector, {
        events: before.events + events,
        oldestAt: Math.min(before.oldestAt, oldest),
      })
      upTo = Math.max(upTo, newest)
    }
    counted = { upTo, byConnector, gone }
    return {
      bytes,
      stored: [...byConnector]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([connector, counts]) => ({ connector, ...counts })),
    }
  }
}
