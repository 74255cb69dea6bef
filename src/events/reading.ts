/** Reading the stored lists. */
import { statSync } from 'node:fs'
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { folded } from '../filter/letters.ts'
import type { EventRow } from '../model/events.ts'
import { readPragma } from '../model/sqlite-file.ts'
import { fieldsOf, type StoredName } from '../model/stored.ts'
import { dimensionSql } from './buckets.ts'
import { columnOf, tables } from './schema.ts'
import { beyond, orderBy, toOrder } from './ordering.ts'
import type {
  Counted,
  CountQuery,
  FoundRow,
  PageQuery,
  ConnectorFilter,
  Selection,
  Value,
} from './queries.ts'
import { type Callable, type SqlCondition, isIn, join, toSql } from './to-sql.ts'

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

export interface EventReading {
  /** The rows of one page, in the order of the list. */
  page(query: PageQuery): readonly FoundRow[]
  /** How many rows there are. */
  count(selection: Selection): number
  /** How many rows share the same values. */
  groups(query: CountQuery): readonly Counted[]
  /** The sequence before that of the first event that arrived at or after that moment (UNIX seconds). */
  sequenceBefore(receivedAt: number): number
  /** The first events after that sequence, of all connectors, in the order of arrival. */
  after(sequence: number, limit: number): readonly EventRow[]
  /** The sequence of the newest event; 0 where there is none. */
  newest(): number
  /** How much is stored. */
  size(): FileSize
  /** What tells this file from any other, also from one that stood at its path before. */
  identity(): string
  /** What is known of that sequence. */
  standing(sequence: number): Standing
  /** When the oldest and the newest event arrived; undefined where there is none. */
  arrivals(): Arrivals | undefined
}

/** In UNIX seconds. */
export interface Arrivals {
  readonly oldestAt: number
  readonly newestAt: number
}

/** What is known of a place in the order of arrival. */
export interface Standing {
  /** When its event arrived (UNIX seconds); null where it is not stored. */
  readonly receivedAt: number | null
  /** The last sequence that was deleted; 0 where none was. */
  readonly purged: number
}

/** What reads from that file. */
export const createReading = (database: DatabaseSync): EventReading => {
  const where = createWhere(database)
  const readNewest = (): number =>
    Number(database.prepare('SELECT max(sequence) AS newest FROM event').get()?.['newest'] ?? 0)

  return {
    page: query => readPage(database, where, query),
    count: selection => {
      const { sql, values } = where(selection)
      const counting = `SELECT count(*) AS n FROM ${tables[selection.list]} WHERE ${sql}`
      return Number(database.prepare(counting).get(...values)?.['n'])
    },
    groups: query => readGroups(database, where, query),
    sequenceBefore: receivedAt => {
      const first = database
        .prepare('SELECT min(sequence) AS first FROM event WHERE received_at >= ?')
        .get(receivedAt)?.['first']
      return typeof first === 'number' ? first - 1 : readNewest()
    },
    after: (sequence, limit) => {
      const found = database
        .prepare(
          `SELECT ${columnsOf('events').join(', ')} FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?`,
        )
        .all(sequence, limit)
      const bodies = bodiesOf(database, found)
      return found.map(columns => toRow('events', columns, bodies) as EventRow)
    },
    newest: readNewest,
    identity: () => String(database.prepare('SELECT identity FROM store').get()?.['identity']),
    standing: sequence => {
      const found = database
        .prepare('SELECT received_at FROM event WHERE sequence = ?')
        .get(sequence)
      const purged = Number(database.prepare('SELECT purged FROM store').get()?.['purged'])
      return { receivedAt: found === undefined ? null : Number(found['received_at']), purged }
    },
    arrivals: () => {
      // Each is the end of an index; both at once would read all of it.
      const [oldestAt, newestAt] = ['min', 'max'].map(
        end => database.prepare(`SELECT ${end}(received_at) AS at FROM event`).get()?.['at'],
      )
      return typeof oldestAt === 'number' && typeof newestAt === 'number'
        ? { oldestAt, newestAt }
        : undefined
    },
    size: () => ({
      bytes: bytesOf(database),
      stored: database
        .prepare(
          'SELECT connector, count(*) AS events, min(received_at) AS oldest FROM event GROUP BY connector',
        )
        .all()
        .map(({ connector, events, oldest }) => ({
          connector: String(connector),
          events: Number(events),
          oldestAt: Number(oldest),
        })),
    }),
  }
}

/** The condition of what a query selects, and of more. It holds until the next one is made. */
type Where = (selection: Selection, ...more: readonly SqlCondition[]) => SqlCondition

/** Makes conditions whose tests of texts SQLite can call, by names of their own within a query. */
const createWhere = (database: DatabaseSync): Where => {
  database.function('fold', { deterministic: true }, text =>
    typeof text === 'string' ? folded.of(text) : null,
  )
  let functions = 0
  const callable: Callable = test => {
    const name = `test_${functions++}`
    database.function(name, { deterministic: true }, text =>
      typeof text === 'string' && test(text) ? 1 : 0,
    )
    return name
  }

  return (selection, ...more) => {
    functions = 0
    const parts = selection.parts.map(part => ofPart(selection.list, part, callable))
    const [only, ...others] = parts
    const any = only !== undefined && others.length === 0 ? only : join('or', [nothing, ...parts])
    const there = selection.list === 'events' ? [] : [{ sql: 'gone_at IS NULL', values: [] }]
    return join('and', [any, ...there, ...more])
  }
}

const readPage = (database: DatabaseSync, where: Where, query: PageQuery): readonly FoundRow[] => {
  const { list, from, until, backward } = query
  const order = toOrder(list, query.ordering)
  const condition = where(
    query,
    ...(from === undefined ? [] : [beyond(order, from, backward ? 'before' : 'after')]),
    ...(until === undefined ? [] : [beyond(order, until, backward ? 'after' : 'before')]),
  )
  const keys = order.keys.map(({ sql }, index) => `${sql} AS key_${index}`)
  const found = database
    .prepare(
      `SELECT ${[...columnsOf(list), ...keys].join(', ')} FROM ${tables[list]}
        WHERE ${condition.sql} ORDER BY ${orderBy(order, backward)} LIMIT ${query.limit}`,
    )
    .all(...condition.values)
  if (backward) found.reverse()
  const bodies = list === 'events' ? bodiesOf(database, found) : undefined
  return found.map(columns => ({
    connector: String(columns['connector']),
    row: toRow(list, columns, bodies),
    place: {
      keys: order.keys.map((_, index) => toValue(columns[`key_${index}`])),
      sequence: Number(columns['sequence']),
    },
  }))
}

const readGroups = (
  database: DatabaseSync,
  where: Where,
  { by, first, ...selection }: CountQuery,
): readonly Counted[] => {
  const { sql, values } = where(selection)
  const names = by.map((_, index) => `key_${index}`)
  const keys = by.map((dimension, index) => `${dimensionSql(dimension)} AS key_${index}`)
  const byName = names.map(name => `${name} ASC NULLS LAST`).join(', ')
  const limit = first === undefined ? '' : `ORDER BY n DESC, ${byName} LIMIT ${first}`
  return database
    .prepare(
      `SELECT ${keys.join(', ')}, count(*) AS n FROM ${tables[selection.list]}
        WHERE ${sql} GROUP BY ${names.join(', ')} ${limit}`,
    )
    .all(...values)
    .map(row => ({ keys: names.map(name => toValue(row[name])), count: Number(row['n']) }))
}

const nothing: SqlCondition = { sql: '0', values: [] }

/** The plus keeps SQLite from going by the connector, which most often selects nothing. */
const ofPart = (
  list: StoredName,
  { connectors, filter }: ConnectorFilter,
  callable: Callable,
): SqlCondition => join('and', [isIn('+connector', connectors), toSql(list, filter, callable)])

const columnsOf = (list: StoredName): readonly string[] => [
  'sequence',
  'connector',
  ...Object.keys(fieldsOf(list)).map(columnOf),
  ...(list === 'events' ? ['browser_id', 'app_type', 'inferred'] : []),
]

const bodiesOf = (
  database: DatabaseSync,
  found: readonly Record<string, SQLOutputValue>[],
): ReadonlyMap<unknown, string> => {
  const { sql, values } = isIn('sequence', [])
  const sequences = JSON.stringify(found.map(({ sequence }) => sequence))
  const rows = database
    .prepare(`SELECT sequence, body FROM event_body WHERE ${sql}`)
    .all(...values.map(() => sequences))
  return new Map(rows.map(({ sequence, body }) => [sequence, String(body)]))
}

const toRow = (
  list: StoredName,
  columns: Readonly<Record<string, SQLOutputValue>>,
  bodies: ReadonlyMap<unknown, string> | undefined,
): object => {
  const fields = Object.entries(fieldsOf(list)).map(([name, { kind }]) => {
    const value = toValue(columns[columnOf(name)])
    return [name, kind === 'boolean' && value !== null ? value === 1 : value] as const
  })
  return {
    ...Object.fromEntries(fields),
    ...(bodies === undefined
      ? {}
      : {
          sequence: Number(columns['sequence']),
          connector: columns['connector'],
          browserId: columns['browser_id'],
          appType: columns['app_type'],
          inferred: wordsIn(columns['inferred']),
          body: bodies.get(columns['sequence']) ?? '{}',
        }),
  }
}

const wordsIn = (value: SQLOutputValue | undefined): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : none

const none: readonly string[] = []

const toValue = (value: SQLOutputValue | undefined): Value =>
  typeof value === 'string' || typeof value === 'number' ? value : null

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
