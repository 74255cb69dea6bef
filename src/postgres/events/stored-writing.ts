/** Storing and deleting events in the database: whoever does holds its one row, so that sequences are in the order of commits. */
import type { AsyncWriting } from '../../events/event-tasks.ts'
import { eventColumns } from '../../events/writing.ts'
import { folded } from '../../filter/letters.ts'
import type { NewEvent } from '../../model/events.ts'
import type { Database } from '../connecting/database.ts'
import type { Query } from '../connecting/pools.ts'
import type { EventParts } from './event-parts.ts'
import type { OverTime, RetainedEvents } from './retained.ts'
import type { SeenSequence } from './seen-sequence.ts'
import { applyToOthers, isOfOther } from './other-rows.ts'
import { storable } from './statement-values.ts'

export interface StoredWritingOptions {
  readonly database: Pick<Database, 'query' | 'transaction' | 'replica'>
  readonly parts: EventParts
  readonly seen: SeenSequence
  readonly retained: Pick<RetainedEvents, 'learn' | 'saw'>
}

/** Milliseconds that storing may take: a webhook is refused before Push gives up waiting for it. */
export const APPEND_MS = 1_200
const PURGE_MS = 60_000
/** Before all sequences; and ids that are forgotten in one go. */
const FIRST = 0
const IDS_AT_ONCE = 5_000

export const createStoredWriting = ({
  database,
  parts,
  seen,
  retained,
}: StoredWritingOptions): Pick<AsyncWriting, 'append' | 'purge'> => ({
  append: async events => {
    await parts.ready(events)
    const terms = { timeoutMs: APPEND_MS }
    const store = (query: Query): Promise<ReadonlyMap<number, number>> =>
      append(query, events, seen.highest(), database.replica)
    const sequences = events.some(isOfOther)
      ? await database.transaction(
          'write',
          async query => {
            const given = await store(query)
            const fresh = events.filter((_, index) => given.has(index))
            await applyToOthers(query, fresh)
            return given
          },
          terms,
        )
      : await store((sql, values, how) =>
          database.query('write', sql, values, { ...terms, ...how }),
        )
    seen.saw(Math.max(0, ...sequences.values()))
    for (const index of sequences.keys()) {
      const event = events[index]
      if (event !== undefined) retained.saw(event)
    }
    return events.map((_, index) => sequences.get(index) ?? null)
  },
  purge: async (before, most) => {
    const asked = async <Row extends object>(
      sql: string,
      values: readonly unknown[],
    ): Promise<Row> => {
      const [found] = await database.query<Row>('write', sql, values, { timeoutMs: PURGE_MS })
      if (found === undefined) throw new Error('A function of the database came to nothing')
      return found
    }
    const one = async <Value>(call: string, values: readonly unknown[] = []): Promise<Value> =>
      (await asked<{ readonly came: Value }>(`SELECT ${call} AS came`, values)).came
    const ended = await retained.learn(() =>
      asked<OverTime & { readonly many: number }>('SELECT * FROM event_end($1::float8)', [before]),
    )
    // From here on nobody finds them: their tables go now, or the next time where somebody reads.
    do {
      for (let last: number | null = FIRST; last !== null;)
        last = await one('event_forget_ids($1::bigint, $2::int)', [last, IDS_AT_ONCE])
    } while (await one<boolean>('event_drop_part()'))
    for (let step = most; step === most;) step = await one('event_purge($1::int)', [most])
    return ended.many
  },
})

/** The sequences of those that were not there before, by their places. */
const append = async (
  query: Query,
  events: readonly NewEvent[],
  seen: number,
  replica: string,
): Promise<ReadonlyMap<number, number>> => {
  const rows = await query<{ readonly place: number; readonly sequence: number }>(
    'SELECT place, sequence FROM event_append($1::json, $2::bigint, $3::text)',
    [JSON.stringify(events.map(toColumns)), seen, replica],
    { repeats: true },
  )
  return new Map(rows.map(({ place, sequence }) => [place - 1, sequence]))
}

const toColumns = (event: NewEvent): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries({ ...eventColumns, ...keyColumns, body: ({ body }: NewEvent) => body }).map(
      ([name, read]) => [name, storable(read(event))],
    ),
  )

const keyOf = (text: string | null): string | null => (text === null ? null : folded.of(text))

/** Texts in the form in which they are compared, which the embedded file makes as it reads. */
const keyColumns: Readonly<Record<string, (event: NewEvent) => string | null>> = {
  object_name_key: event => keyOf(event.objectName),
  description_key: event => keyOf(event.description),
  url_key: event => keyOf(event.url),
}
