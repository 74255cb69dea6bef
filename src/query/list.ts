/**
 * One page of a list. An unsorted list is walked in the order in which its rows were first read, no further than the
 * page needs; a sorted one, one scoped to a parent, or one asked for from its end is put together whole.
 */
import { BadInputError } from '../errors.ts'
import { all, type Maybe, then } from '../model/maybe.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import { type Cursor, listKey, readCursor, writeCursor } from './cursor.ts'
import type { Operation } from './operation.ts'
import type { Reader } from './read.ts'
import { placingOf } from './placing.ts'
import { walk } from './walk.ts'

/** The rows that pass, as the filter of a list says. */
export interface Condition {
  /** The same text for the same condition. */
  readonly key: string
  /** Sees to it that every row that the condition looks at through a relation is at hand. */
  ready(reader: Reader): Maybe<void>
  /** The test of one row, once ready. */
  test(reader: Reader): (row: Row) => boolean
}

/** The order of a sorted list, ties broken by id. */
export interface Order {
  readonly key: string
  /** The values that a row is sorted by, for its cursor. */
  keysOf(row: Row): readonly (string | number | boolean | null)[]
  /** A row that compares as the one with those keys did. */
  rowOf(id: string, keys: readonly (string | number | boolean | null)[]): Row
  /** Compares two rows by their keys, then by id. */
  compare(a: Row, b: Row): number
}

/** The rows of one parent: those whose `field` is `value`, but for the parent itself among them. */
export interface Scope {
  readonly field: string
  readonly value: string
  readonly except: string | undefined
  /** Reads them, in one batch with the same question about other parents. */
  read(): Maybe<readonly Row[]>
}

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

export interface Question {
  readonly collection: CollectionName
  readonly scope?: Scope
  readonly condition?: Condition
  readonly order?: Order
  readonly page: PageArguments
}

export interface Item {
  /** The alias of the row's connector. */
  readonly connector: string
  readonly row: Row
}

export interface ListPage {
  readonly items: readonly Item[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** The cursor of an item of this page. */
  cursor(item: Item): string
  readonly startCursor: string | null
  readonly endCursor: string | null
  /** Milliseconds; null where nothing was read. */
  readonly asOf: number | null
  readonly complete: boolean
}

/** The range of a list that is asked for: its arguments, read and checked. */
export interface Range {
  readonly size: number
  readonly backward: boolean
  readonly after: Cursor | undefined
  readonly before: Cursor | undefined
  /** Writes a cursor of this list. */
  write(cursor: Cursor): string
}

export const DEFAULT_PAGE = 50
export const MAX_PAGE = 1000

/**
 * The arguments of a list, checked before anything is read.
 * @throws BadInputError that names the argument and says what it may be.
 */
export const readRange = (question: Question, connectors: readonly string[]): Range => {
  const { collection, scope, condition, order, page } = question
  const key = listKey([
    collection,
    scope?.field,
    scope?.value,
    condition?.key ?? '',
    order?.key ?? '',
    connectors,
  ])
  const { first = null, last = null, after = null, before = null } = page
  if (first !== null && last !== null)
    throw new BadInputError('Give "first" or "last", not both', 'last')
  const backward = last !== null
  const size = backward ? last : (first ?? DEFAULT_PAGE)
  const name = backward ? 'last' : 'first'
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new BadInputError(`"${name}" must be from 1 to ${MAX_PAGE}`, name)
  return {
    size,
    backward,
    after: after === null ? undefined : readCursor(key, after, 'after'),
    before: before === null ? undefined : readCursor(key, before, 'before'),
    write: cursor => writeCursor(key, cursor),
  }
}

/** The asked-for page of a list over those connectors. Settled at once where the store holds what it needs. */
export const readPage = (
  question: Question,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<ListPage> => {
  const range = readRange(
    question,
    readers.map(({ alias }) => alias),
  )
  const walks =
    question.scope === undefined &&
    question.order === undefined &&
    !range.backward &&
    range.before === undefined
  if (walks) return walk(question, range, readers, operation)
  return then(gather(question, readers, operation), gathered =>
    cut(question, range, gathered, readers, operation),
  )
}

/** Every item that passes, with what is known of where it comes from. */
export interface Gathered {
  readonly items: readonly Item[]
  readonly asOf: number | null
  readonly complete: boolean
}

/**
 * All rows of the list, in no order, for pages from the end, counts and groups.
 * @throws when a connector cannot be read and is the only one; otherwise the others' rows are given and the
 * operation is told what is missing.
 */
export const gather = (
  question: Question,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<Gathered> => {
  const parts = readers.map(reader => attempt(() => gatherFrom(question, reader)))
  const merge = (settled: readonly (Gathered | Failed)[]): Gathered => {
    const failed = settled.filter(isFailed)
    const first = failed[0]
    if (first !== undefined && failed.length === settled.length) throw first.failure
    for (const [index, part] of settled.entries())
      if (isFailed(part)) noteFailure(question, readers[index], part.failure, operation)
    const good = settled.filter((part): part is Gathered => !isFailed(part))
    return {
      items: good.length === 1 ? (good[0]?.items ?? []) : good.flatMap(part => part.items),
      asOf: oldest(good.map(part => part.asOf)),
      complete: failed.length === 0 && good.every(part => part.complete),
    }
  }
  return then(all(parts), merge)
}

const gatherFrom = (question: Question, reader: Reader): Maybe<Gathered> => {
  const { collection, scope, condition } = question
  const take = (rows: Iterable<Row>, asOf: number): Gathered => {
    const test = condition?.test(reader)
    const items: Item[] = []
    for (const row of rows)
      if (row.id !== scope?.except && (test === undefined || test(row)))
        items.push({ connector: reader.alias, row })
    return { items, asOf, complete: reader.store.table(collection).unreadable.length === 0 }
  }
  const read = (): Maybe<Gathered> => {
    const table = reader.store.table(collection)
    if (scope === undefined)
      return then(reader.whole(collection), () => take(table.ordered(), table.whole ?? 0))
    const asOf = (): number => table.slice(scope.field, scope.value) ?? table.whole ?? 0
    return then(scope.read(), rows => take(rows, asOf()))
  }
  return condition === undefined ? read() : then(condition.ready(reader), read)
}

/** Sorts what was gathered and cuts the asked-for page out of it. */
const cut = (
  question: Question,
  range: Range,
  gathered: Gathered,
  readers: readonly Reader[],
  operation: Operation,
): ListPage => {
  const placing = placingOf(question, readers)
  const sorted = [...gathered.items].sort((a, b) => placing.compare(a, b))
  const { after, before, size, backward } = range
  const [afterPlace, beforePlace] = [after, before].map(at => at && placing.toPlace(at))
  const from = afterPlace === undefined ? 0 : search(sorted, item => afterPlace(item) > 0)
  const to =
    beforePlace === undefined ? sorted.length : search(sorted, item => beforePlace(item) >= 0)
  const start = backward ? Math.max(from, to - size) : from
  const end = Math.max(start, backward ? to : Math.min(to, from + size))
  const items = sorted.slice(start, end)
  operation.returned(items.length)
  const cursor = (item: Item): string => range.write(placing.cursor(item))
  const [firstItem, lastItem] = [items[0], items.at(-1)]
  return {
    items,
    hasNextPage: end < sorted.length,
    hasPreviousPage: start > 0,
    cursor,
    startCursor: firstItem === undefined ? null : cursor(firstItem),
    endCursor: lastItem === undefined ? null : cursor(lastItem),
    asOf: gathered.asOf,
    complete: gathered.complete,
  }
}

/** The first index for which `holds` is true, in a list in which it is false up to there and true from there on. */
const search = (sorted: readonly Item[], holds: (item: Item) => boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = sorted[middle]
    if (item !== undefined && holds(item)) high = middle
    else low = middle + 1
  }
  return low
}

interface Failed {
  readonly failure: unknown
}

const isFailed = (part: object): part is Failed => 'failure' in part

const attempt = <T>(run: () => Maybe<T>): Maybe<T | Failed> => {
  try {
    const value = run()
    return value instanceof Promise
      ? value.catch((failure: unknown): Failed => ({ failure }))
      : value
  } catch (failure) {
    return { failure }
  }
}

/** Tells the operation that a connector's rows are missing, and why. */
export const noteFailure = (
  question: Question,
  reader: Reader | undefined,
  failure: unknown,
  operation: Operation,
): void => {
  operation.incomplete({
    code: codeOf(failure),
    message: `The ${question.collection} of this connector could not be read`,
    connector: reader?.alias ?? '',
    collection: question.collection,
  })
}

const codeOf = (failure: unknown): string =>
  failure instanceof Error && 'code' in failure && typeof failure.code === 'string'
    ? failure.code
    : 'INTERNAL_SERVER_ERROR'

const oldest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter(time => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}
