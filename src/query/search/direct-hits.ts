/** The objects that hold the searched value themselves: among which rows they are, and which of those they are. */
import { derived, type FieldValues } from '../../filter/values.ts'
import type { Filter } from '../../filter/filter.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, DetectionEvent, Row } from '../../model/rows.ts'
import type { Work } from '../../work/work.ts'
import { matchingRows, planFor } from '../reading/matching-rows.ts'
import type { Reader } from '../reading/reader.ts'
import type { RequestBudget } from './request-budget.ts'
import type { FieldRef } from './fields.ts'
import { likenessTo } from './compare.ts'

/** A row, or one event of a detection, that holds the value in that field. */
export interface DirectHit {
  readonly field: FieldRef
  readonly row: Row
  readonly event: DetectionEvent | undefined
}

export interface Candidates {
  readonly rows: readonly Row[]
  /** Start of the oldest read that they rest on, in milliseconds. */
  readonly asOf: number
}

/**
 * Rows among which all are that hold the value in these fields: by id or by parameter where Push can be asked for
 * every one of the fields, else the whole collection, once for all of them.
 */
export const readCandidates = async (
  name: CollectionName,
  fields: readonly FieldRef[],
  value: string,
  reader: Reader,
  budget: RequestBudget,
): Promise<Candidates> => {
  const filters = fields.map(field => filterOf(field, value))
  if (!filters.every(filter => filter !== undefined)) return readAllRows(name, reader, budget)
  const plans = filters.map(filter => ({ filter, ...planFor(name, filter, reader) }))
  const narrows = plans.every(
    ({ accessPath }) => accessPath.kind !== 'scan' && accessPath.kind !== 'store',
  )
  if (!narrows) return readAllRows(name, reader, budget)
  const requests = plans.reduce((sum, { cost }) => sum + cost.requests, 0)
  const parts = await budget.within(requests, name, reader, () =>
    Promise.all(
      plans.map(async ({ filter, accessPath }) => matchingRows(name, filter, reader, accessPath)),
    ),
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
  budget: RequestBudget,
): Promise<Candidates> => {
  await budget.whole(name, reader)
  const { whole } = reader.store.table(name)
  return { rows: reader.rowsNow(name), asOf: whole ?? reader.now() }
}

/** What is looked for in one field as a filter; undefined where only we can compare. */
const filterOf = ({ holder, field, as }: FieldRef, value: string): Filter | undefined => {
  if (holder === 'detectionEvents') return undefined
  if (as === 'id') return { kind: 'compare', field, op: 'eq', value }
  return as === 'text' ? { kind: 'text', field, op: 'eq', value, caseSensitive: false } : undefined
}

/** About what it takes to look at a field. */
const FIELD_NS = 100

/** Where in these rows the value is; events that are not known hold nothing. */
export const findDirectHits = (
  rows: readonly Row[],
  fields: readonly FieldRef[],
  value: string,
  work: Work,
): Maybe<readonly DirectHit[]> => work.run(look(rows, fields, value, work))

function* look(
  rows: readonly Row[],
  fields: readonly FieldRef[],
  value: string,
  work: Work,
): Generator<void, readonly DirectHit[]> {
  const looks = fields.map(field => ({ field, holds: holdsAt(field, value) }))
  const hits: DirectHit[] = []
  for (const row of rows) {
    if (!work.spend(FIELD_NS * looks.length)) yield
    for (const { field, holds } of looks) {
      if (field.holder !== 'detectionEvents') {
        if (holds(row)) hits.push({ field, row, event: undefined })
        continue
      }
      for (const event of eventsOf(row)) if (holds(event)) hits.push({ field, row, event })
    }
  }
  return hits
}

/** The events of a detection as far as they are known. */
export const eventsOf = (row: Row): readonly DetectionEvent[] =>
  'events' in row ? (row.events ?? []) : []

const holdsAt = ({ holder, field, as }: FieldRef, value: string): ((object: object) => boolean) => {
  const isLike = likenessTo(value, as)
  const derive = derived(holder, field, { connectorAlias: '' })
  const valueOf = (object: object): unknown =>
    derive === undefined ? (object as FieldValues)[field] : derive(object as FieldValues)
  return object => {
    const found = valueOf(object)
    if (typeof found === 'string') return isLike(found)
    return Array.isArray(found) && found.some(each => typeof each === 'string' && isLike(each))
  }
}
