/**
 * What a filter of a stored list asks of the objects behind its links, as comparisons of ids. Where all else that it
 * asks leaves rows of a few objects alone, only those are read; else the objects that pass are looked for at Push.
 */
import type { AsyncReading, ConnectorFilter } from '../../events/events.ts'
import {
  and,
  conjuncts,
  everything,
  type Filter,
  type LeafFilter,
  or,
} from '../../filter/filter.ts'
import type { App, Row } from '../../model/rows.ts'
import type { StoredName } from '../../model/stored.ts'
import { atOnce, type Cost, isBetter } from '../planning/cost.ts'
import { matchingRows, planFor, rowsById, sift } from '../reading/matching-rows.ts'
import type { Reader } from '../reading/reader.ts'

/** The filter for each connector, its links followed; one part for all where there is none. */
export const selectionsOf = async (
  list: StoredName,
  filter: Filter,
  readers: readonly Reader[],
  source: Pick<AsyncReading, 'groups'>,
): Promise<readonly ConnectorFilter[]> => {
  if (!hasLinks(filter)) return [{ connectors: readers.map(({ alias }) => alias), filter }]
  const near = and(conjuncts(filter).filter(part => !hasLinks(part)))
  return Promise.all(
    readers.map(async reader => ({
      connectors: [reader.alias],
      filter: await withoutLinks(filter, reader, (idField, also = everything) =>
        idsIn(list, and([near, also]), idField, reader, source),
      ),
    })),
  )
}

const hasLinks = (filter: Filter): boolean => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.of.some(hasLinks)
    case 'not':
      return hasLinks(filter.of)
    case 'toOne':
      return true
    // What is stored has no lists of objects.
    case 'list':
    case 'toMany':
      return false
    default:
      filter satisfies LeafFilter
      return false
  }
}

type ToOne = Extract<Filter, { kind: 'toOne' }>

/** The ids in that field of the rows that pass all else and `also`; undefined where they are too many or all rows pass. */
type IdsIn = (idField: string, also?: Filter) => Promise<readonly string[] | undefined>

/** Of an event that has no id of its app, the type leads to it. */
const noAppId: Filter = { kind: 'isNull', field: 'appId' }

const isOneOf = (apps: readonly Row[]): Filter => ({
  kind: 'in',
  field: 'appType',
  values: (apps as readonly App[]).map(({ type }) => type),
})

/** A link passes just where its id is that of a row that passes. */
const withoutLinks = async (filter: Filter, reader: Reader, idsIn: IdsIn): Promise<Filter> => {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = await Promise.all(filter.of.map(part => withoutLinks(part, reader, idsIn)))
      return filter.kind === 'and' ? and(parts) : or(parts)
    }
    case 'not':
      return { kind: 'not', of: await withoutLinks(filter.of, reader, idsIn) }
    case 'toOne': {
      const { link, of } = filter
      const planned = planFor(link.to, of, reader)
      const isNamed = link.to === 'apps' && (await idsIn('appType', noAppId))?.length !== 0
      const few = isNamed ? undefined : await passingOfFew(filter, planned.cost, reader, idsIn)
      const rows = few ?? (await matchingRows(link.to, of, reader, planned.accessPath)).rows
      const byId: Filter = { kind: 'in', field: link.idField, values: rows.map(({ id }) => id) }
      return isNamed ? or([byId, and([noAppId, isOneOf(rows)])]) : byId
    }
    case 'list':
    case 'toMany':
      return filter
    default:
      return filter satisfies LeafFilter
  }
}

/** Of the few objects that the list leads to those that pass; undefined where all that pass come at that `cost`. */
const passingOfFew = async (
  { link, of }: ToOne,
  cost: Cost,
  reader: Reader,
  idsIn: IdsIn,
): Promise<readonly Row[] | undefined> => {
  const { facts, demand } = reader
  if (demand.scan.has(link.to) || cost.requests === 0 || !facts.byId(link.to)) return undefined
  const ids = await idsIn(link.idField)
  if (ids === undefined) return undefined
  const missing = ids.filter(id => !facts.has(link.to, id)).length
  if (!isBetter(atOnce(missing), cost, facts.terms)) return undefined
  const { rows } = await rowsById(link.to, ids, reader)
  return sift(link.to, of, rows, reader)
}

/** Ids that may be few. */
const MOST_IDS = 1_000

const idsIn = async (
  list: StoredName,
  near: Filter,
  field: string,
  reader: Reader,
  source: Pick<AsyncReading, 'groups'>,
): Promise<readonly string[] | undefined> => {
  if (near.kind === 'all') return undefined
  const groups = await source.groups({
    list,
    parts: [{ connectors: [reader.alias], filter: near }],
    by: [{ kind: 'field', field }],
    first: MOST_IDS + 1,
  })
  if (groups.length > MOST_IDS) return undefined
  return groups.flatMap(({ keys: [id] }) => (typeof id === 'string' ? [id] : []))
}
