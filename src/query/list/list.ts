/**
 * One page of a list. An unsorted list is walked in the order in which its rows were first read, no further than the
 * page needs; a sorted one, one scoped to a parent, or one asked for from its end is put together whole.
 */
import { everything as noCondition } from '../../filter/filter.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import { slicePage } from './slice-page.ts'
import { collect } from './collect.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { needsEvents } from '../../filter/relations-in.ts'
import { plan } from '../planning/plan.ts'
import { positioningOf } from './position.ts'
import { walk } from './walk.ts'
import type { ListQuery } from './list-query.ts'
import type { ListPage } from './page.ts'
import type { PageRange } from './range.ts'
import { readRange } from './range.ts'

/** The asked-for page of a list over those connectors. Settled at once where the store holds what it needs. */
export const readListPage = (
  question: ListQuery,
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
  return andThen(collect(question, readers, operation, mode === 'position'), collected =>
    slicePage(
      range,
      collected,
      positioningOf(question, readers, mode === 'position'),
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
  question: ListQuery,
  range: PageRange,
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
    return !['scan', 'store'].includes(plan(ask, facts).accessPath.kind)
  }
  return condition !== undefined && readers.every(narrows) ? 'any' : 'position'
}

/** Events are read detection by detection, which a walk, testing row by row as pages come in, cannot wait for. */
const looksIntoEvents = ({ condition }: ListQuery): boolean =>
  condition !== undefined && needsEvents(condition.filter)
