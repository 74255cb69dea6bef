/** What lists cost: the walk through their rows, and what is asked of the whole. */
import type { FieldNode, GraphQLField } from 'graphql'
import type { CollectionName } from '../../model/rows.ts'
import { isGiven } from '../../model/values.ts'
import { kindsAsked, type TimelineKindName, timesAround } from '../../loaders/loaders.ts'
import type { Listed, Price, Pricing } from './pricing.ts'
import { rowsLookedAt } from './stored-filter.ts'
import {
  childList,
  COUNTED_EVENT,
  EVENTS_OF_ONE,
  group,
  GROUPED_BY_ID,
  GROUPED_BY_VALUE,
  GROUPED_EVENT,
  GROUPED_ROW,
  NAMED_BY_MANY,
  ocsfRow,
  ORDERED_ROW,
  otherLeaf,
  PASSED_ROW,
  rootList,
  row,
  namedLeaves,
  searchList,
  STORED_ROWS,
  storedList,
  storedRow,
  TIMED_ROW,
  type Weight,
} from './weights.ts'

/** A field that gives a page. */
export interface ListField {
  readonly field: GraphQLField<unknown, unknown>
  readonly node: FieldNode
  /** What its rows are; of `search`, `ocsfEvents` and `timeline`, all kinds of them. */
  readonly of: CollectionName | 'stored' | 'search' | 'ocsf' | 'timeline'
  /** The collection of its parent, where that is of one; undefined for a root field. */
  readonly parent: CollectionName | 'other' | undefined
  /** The price of what is selected of the page. */
  readonly inner: Price
}

/** Rows of a page where nobody says how many. */
const DEFAULT_FIRST = 50
/** No list gives more: one that is asked for more is refused by name, whatever that would have cost. */
const LONGEST_PAGE = 1_000

/** The price of a list for each parent. */
export const priceOfList = ({ field, node, of, parent, inner }: ListField): Price => {
  const [own, each] = weightsOf(of, parent)
  return pricing => {
    const args = pricing.values.argumentsOrNone(field, node)
    const total = totalOf(pricing, of, parent, args)
    const page = Math.min(lengthOf(args), total)
    let cost = own.cost + (of === 'timeline' && page > 0 ? gathering(pricing, parent, args) : 0)
    let rows = total
    if (isGiven(args['filter'])) {
      const { once, perRow } = pricing.filter(args['filter'])
      let ofRow = perRow
      if (of === 'stored') {
        const looked = pricing.lookedAt(args['filter'])
        rows = rowsLookedAt(looked, total)
        ofRow += looked.perRow
      }
      cost += ofRow * rows + (parent === undefined ? once : 0)
    }
    const { orderBy } = args
    if (Array.isArray(orderBy) && page > 0)
      // Stored events lie in the order of time already.
      cost += ORDERED_ROW * orderBy.length * (of === 'stored' ? Math.min(rows, STORED_ROWS) : rows)
    // Stored rows are gone through from their other end.
    else if (isGiven(args['last']) && page > 0 && of !== 'stored') cost += PASSED_ROW * rows
    const { list: around, isNamed } = pricing
    // How many of those that are looked at pass a filter is not known: all may.
    pricing.list = {
      total: rows,
      page,
      row: each,
      grouped: of === 'stored' ? groupedEvent : groupedRow,
      counted: of === 'stored' ? COUNTED_EVENT : 0,
    }
    pricing.isNamed = false
    const below = inner(pricing)
    pricing.list = around
    pricing.isNamed = isNamed
    pricing.bytes += own.bytes
    // The walk through the list is what takes the time.
    if (below < cost) pricing.path = ''
    return cost + below
  }
}

const weightsOf = (
  of: ListField['of'],
  parent: ListField['parent'],
): readonly [own: Weight, each: Weight] => {
  if (of === 'search') return [searchList, row]
  if (of === 'timeline') return [parent === undefined ? searchList : childList, storedRow]
  if (of === 'ocsf') return [searchList, ocsfRow]
  if (of === 'stored') return [storedList, storedRow]
  return [parent === undefined ? rootList : childList, row]
}

const totalOf = (
  pricing: Pricing,
  of: ListField['of'],
  parent: ListField['parent'],
  args: Readonly<Record<string, unknown>>,
): number => {
  if (of === 'search' || of === 'ocsf') return LONGEST_PAGE
  if (of === 'timeline') return timesOf(pricing, parent, args)
  if (parent === 'other' || (of === 'stored' && parent !== undefined)) return EVENTS_OF_ONE
  if (parent !== undefined && of !== 'stored') {
    const mean = pricing.rows(of) / Math.max(1, pricing.rows(parent))
    return pricing.isNamed ? NAMED_BY_MANY * mean : mean
  }
  const connectors = Array.isArray(args['connectors'])
    ? (args['connectors'] as string[])
    : undefined
  return of === 'stored' ? pricing.stored(connectors) : pricing.rows(of, connectors)
}

type Args = Readonly<Record<string, unknown>>

const kindsOf = ({ kinds }: Args): ReadonlySet<TimelineKindName> =>
  kindsAsked(Array.isArray(kinds) ? (kinds as TimelineKindName[]) : undefined)

/** Rows around one object, by their collection, and how many times each of them has. */
const around = (pricing: Pricing, parent: CollectionName, args: Args) =>
  timesAround(parent, kindsOf(args)).map(({ of, times }) => {
    const mean = pricing.rows(of) / Math.max(1, pricing.rows(parent))
    return { rows: pricing.isNamed ? NAMED_BY_MANY * mean : mean, times }
  })

/** How long a timeline is: what is stored of one object, and the times of all rows around it. */
const timesOf = (pricing: Pricing, parent: ListField['parent'], args: Args): number =>
  parent === undefined || parent === 'other'
    ? LONGEST_PAGE
    : around(pricing, parent, args).reduce(
        (sum, { rows, times }) => sum + rows * times,
        EVENTS_OF_ONE,
      )

/** What it takes to gather all of it, whatever of it stands on the page. */
const gathering = (pricing: Pricing, parent: ListField['parent'], args: Args): number => {
  const kinds = kindsOf(args)
  // The events, and which of the times they tell of: when something came, and when it was last used.
  const events = kinds.has('EVENT') ? Math.min(kinds.size, 3) : 0
  const questions = events + (kinds.has('CHANGE') ? 2 : 0)
  const lists = parent === undefined || parent === 'other' ? [] : around(pricing, parent, args)
  return lists.reduce(
    (sum, { rows }) => sum + childList.cost + rows * TIMED_ROW,
    questions * storedList.cost,
  )
}

const lengthOf = ({ first, last }: Readonly<Record<string, unknown>>): number => {
  // Both at once are refused.
  const asked = [first, last].filter(value => typeof value === 'number')
  return asked.length === 0 ? DEFAULT_FIRST : Math.min(Math.max(0, ...asked), LONGEST_PAGE)
}

/** The price of groups, or of their number, of the list that they stand in. */
export const priceOfGroups = (
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  inner: Price,
): Price => {
  const isNumber = node.selectionSet === undefined
  return pricing => {
    const { by, first } = pricing.values.argumentsOrNone(field, node)
    const { total, grouped } = pricing.list ?? none
    const dimensions: readonly unknown[] = Array.isArray(by) ? by : [by]
    const walked = dimensions.reduce<number>((sum, by) => sum + grouped(by) * total, 0)
    pricing.bytes = group.bytes
    if (isNumber) return walked
    // What is counted of all groups at once leaves its price here.
    const around = pricing.grouped
    pricing.grouped = { walked, grouped, total, cost: 0 }
    const each = inner(pricing)
    const { cost: atOnce } = pricing.grouped
    pricing.grouped = around
    const most = typeof first === 'number' ? Math.max(0, first) : Infinity
    const groups = Math.min(most, groupsOf(total, dimensions))
    pricing.bytes = groups * (group.bytes + pricing.bytes)
    return walked + atOnce + groups * (group.cost + each)
  }
}

/** The price of a number of each group: another walk through the rows, or of a filter's trying each of them. */
export const priceOfDetail =
  (field: GraphQLField<unknown, unknown>, node: FieldNode): Price =>
  pricing => {
    const { where, of } = pricing.values.argumentsOrNone(field, node)
    const { grouped } = pricing
    if (grouped !== undefined) {
      const { once, perRow } = isGiven(where) ? pricing.filter(where) : noFilter
      const among = of === undefined ? 0 : grouped.grouped(of)
      grouped.cost += grouped.walked + once + (perRow + among) * grouped.total
    }
    pricing.bytes = otherLeaf.bytes
    pricing.path = ''
    return otherLeaf.cost
  }

const noFilter = { once: 0, perRow: 0 }

const groupedRow = (): number => GROUPED_ROW
const groupedEvent = (dimension: unknown): number => {
  if (dimension === 'ID') return GROUPED_BY_ID
  return BY_INDEX.test(String(dimension)) ? GROUPED_EVENT : GROUPED_BY_VALUE
}
const BY_INDEX = /^(CONNECTOR|CATEGORY|OBJECT|TYPE|OCCURRED_.*)$/

/** The price of how many rows the list has that it stands in. */
export const priceOfCount: Price = pricing => {
  const { total, counted } = pricing.list ?? none
  const { cost, bytes } = namedLeaves['totalCount'] ?? otherLeaf
  pricing.bytes = bytes
  pricing.path = ''
  return cost + counted * total
}

const none: Listed = { total: 0, page: 0, row, grouped: groupedRow, counted: 0 }

/** Each row has an id of its own; of most else there is far less than of rows. */
const groupsOf = (total: number, dimensions: readonly unknown[]): number =>
  dimensions.includes('ID') ? total : total ** 0.6
