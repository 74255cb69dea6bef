/**
 * Which rows of a stored list a question must look at: all of them, those of a stretch of time, or those that an index
 * names. A path only narrows: each of its rows is put to the whole filter.
 */
import type { Compare, Filter } from '../filter/filter.ts'
import { conjuncts } from '../filter/filter.ts'
import { folded } from '../filter/letters.ts'
import { MOST_WAYS, type StoredName } from '../model/stored.ts'
import type { Value } from './queries.ts'
import { keyColumnOf, timeColumns } from './schema.ts'

/** A column by whose order rows are gone through; of equal values the sequence decides. */
export type KeyColumn = 'sequence' | 'occurred_at' | 'happened_at' | 'received_at' | 'url' | 'at'

export interface IndexPath {
  /** The index that leads to the rows; undefined where they are gone through by their sequence. */
  readonly index: string | undefined
  /** Rows with one of these words in a column, before all else that the index knows. */
  readonly within?: { readonly column: 'connector'; readonly values: readonly string[] }
  /** Rows that have one of these values there; several are no order. */
  readonly equal?: { readonly column: string; readonly values: readonly string[] }
  /** What the index leaves out. */
  readonly only?: 'app_id IS NULL'
  /** The order of the rows, within a value of `equal`. */
  readonly key: KeyColumn
  /** Of the key; what lies at a bound belongs to it. */
  readonly lower?: Value
  readonly upper?: Value
}

export interface IndexPaths {
  readonly paths: readonly IndexPath[]
  /** A row may lie on several of them. */
  readonly overlapping: boolean
  /** The less, the fewer rows are on them. */
  readonly rank: number
}

/** The index of each column whose values name rows, and how few they are wont to be. */
const byValue: Readonly<Record<string, { readonly index: string; readonly rank: number }>> = {
  object_id: { index: 'change_by_object', rank: 1 },
  entity_id: { index: 'event_by_entity', rank: 1 },
  account_id: { index: 'event_by_account', rank: 1 },
  url: { index: 'event_by_url', rank: 1 },
  employee_id: { index: 'event_by_employee', rank: 2 },
  email_key: { index: 'event_by_email', rank: 2 },
  browser_id: { index: 'event_by_browser', rank: 2 },
  source_ip_address_key: { index: 'event_by_ip', rank: 3 },
  app_id: { index: 'event_by_app', rank: 4 },
  app_type: { index: 'event_by_app_type', rank: 5 },
  object_key: { index: 'event_by_object', rank: 6 },
}

const valueColumns: Readonly<Record<string, string>> = {
  objectId: 'object_id',
  entityId: 'entity_id',
  employeeId: 'employee_id',
  accountId: 'account_id',
  appId: 'app_id',
  appType: 'app_type',
  browserId: 'browser_id',
  url: 'url',
}

const byTime = [
  { field: 'occurredAt', key: 'occurred_at', index: 'event_by_time' },
  { field: 'happenedAt', key: 'happened_at', index: 'event_by_moment' },
  { field: 'receivedAt', key: 'received_at', index: 'event_by_arrival' },
  { field: 'at', key: 'at', index: 'change_by_time' },
] as const

const RANGE_OF_URLS = 4
const RANGE_OF_TIME = 8
const ALL = 9

/** Connectors in each of which an id is looked up. */
const MOST_CONNECTORS = 256

/** All rows in the order of that key, which each of them has. */
export const allBy = (key: KeyColumn): IndexPath => ({
  index: byTime.find(of => of.key === key)?.index,
  key,
})

/** The paths to the rows of those connectors that may pass the filter. */
export const indexPathsOf = (
  list: StoredName,
  filter: Filter,
  connectors: readonly string[],
): IndexPaths => {
  const all = allBy(timeColumns[list] ?? 'sequence')
  return (
    pathsOf(list, filter, connectors) ?? {
      paths: [withTimes(all, conjuncts(filter))],
      overlapping: false,
      rank: ALL,
    }
  )
}

const pathsOf = (
  list: StoredName,
  filter: Filter,
  connectors: readonly string[],
): IndexPaths | undefined => {
  switch (filter.kind) {
    case 'nothing':
      return { paths: [], overlapping: false, rank: 0 }
    case 'compare':
      return filter.op === 'eq' && typeof filter.value === 'string'
        ? byValues(list, filter.field, [filter.value], connectors)
        : undefined
    case 'in':
    case 'textIn':
      return byValues(list, filter.field, filter.values, connectors, filter.kind === 'textIn')
    case 'text':
      return filter.op === 'eq'
        ? byValues(list, filter.field, [filter.value], connectors, true)
        : undefined
    case 'and':
      return ofAll(list, filter.of, connectors)
    case 'or':
      return ofAny(list, filter.of, connectors)
    default:
      return undefined
  }
}

/** By the values of a column, where there is an index. `asText`: what is the same text is the same value. */
const byValues = (
  list: StoredName,
  field: string,
  values: readonly string[],
  connectors: readonly string[],
  asText = false,
): IndexPaths | undefined => {
  const byId = uniqueIds[list]
  if (field === 'id' && !asText && byId !== undefined && connectors.length <= MOST_CONNECTORS) {
    const path: IndexPath = {
      index: byId,
      within: { column: 'connector', values: [...new Set(connectors)] },
      equal: { column: 'id', values: [...new Set(values)] },
      key: 'sequence',
    }
    return { paths: [path], overlapping: false, rank: 0 }
  }
  const time = timeColumns[list]
  if (time === undefined) return undefined
  const keyColumn = keyColumnOf(list, field)
  const column = keyColumn ?? (asText ? undefined : valueColumns[field])
  const found = column === undefined ? undefined : byValue[column]
  if (column === undefined || found === undefined || field === 'appType') return undefined
  const keys = keyColumn === undefined ? values : values.map(folded.of)
  const equal = { column, values: [...new Set(keys)] }
  return {
    paths: [{ index: found.index, equal, key: time }],
    overlapping: false,
    rank: found.rank,
  }
}

/** The index of the ids of each list that keeps one. */
const uniqueIds: Partial<Readonly<Record<StoredName, string>>> = {
  events: 'sqlite_autoindex_event_1',
  otherAccounts: 'sqlite_autoindex_other_account_1',
  otherApps: 'sqlite_autoindex_other_app_1',
}

/** All parts hold: one of them leads to the rows, and a range of time narrows it. */
const ofAll = (
  list: StoredName,
  parts: readonly Filter[],
  connectors: readonly string[],
): IndexPaths | undefined => {
  const found = [
    ...parts.map(part => pathsOf(list, part, connectors)),
    ...(list === 'events' ? [byAppType(parts), byUrls(parts)] : []),
    ...(timeColumns[list] === undefined ? [] : [byOneTime(parts)]),
  ].filter(paths => paths !== undefined)
  const [first, ...others] = found
  if (first === undefined) return undefined
  const best = others.reduce((least, each) => (each.rank < least.rank ? each : least), first)
  return { ...best, paths: best.paths.map(path => withTimes(path, parts)) }
}

/** One part holds: each must lead to its rows. */
const ofAny = (
  list: StoredName,
  parts: readonly Filter[],
  connectors: readonly string[],
): IndexPaths | undefined => {
  if (parts.length > MOST_WAYS) return undefined
  const found = parts.map(part => pathsOf(list, part, connectors))
  const ways = found.filter(paths => paths !== undefined)
  const paths = ways.flatMap(way => way.paths)
  const rank = Math.max(0, ...ways.map(way => way.rank))
  if (ways.length < found.length || paths.length > MOST_WAYS || rank >= RANGE_OF_TIME)
    return undefined
  return { paths, overlapping: true, rank }
}

/** Of an event that has no id of its app, the type leads to it. */
const byAppType = (parts: readonly Filter[]): IndexPaths | undefined => {
  if (!parts.some(part => part.kind === 'isNull' && part.field === 'appId')) return undefined
  const type = parts.find(part =>
    part.kind === 'in' ||
    (part.kind === 'compare' && part.op === 'eq' && typeof part.value === 'string')
      ? part.field === 'appType'
      : false,
  )
  if (type?.kind !== 'in' && type?.kind !== 'compare') return undefined
  const values = type.kind === 'in' ? [...new Set(type.values)] : [String(type.value)]
  const { index, rank } = byValue['app_type'] ?? { index: '', rank: ALL }
  const path: IndexPath = {
    index,
    equal: { column: 'app_type', values },
    only: 'app_id IS NULL',
    key: 'occurred_at',
  }
  return { paths: [path], overlapping: false, rank }
}

const byUrls = (parts: readonly Filter[]): IndexPaths | undefined => {
  const { lower, upper } = rangeIn(parts, 'url')
  if (lower === undefined || upper === undefined) return undefined
  const path: IndexPath = { index: 'event_by_url', key: 'url', lower, upper }
  return { paths: [path], overlapping: false, rank: RANGE_OF_URLS }
}

const byOneTime = (parts: readonly Filter[]): IndexPaths | undefined => {
  const ranges = byTime.map(({ field, key, index }) => ({
    path: { index, key, ...rangeIn(parts, field) } satisfies IndexPath,
    bounds: Object.keys(rangeIn(parts, field)).length,
  }))
  const [best] = ranges.toSorted((a, b) => b.bounds - a.bounds)
  return best === undefined || best.bounds === 0
    ? undefined
    : { paths: [best.path], overlapping: false, rank: RANGE_OF_TIME }
}

/** The same path, not beyond the times that its rows must have. */
const withTimes = (path: IndexPath, parts: readonly Filter[]): IndexPath => {
  const field = byTime.find(({ key }) => key === path.key)?.field
  return field === undefined ? path : { ...path, ...rangeIn(parts, field) }
}

const rangeIn = (parts: readonly Filter[], field: string): Pick<IndexPath, 'lower' | 'upper'> => {
  const compared = parts.filter(
    (part): part is Compare & { readonly value: string | number } =>
      part.kind === 'compare' && part.field === field && typeof part.value !== 'boolean',
  )
  const bound = (ops: readonly string[], nearer: (a: Value, b: Value) => boolean) =>
    compared
      .filter(({ op }) => ops.includes(op))
      .map(({ value }) => value)
      .reduce<string | number | undefined>(
        (best, value) => (best === undefined || nearer(value, best) ? value : best),
        undefined,
      )
  const lower = bound(['gt', 'gte', 'eq'], (a, b) => isLess(b, a))
  const upper = bound(['lt', 'lte', 'eq'], isLess)
  return {
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
  }
}

/** Of several bounds of a text any will do: all of them hold. */
const isLess = (a: Value, b: Value): boolean =>
  typeof a === 'number' && typeof b === 'number' ? a < b : false
