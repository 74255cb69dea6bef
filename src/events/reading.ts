/** Reading the stored lists. */
import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { EventRow } from '../model/events.ts'
import type { StoredChange } from '../model/row-changes.ts'
import type { SinkStream } from '../model/sinks/sink.ts'
import { readPragma } from '../model/sqlite-file.ts'
import { createKnownReading, type KnownReading } from './known/known-reading.ts'
import { allBy } from './index-paths.ts'
import { tallyGroups, countRows, nothingHeld, WIDE } from './counting.ts'
import { readAfter, readPage } from './page.ts'
import type { Counted, CountQuery, FoundRow, PageQuery, Selection } from './queries.ts'
import { createRowTests } from './row-tests.ts'
import { tables } from './schema.ts'
import { eachWindow, type QuestionWork } from './question-work.ts'
import { createSinkPlaces, type SinkPlaces } from './sinks/sink-places.ts'
import { scanPath, tableBy } from './windows.ts'

export interface FileSize {
  /** What it takes on disk, or in memory where it is kept there. */
  readonly bytes: number
  /** Events stored of each connector, with the arrival of the oldest (UNIX seconds). */
  readonly stored: readonly {
    readonly connector: string
    readonly events: number
    readonly oldestAt: number
  }[]
}

/** What can take long is a question at work, which can be ended between any two of its stretches. */
export interface EventReading extends KnownReading, SinkPlaces {
  /** The rows of one page, in the order of the list. */
  page(query: PageQuery): QuestionWork<readonly FoundRow[]>
  /** How many rows there are. */
  count(selection: Selection): QuestionWork<number>
  /** How many rows share the same values. */
  groups(query: CountQuery): QuestionWork<readonly Counted[]>
  /** The sequence before that of the first event that arrived at or after that moment (UNIX seconds). */
  sequenceBefore(receivedAt: number): QuestionWork<number>
  /** The first events after that sequence, of all connectors, in the order of arrival. */
  after(sequence: number, limit: number): readonly EventRow[]
  /** The same of changes, in the order in which they were stored. */
  changesAfter(sequence: number, limit: number): readonly StoredChange[]
  /** Aliases of the connectors of which some are stored behind that sequence, up to the other one. */
  connectorsWithin(list: SinkStream, after: number, until: number): readonly string[]
  /** The sequence of the newest event; 0 where there is none. */
  newest(): number
  /** How much is stored. */
  size(): QuestionWork<FileSize>
  /** What tells this file from any other, also from one that stood at its path before. */
  identity(): string
  /** What is known of that sequence. */
  standing(sequence: number): Standing
  /** When the oldest and the newest event arrived; undefined where there is none. */
  arrivals(): Arrivals | undefined
  /** The sequence of the newest change; 0 where there is none. */
  newestChange(): number
  /** The sequence before that of the first change that became known at or after that moment (UNIX seconds). */
  changeBefore(at: number): number
  /** What is known of that sequence among changes. */
  changeStanding(sequence: number): Standing
  /** When the oldest and the newest change became known; undefined where there is none. */
  changeTimes(): Arrivals | undefined
  /** When the first known row went or list was last told of, and when the last list was; undefined where there is none. */
  knownTimes(): Arrivals | undefined
}

/** In UNIX seconds. */
export interface Arrivals {
  readonly oldestAt: number
  readonly newestAt: number
}

/** What is known of a place in the order of arrival. */
export interface Standing {
  /** When its event arrived, or its change became known (UNIX seconds); null where it is not stored. */
  readonly receivedAt: number | null
  /** The last sequence that was deleted; 0 where none was. */
  readonly purged: number
  /** The last sequence that was given, be it to what has gone since; 0 where none was. */
  readonly given: number
}

/** What reads from that file. */
export const createReading = (database: DatabaseSync): EventReading => {
  const file = { database, tests: createRowTests(database) }
  const held = nothingHeld()
  const newestOf = (list: Selection['list']): number =>
    Number(
      database.prepare(`SELECT max(sequence) AS newest FROM ${tables[list]}`).get()?.['newest'] ??
        0,
    )
  const store = (what: 'purged' | 'gone' | 'changes_purged' | 'changes_gone'): number =>
    Number(database.prepare(`SELECT ${what} FROM store`).get()?.[what] ?? 0)
  const givenTo = (list: Selection['list']): number =>
    Number(
      database.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(tables[list])?.[
        'seq'
      ] ?? 0,
    )

  let counted: StoredCounts | undefined

  /** What is stored never changes. Where some have gone meanwhile it is asked anew, up to the same sequence. */
  function* steadily<Result>(
    { list }: Selection,
    ask: (newest: number) => QuestionWork<Result>,
  ): QuestionWork<Result> {
    const newest = newestOf(list)
    const what = list === 'changes' ? 'changes_gone' : 'gone'
    for (let times = 1; ; times += 1) {
      const gone = store(what)
      const result = yield* ask(newest)
      if (times >= MOST_TIMES || store(what) === gone) return result
    }
  }

  return {
    page: query => steadily(query, newest => readPage(file, query, newest)),
    count: selection => steadily(selection, newest => countRows(file, selection, newest)),
    groups: query => steadily(query, newest => tallyGroups(file, query, newest, held)),
    sequenceBefore: function* (receivedAt) {
      const first = yield* firstSince(database, receivedAt)
      return first === undefined ? newestOf('events') : first - 1
    },
    after: (sequence, limit) =>
      readAfter(database, 'events', sequence, limit) as readonly EventRow[],
    changesAfter: (sequence, limit) =>
      readAfter(database, 'changes', sequence, limit) as readonly StoredChange[],
    connectorsWithin: (list, after, until) =>
      database
        .prepare(
          `SELECT DISTINCT connector FROM ${tables[list]} WHERE sequence > ? AND sequence <= ?`,
        )
        .all(after, until)
        .map(({ connector }) => String(connector)),
    newest: () => newestOf('events'),
    identity: () => String(database.prepare('SELECT identity FROM store').get()?.['identity']),
    standing: sequence => {
      const found = database
        .prepare('SELECT received_at FROM event WHERE sequence = ?')
        .get(sequence)
      return {
        receivedAt: found === undefined ? null : Number(found['received_at']),
        purged: store('purged'),
        given: givenTo('events'),
      }
    },
    arrivals: () => endsOf(database, 'received_at', 'event'),
    newestChange: () => newestOf('changes'),
    changeBefore: at => {
      const first = database.prepare('SELECT min(sequence) AS first FROM change WHERE at >= ?')
      const found = first.get(at)?.['first']
      return typeof found === 'number' ? found - 1 : newestOf('changes')
    },
    changeStanding: sequence => {
      const found = database.prepare('SELECT at FROM change WHERE sequence = ?').get(sequence)
      return {
        receivedAt: found === undefined ? null : Number(found['at']),
        purged: store('changes_purged'),
        given: givenTo('changes'),
      }
    },
    changeTimes: () => endsOf(database, 'at', 'change'),
    knownTimes: () => {
      const told = endsOf(database, 'told_at', 'known_list')
      const gone = endsOf(database, 'gone_at', 'known_row WHERE gone_at IS NOT NULL')
      return told && { ...told, oldestAt: Math.min(told.oldestAt, gone?.oldestAt ?? Infinity) }
    },
    ...createKnownReading(database),
    ...createSinkPlaces(database),
    size: function* () {
      const gone = store('gone')
      counted = yield* countStored(database, gone, counted?.gone === gone ? counted : undefined)
      return sizeOf(database, counted)
    },
  }
}

const endsOf = (database: DatabaseSync, column: string, table: string): Arrivals | undefined => {
  // Each is the end of an index; both at once would read all of it.
  const [oldestAt, newestAt] = ['min', 'max'].map(
    end => database.prepare(`SELECT ${end}(${column}) AS at FROM ${table}`).get()?.['at'],
  )
  return typeof oldestAt === 'number' && typeof newestAt === 'number'
    ? { oldestAt, newestAt }
    : undefined
}

/** How often a question is asked where events go all the time. */
const MOST_TIMES = 3

/** The first sequence among the events that arrived at or after that moment. */
function* firstSince(database: DatabaseSync, receivedAt: number): QuestionWork<number | undefined> {
  const path = { ...allBy('received_at'), lower: receivedAt }
  let first: number | undefined
  yield* eachWindow(scanPath(database, tables.events, path, 'ASC'), WIDE, window => {
    const { sql, values } = window.condition
    const found = database
      .prepare(`SELECT min(sequence) AS first FROM ${tableBy('event', window.index)} WHERE ${sql}`)
      .get(...values)?.['first']
    if (typeof found === 'number') first = Math.min(first ?? found, found)
    return true
  })
  return first
}

/** What was counted up to a sequence, when so many had gone. */
interface StoredCounts {
  readonly upTo: number
  readonly byConnector: ReadonlyMap<string, { readonly events: number; readonly oldestAt: number }>
  readonly gone: number
}

/** Goes on from what was counted before, if nothing of that has gone. */
function* countStored(
  database: DatabaseSync,
  gone: number,
  known: StoredCounts | undefined,
): QuestionWork<StoredCounts> {
  const byConnector = new Map(known?.byConnector)
  const path = { ...allBy('sequence'), lower: (known?.upTo ?? 0) + 1 }
  let upTo = known?.upTo ?? 0
  yield* eachWindow(scanPath(database, tables.events, path, 'ASC'), WIDE, ({ condition }) => {
    const counts = database
      .prepare(
        `SELECT connector, count(*) AS events, min(received_at) AS oldest, max(sequence) AS newest
          FROM event WHERE ${condition.sql} GROUP BY connector`,
      )
      .iterate(...condition.values)
    for (const { connector, events, oldest, newest } of counts) {
      const { events: before, oldestAt } = byConnector.get(String(connector)) ?? noEvents
      byConnector.set(String(connector), {
        events: before + Number(events),
        oldestAt: Math.min(oldestAt, Number(oldest)),
      })
      upTo = Math.max(upTo, Number(newest))
    }
    return true
  })
  return { upTo, byConnector, gone }
}

const noEvents = { events: 0, oldestAt: Infinity }

const sizeOf = (database: DatabaseSync, { byConnector }: StoredCounts): FileSize => ({
  bytes: bytesOf(database),
  stored: [...byConnector]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([connector, counts]) => ({ connector, ...counts })),
})

/** With what was not yet moved from the log into the file. */
const bytesOf = (database: DatabaseSync): number => {
  const path = database.location()
  if (path === null)
    return Number(readPragma(database, 'page_count')) * Number(readPragma(database, 'page_size'))
  return [path, `${path}-wal`].reduce(
    (sum, each) => sum + (statSync(each, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
