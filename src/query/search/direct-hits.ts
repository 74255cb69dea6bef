/** The objects that hold the searched value themselves: among which rows they are, and which of those they are. */
import { derived, type Fields } from '../../filter/values.ts'
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName, DetectionEvent, Row } from '../../model/rows.ts'
import { gatherRows } from '../reading/matching-rows.ts'
import { plan } from '../planning/plan.ts'
import type { Reader } from '../reading/reader.ts'
import type { Allowance } from './request-budget.ts'
import type { Place } from './fields.ts'
import { likenessTo } from './compare.ts'

/** A row, or one event of a detection, that holds the value at that place. */
export interface Holding {
  readonly place: Place
  readonly row: Row
  readonly event: DetectionEvent | undefined
}

export interface Candidates {
  readonly rows: readonly Row[]
  /** Start of the oldest read that they rest on, in milliseconds. */
  readonly asOf: number
}

/**
 * Rows among which all are that hold the value at these places: by id or by parameter where Push can be asked for
 * every one of the places, else the whole collection, once for all of them.
 */
export const readCandidates = async (
  name: CollectionName,
  places: readonly Place[],
  value: string,
  reader: Reader,
  allowance: Allowance,
): Promise<Candidates> => {
  const filters = places.map(place => filterOf(place, value))
  if (!filters.every(filter => filter !== undefined)) return readAllRows(name, reader, allowance)
  const plans = filters.map(filter => {
    const scanned = reader.demand.scan.has(name)
    return plan({ collection: name, filter, enough: undefined, scanned }, reader.facts)
  })
  const narrows = plans.every(({ way }) => way.kind !== 'scan' && way.kind !== 'store')
  if (!narrows) return readAllRows(name, reader, allowance)
  const requests = plans.reduce((sum, { cost }) => sum + cost.requests, 0)
  const parts = await allowance.within(requests, name, reader, () =>
    Promise.all(filters.map(async filter => gatherRows(name, filter, reader))),
  )
  return {
    rows: [...new Set(parts.flatMap(({ rows }) => rows))],
    asOf: Math.min(...parts.map(({ asOf }) => asOf)),
  }
}

/** Every row of the collection. */
export const readAllRows = async (
  name: CollectionName,
  reader: Reader,
  allowance: Allowance,
): Promise<Candidates> => {
  await allowance.whole(name, reader)
  const table = reader.store.table(name)
  return { rows: [...table.values()], asOf: table.whole ?? reader.startedAt() }
}

/** The question of one place as a filter; undefined where only we can compare. */
const filterOf = ({ holder, field, as }: Place, value: string): Filter | undefined => {
  if (holder === 'detectionEvents') return undefined
  if (as === 'id') return { kind: 'compare', field, op: 'eq', value }
  return as === 'text' ? { kind: 'text', field, op: 'eq', value, caseSensitive: false } : undefined
}

/** Where in these rows the value stands; events that are not known hold nothing. */
export const findHoldings = (
  rows: readonly Row[],
  places: readonly Place[],
  value: string,
): Holding[] => {
  const looks = places.map(place => ({ place, holds: holdsAt(place, value) }))
  const holdings: Holding[] = []
  for (const row of rows)
    for (const { place, holds } of looks) {
      if (place.holder !== 'detectionEvents') {
        if (holds(row)) holdings.push({ place, row, event: undefined })
        continue
      }
      for (const event of eventsOf(row)) if (holds(event)) holdings.push({ place, row, event })
    }
  return holdings
}

/** The events of a detection as far as they are known. */
export const eventsOf = (row: Row): readonly DetectionEvent[] =>
  'events' in row ? (row.events ?? []) : []

const holdsAt = ({ holder, field, as }: Place, value: string): ((object: object) => boolean) => {
  const isLike = likenessTo(value, as)
  const reckoned = derived(holder, field, { connectorAlias: '' })
  const valueOf = (object: object): unknown =>
    reckoned === undefined ? (object as Fields)[field] : reckoned(object as Fields)
  return object => {
    const found = valueOf(object)
    if (typeof found === 'string') return isLike(found)
    return Array.isArray(found) && found.some(each => typeof each === 'string' && isLike(each))
  }
}
