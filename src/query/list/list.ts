/**
 * One page of a list. An unsorted list is walked in the order in which its rows were first read, no further than the
 * page needs; a sorted one, one scoped to a parent, or one asked for from its end is put together whole.
 */
import { BadInputError } from '../../errors.ts'
import { all as noCondition, type Filter } from '../../filter/filter.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { type Cursor, listKey, readCursor, writeCursor } from './cursor.ts'
import { cut } from './slice-page.ts'
import { gather } from './collect.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { needsEvents } from '../reading/read-related.ts'
import { plan } from '../planning/plan.ts'
import { placingOf } from './position.ts'
import { walk } from './walk.ts'

/** The rows that pass, as the filter of a list says. */
export interface Condition {
  /** The same text for the same condition. */
  readonly key: string
  readonly filter: Filter
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
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string
}

export interface Item {
  /** The alias of the row's connector. */
  readonly connector: string
  readonly row: Row
}

/** The rows of one connector. */
export interface Part {
  readonly connector: string
  readonly rows: readonly Row[]
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
  let known: string | undefined
  const key = (): string =>
    (known ??= listKey([
      collection,
      scope?.field,
      scope?.value,
      condition?.key ?? '',
      order?.key ?? '',
      connectors,
    ]))
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
    after: after === null ? undefined : readCursor(key(), after, 'after'),
    before: before === null ? undefined : readCursor(key(), before, 'before'),
    write: cursor => writeCursor(key(), cursor),
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
  const { scope, order } = question
  const placed = scope === undefined && order === undefined
  const mode = placed ? modeOf(question, range, readers) : 'any'
  const walks = mode === 'position' && !range.backward && range.before === undefined
  if (walks && !looksIntoEvents(question)) return walk(question, range, readers, operation)
  return andThen(gather(question, readers, operation, mode === 'position'), gathered =>
    cut(
      range,
      gathered,
      placingOf(question, readers, mode === 'position'),
      operation,
      question.path,
    ),
  )
}

/**
 * An unsorted list goes in the order in which its rows were first read, unless Push can be asked for few rows
 * everywhere: those go by id. The cursor holds on to the order that its list began with.
 */
const modeOf = (
  question: Question,
  range: Range,
  readers: readonly Reader[],
): 'position' | 'any' => {
  const cursor = range.after ?? range.before
  if (cursor !== undefined) return cursor.kind === 'walk' ? 'position' : 'any'
  const { collection, condition } = question
  const narrows = ({ facts, demand }: Reader): boolean => {
    const ask = {
      collection,
      filter: condition?.filter ?? noCondition,
      enough: range.backward ? undefined : range.size,
      scanned: demand.scan.has(collection),
    }
    return !['scan', 'store'].includes(plan(ask, facts).way.kind)
  }
  return condition !== undefined && readers.every(narrows) ? 'any' : 'position'
}

/** Events are read detection by detection, which a walk, testing row by row as pages come in, cannot wait for. */
const looksIntoEvents = ({ condition }: Question): boolean =>
  condition !== undefined && needsEvents(condition.filter)
