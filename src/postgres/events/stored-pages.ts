/** A page of a stored list: one statement, or, where rows are to be tested here, their places first. */
import type { EventSortKey, FoundRow, PageQuery, QuestionTerms } from '../../events/events.ts'
import { keyColumns, orderBy, placeOf } from '../../events/ordering.ts'
import { tables } from '../../events/schema.ts'
import type { StoredName } from '../../model/stored.ts'
import type { Query } from '../connecting/pools.ts'
import { columnNamed, conditionOf } from './conditions.ts'
import { placeOrderOf, presentIn, readFound, sequencesOf } from './found-rows.ts'
import { conditionBeyond } from './places.ts'
import type { Questions } from './questions.ts'
import type { RetainedEvents } from './retained.ts'
import { createStatementValues } from './statement-values.ts'
import { eachPassing, testColumns } from './tested-rows.ts'

/** The rows of the page, in the order of the list. */
export const readStoredPage = (
  questions: Pick<Questions, 'ask' | 'askAtOnce'>,
  retained: RetainedEvents,
  page: PageQuery,
  terms: QuestionTerms | undefined,
): Promise<readonly FoundRow[]> => {
  const { list, parts, from, until, backward, limit } = page
  const { values, bind } = createStatementValues()
  const order = placeOrderOf(page)
  const condition = conditionOf(list, parts, bind)
  const where = [
    presentIn(list, retained, bind),
    ...(from === undefined
      ? []
      : [conditionBeyond(order, from, backward ? 'before' : 'after', bind)]),
    ...(until === undefined
      ? []
      : [conditionBeyond(order, until, backward ? 'after' : 'before', bind)]),
    condition.sql,
  ].join(' AND ')
  const { test } = condition
  if (test === undefined)
    return questions.ask(terms, query =>
      readFound(query, {
        list,
        order,
        where,
        backward,
        limit,
        values,
        isPlannedOnce: isPlannedOnce(page),
      }),
    )
  const columns = ['sequence', ...keyColumns(order), ...testColumns(test, columnNamed)]
  const sql = `SELECT ${columns.join(', ')} FROM ${tables[list]}
    WHERE ${where} ORDER BY ${orderBy(order, backward)}`
  return questions.askAtOnce(terms, async query => {
    const places: EventSortKey[] = []
    await eachPassing(query, sql, values, test, row => {
      places.push(placeOf(order, row))
      return places.length < limit
    })
    return readPlaces(query, page, places)
  })
}

/**
 * Whether whole lists of connectors are asked for, or what has one value where an index has the rows of each in the order of time:
 * however many there are, nothing is quicker.
 */
const isPlannedOnce = ({ list, parts }: Pick<PageQuery, 'list' | 'parts'>): boolean => {
  const [only, ...others] = parts
  if (only === undefined || others.length > 0) return false
  const { filter } = only
  const value =
    (filter.kind === 'text' && filter.op === 'eq' && !filter.caseSensitive) ||
    (filter.kind === 'compare' && filter.op === 'eq') ||
    (filter.kind === 'in' && filter.values.length === 1)
      ? filter.field
      : undefined
  return filter.kind === 'all' || (list === 'events' && value !== undefined && indexed.has(value))
}

const indexed: ReadonlySet<string> = new Set([
  ...['object', 'email', 'sourceIpAddress'],
  ...['entityId', 'employeeId', 'accountId', 'appId', 'browserId'],
])

const readPlaces = (
  query: Query,
  page: Pick<PageQuery, 'list' | 'ordering'>,
  places: readonly EventSortKey[],
): Promise<readonly FoundRow[]> | readonly FoundRow[] =>
  places.length === 0
    ? []
    : readFound(query, {
        list: page.list,
        order: placeOrderOf(page),
        where: 'sequence = ANY ($1::bigint[])',
        backward: false,
        limit: undefined,
        values: [sequencesOf(places)],
      })

/** The first rows of the list after that sequence, in the order of arrival; only those that are there where `retained` is given. */
export const readStoredAfter = async (
  query: Query,
  list: StoredName,
  sequence: number,
  limit: number,
  retained?: RetainedEvents,
): Promise<readonly object[]> => {
  const { values, bind } = createStatementValues()
  const after = `sequence > ${bind(sequence, 'bigint')}`
  const found = await readFound(query, {
    list,
    order: placeOrderOf({ list, ordering: 'arrival' }),
    where: retained === undefined ? after : `${after} AND ${presentIn(list, retained, bind)}`,
    backward: false,
    limit,
    values,
    isPlannedOnce: true,
  })
  return found.map(({ row }) => row)
}
