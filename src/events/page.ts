/** A page of a stored list: the places of its rows are found window by window, then the rows themselves are read. */
import type { DatabaseSync } from 'node:sqlite'
import type { StoredName } from '../model/stored.ts'
import { allBy, type IndexPath, type KeyColumn } from './index-paths.ts'
import { BestRows } from './best-rows.ts'
import { createJudge, type Judge } from './judge.ts'
import {
  beyond,
  comparePlaces,
  keyColumns,
  orderBy,
  placeOf,
  type PlaceOrder,
  toOrder,
} from './ordering.ts'
import type { EventSortKey, FoundRow, PageQuery, Value } from './queries.ts'
import type { ReadingFile } from './row-tests.ts'
import { tables, timeColumns } from './schema.ts'
import { columnsOf, MOST_BYTES, tooManyBytes, toRow } from './stored-rows.ts'
import { isIn, join } from './to-sql.ts'
import {
  countUpTo,
  scanPath,
  type WindowScan,
  type ScanDirection,
  tableBy,
  type Window,
} from './windows.ts'
import { eachWindow, type QuestionWork } from './question-work.ts'

/** The rows of the page, in the order of the list. `newest`: the last sequence that counts. */
export function* readPage(
  file: ReadingFile,
  query: PageQuery,
  newest: number,
  mostBytes = MOST_BYTES,
): QuestionWork<readonly FoundRow[]> {
  const judge = createJudge(file.tests, query)
  try {
    const places = yield* findPage(file.database, query, judge, newest)
    return readRows(file.database, query.list, places, mostBytes)
  } finally {
    judge.end()
  }
}

/** The places of the rows of the page, in the order of the list. */
function* findPage(
  database: DatabaseSync,
  query: PageQuery,
  judge: Judge,
  newest: number,
): QuestionWork<readonly EventSortKey[]> {
  const { list, backward, limit } = query
  const order = toOrder(list, query.ordering)
  const best = new BestRows(limit, comparePlaces(order, backward))
  for (const way of waysOf(database, query, order, judge, newest)) {
    const scan = scanPath(database, tables[list], way.path, way.direction)
    // How long a test takes is not known.
    const first = judge.isTested ? FIRST_ROWS : Math.max(FIRST_ROWS, limit + (limit >> 2))
    yield* eachWindow(scan, { first, least: 16, most: MOST_ROWS }, window => {
      findPlaces(database, query, order, judge, newest, window, best)
      return !way.isOrdered || !isBehind(scan, best.last, way)
    })
  }
  return backward ? best.rows.toReversed() : best.rows
}

/** Rows of the first window, and of any at most. */
const FIRST_ROWS = 64
const MOST_ROWS = 16_384

/** A path to go along, be it in the order that is asked for. */
interface Way {
  readonly path: IndexPath
  readonly direction: ScanDirection
  readonly isOrdered: boolean
}

/** Of fewer rows than this all are looked at, rather than rows in their order until the page is full. */
const FEW = 2_000
/** Values whose rows are gone through in order one value after the other. */
const FEW_VALUES = 16

const waysOf = (
  database: DatabaseSync,
  query: PageQuery,
  { keys, descending }: PlaceOrder,
  { access }: Judge,
  newest: number,
): readonly Way[] => {
  const { list, backward } = query
  const [first] = keys
  const by = first === undefined ? 'sequence' : toKeyColumn(list, first.sql)
  const direction = (first?.descending ?? descending) === backward ? 'ASC' : 'DESC'
  const inOrder = (path: IndexPath): Way => ({
    path: narrowed(path, query, direction, newest),
    direction,
    isOrdered: true,
  })
  const anyhow = access.paths.map((path): Way => ({ path, direction: 'ASC', isOrdered: false }))
  if (by === undefined) return anyhow
  const ordered = access.paths.map(path => inOrderOf(path, by))
  if (ordered.every(paths => paths !== undefined)) return ordered.flat().map(inOrder)
  const met = countUpTo(database, tables[list], access.paths, FEW)
  return met < FEW ? anyhow : [inOrder(allBy(by))]
}

const toKeyColumn = (list: StoredName, column: string): KeyColumn | undefined =>
  timeColumns[list] !== undefined &&
  (column === 'occurred_at' ||
    column === 'happened_at' ||
    column === 'received_at' ||
    column === 'at')
    ? column
    : undefined

/** The path as some that each are in that order; undefined where it is in another one, or they would be many. */
const inOrderOf = (path: IndexPath, by: KeyColumn): readonly IndexPath[] | undefined => {
  const { equal, key } = path
  if (key !== by) return undefined
  if (equal === undefined) return [path]
  if (key === 'sequence' || equal.values.length > FEW_VALUES) return undefined
  return equal.values.map(value => ({ ...path, equal: { ...equal, values: [value] } }))
}

/** The path, not beyond the places between which the page lies. */
const narrowed = (
  path: IndexPath,
  { from, until }: PageQuery,
  direction: ScanDirection,
  newest: number,
): IndexPath => {
  const valueOf = (place: EventSortKey | undefined): Value | undefined =>
    place === undefined ? undefined : path.key === 'sequence' ? place.sequence : place.keys[0]
  const [low, high] = direction === 'ASC' ? [from, until] : [until, from]
  const bounds = (own: Value | undefined, more: readonly (Value | undefined)[]) =>
    [own, ...more].filter(value => typeof value === 'number')
  const lowers = bounds(path.lower, [valueOf(low)])
  const uppers = bounds(path.upper, [valueOf(high), path.key === 'sequence' ? newest : undefined])
  return {
    ...path,
    ...(lowers.length === 0 ? {} : { lower: Math.max(...lowers) }),
    ...(uppers.length === 0 ? {} : { upper: Math.min(...uppers) }),
  }
}

/** Whether all rows that are left come after the last one of a full page. */
const isBehind = (
  scan: WindowScan,
  last: EventSortKey | undefined,
  { path, direction }: Way,
): boolean => {
  const bound = scan.bound()
  const value = last === undefined || path.key === 'sequence' ? last?.sequence : last.keys[0]
  if (typeof bound !== 'number' || typeof value !== 'number') return false
  return direction === 'ASC' ? value < bound : value > bound
}

/** Adds the places of the rows of a window that pass, as many as can be on the page. */
const findPlaces = (
  database: DatabaseSync,
  { list, from, until, backward, limit }: PageQuery,
  order: PlaceOrder,
  { condition }: Judge,
  newest: number,
  window: Window,
  best: BestRows<EventSortKey>,
): void => {
  const where = join('and', [
    window.condition,
    { sql: '+sequence <= ?', values: [newest] },
    ...(from === undefined ? [] : [beyond(order, from, backward ? 'before' : 'after')]),
    ...(until === undefined ? [] : [beyond(order, until, backward ? 'after' : 'before')]),
    condition,
  ])
  const found = database
    .prepare(
      `SELECT ${['sequence', ...keyColumns(order)].join(', ')}
        FROM ${tableBy(tables[list], window.index)}
        WHERE ${where.sql} ORDER BY ${orderBy(order, backward)} LIMIT ${limit}`,
    )
    .all(...where.values)
  for (const row of found) best.add(placeOf(order, row))
}

const readRows = (
  database: DatabaseSync,
  list: StoredName,
  places: readonly EventSortKey[],
  mostBytes = MOST_BYTES,
): readonly FoundRow[] => {
  const sequences = isIn(
    'sequence',
    places.map(({ sequence }) => sequence),
  )
  const found = new Map(
    database
      .prepare(`SELECT ${columnsOf(list).join(', ')} FROM ${tables[list]} WHERE ${sequences.sql}`)
      .all(...sequences.values)
      .map(columns => [Number(columns['sequence']), columns]),
  )
  const bodies = list === 'events' ? bodiesOf(database, [...found.keys()], mostBytes) : undefined
  return places.flatMap(place => {
    const columns = found.get(place.sequence)
    if (columns === undefined) return []
    return [{ connector: String(columns['connector']), row: toRow(list, columns, bodies), place }]
  })
}

/** The first rows of the list after that sequence, in the order of arrival. */
export const readAfter = (
  database: DatabaseSync,
  list: StoredName,
  sequence: number,
  limit: number,
): readonly object[] => {
  const places = database
    .prepare(`SELECT sequence FROM ${tables[list]} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
    .all(sequence, limit)
    .map(found => ({ keys: [], sequence: Number(found['sequence']) }))
  return readRows(database, list, places).map(({ row }) => row)
}

const bodiesOf = (
  database: DatabaseSync,
  sequences: readonly number[],
  mostBytes: number,
): ReadonlyMap<unknown, string> => {
  const { sql, values } = isIn('sequence', sequences)
  const bytes = Number(
    database
      .prepare(`SELECT sum(octet_length(body)) AS bytes FROM event_body WHERE ${sql}`)
      .get(...values)?.['bytes'],
  )
  if (bytes > mostBytes) throw tooManyBytes(sequences.length, bytes, mostBytes)
  const rows = database.prepare(`SELECT sequence, body FROM event_body WHERE ${sql}`).all(...values)
  return new Map(rows.map(({ sequence, body }) => [sequence, String(body)]))
}
