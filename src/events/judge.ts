/** What a selection asks of rows: what SQLite judges itself, and what it has the tests of rows in memory judge. */
import { compileStored } from '../filter/compile.ts'
import { and, conjuncts, type Filter, or } from '../filter/filter.ts'
import type { FieldValues } from '../filter/values.ts'
import { fieldsOf, type StoredName } from '../model/stored.ts'
import { indexPathsOf, allBy, type IndexPath, type IndexPaths } from './index-paths.ts'
import type { ConnectorFilter, Selection } from './queries.ts'
import type { RowTests, ValuesTest } from './row-tests.ts'
import { timeColumns } from './schema.ts'
import { column, isIn, join, type SqlCondition, toSql } from './to-sql.ts'

export interface Judge {
  readonly condition: SqlCondition
  /** The fields that the condition looks at beside the connector. */
  readonly fields: ReadonlySet<string>
  /** Whether a test of ours is called for each row. */
  readonly isTested: boolean
  readonly access: IndexPaths
  /** The condition is of no use afterwards. */
  end(): void
}

/** How to find and judge the rows of a selection. */
export const createJudge = (tests: RowTests, { list, parts }: Selection): Judge => {
  const own = disjoint(parts)
  const connectors = own.flatMap(part => part.connectors)
  const [only, ...others] = own
  const divided =
    only !== undefined && others.length === 0
      ? divide(list, only)
      : { inSql: judgeAll(list, own), left: own }
  const test = testOf(list, divided.left)
  const number = test && tests.add(test.passes)
  const columns = ['connector', ...(test?.fields ?? []).map(column)]
  const conditions = [
    isIn('+connector', connectors),
    ...(timeColumns[list] === undefined ? [{ sql: 'gone_at IS NULL', values: [] }] : []),
    ...divided.inSql.map(({ sql }) => sql),
    ...(number === undefined
      ? []
      : [{ sql: `passes(?, ${columns.join(', ')})`, values: [number] }]),
  ]
  return {
    condition: join('and', conditions),
    fields: new Set([
      ...divided.inSql.flatMap(({ filter }) => [...fieldsIn(filter)]),
      ...(test?.fields ?? []),
    ]),
    isTested: number !== undefined,
    access: pathsOfAll(list, own),
    end: () => {
      if (number !== undefined) tests.remove(number)
    },
  }
}

interface InSql {
  readonly filter: Filter
  readonly sql: SqlCondition
}

/** Conditions side by side in one statement; with more, each statement would take long to be made. */
const MOST_CONDITIONS = 100

/** What SQLite judges of the filter, and what is left. */
const divide = (
  list: StoredName,
  { connectors, filter }: ConnectorFilter,
): { readonly inSql: readonly InSql[]; readonly left: readonly ConnectorFilter[] } => {
  const parts = conjuncts(filter)
  if (parts.length > MOST_CONDITIONS) return { inSql: [], left: [{ connectors, filter }] }
  const judged = parts.map(part => ({ filter: part, sql: toSql({ list, connectors }, part) }))
  const left = judged.flatMap(part => (part.sql === undefined ? [part.filter] : []))
  return {
    inSql: judged.flatMap(({ filter: of, sql }) =>
      sql === undefined ? [] : [{ filter: of, sql }],
    ),
    left: [{ connectors, filter: and(left) }],
  }
}

/** The filters of several parts, each of which is tested as well. */
const judgeAll = (list: StoredName, parts: readonly ConnectorFilter[]): readonly InSql[] => {
  const filter = or(parts.map(part => part.filter))
  const sql = toSql({ list, connectors: parts.flatMap(({ connectors }) => connectors) }, filter)
  return sql === undefined ? [] : [{ filter, sql }]
}

/** The same parts, each connector in one of them alone. */
const disjoint = (parts: readonly ConnectorFilter[]): readonly ConnectorFilter[] => {
  const given = parts.flatMap(({ connectors }) => connectors)
  if (new Set(given).size === given.length)
    return parts.filter(({ connectors }) => connectors.length > 0)
  const filters = new Map<string, Filter[]>()
  for (const { connectors, filter } of parts)
    for (const alias of connectors) filters.set(alias, [...(filters.get(alias) ?? []), filter])
  const [first] = parts
  if (parts.length === 1 && first !== undefined)
    return filters.size === 0 ? [] : [{ connectors: [...filters.keys()], filter: first.filter }]
  return [...filters].map(([alias, of]) => ({ connectors: [alias], filter: or(of) }))
}

/** The paths of all parts, where each has some that lead to few rows; else one path for all. */
const pathsOfAll = (list: StoredName, parts: readonly ConnectorFilter[]): IndexPaths => {
  const found = parts.map(({ connectors, filter }) => indexPathsOf(list, filter, connectors))
  const [only, ...others] = found
  if (only === undefined) return { paths: [], overlapping: false, rank: 0 }
  if (others.length === 0) return only
  const paths = found.flatMap(of => of.paths)
  const rank = Math.max(...found.map(of => of.rank))
  if (rank < ofTime && paths.length <= MOST_PATHS) return { paths, overlapping: true, rank }
  const time = timeColumns[list]
  const ranges = paths.filter(({ key, equal }) => key === time && equal === undefined)
  const isTimed = time !== undefined && ranges.length === found.length
  return {
    paths: [isTimed ? aroundAll(time, ranges) : allBy(time ?? 'sequence')],
    overlapping: false,
    rank: ofTime,
  }
}

/** From the earliest beginning to the latest end. */
const aroundAll = (time: IndexPath['key'], ranges: readonly IndexPath[]): IndexPath => {
  const bounds = (side: 'lower' | 'upper'): readonly number[] =>
    ranges.flatMap(range => (typeof range[side] === 'number' ? [range[side]] : []))
  const [lower, upper] = [bounds('lower'), bounds('upper')]
  return {
    ...allBy(time),
    ...(lower.length < ranges.length ? {} : { lower: Math.min(...lower) }),
    ...(upper.length < ranges.length ? {} : { upper: Math.max(...upper) }),
  }
}

const ofTime = 8
const MOST_PATHS = 256

/** A test of a row: the values of its connector and of those fields. */
export interface PartsTest {
  readonly passes: ValuesTest
  readonly fields: readonly string[]
}

/** The test whether a row passes in one of the parts. */
export const partsTest = (list: StoredName, parts: readonly ConnectorFilter[]): PartsTest =>
  testOf(list, disjoint(parts)) ?? { passes: () => true, fields: [] }

/** The same of parts that share no connector; undefined where every row passes. */
const testOf = (list: StoredName, parts: readonly ConnectorFilter[]): PartsTest | undefined => {
  if (parts.every(({ filter }) => filter.kind === 'all')) return undefined
  const filters = new Map(
    parts.flatMap(({ connectors, filter }) => connectors.map(alias => [alias, filter] as const)),
  )
  const fields = [
    ...new Set([...filters.values()].flatMap(filter => [...fieldsIn(filter)])),
  ].filter(field => field !== 'connectorAlias')
  const isFlag = fields.map(field => fieldsOf(list)[field]?.kind === 'boolean')
  const tests = new Map<unknown, (row: FieldValues) => boolean>()
  for (const [alias, filter] of filters) tests.set(alias, compileRow(list, filter, alias))
  return {
    fields,
    passes: ([connector, ...values]) => {
      const row: Record<string, unknown> = {}
      for (let index = 0; index < fields.length; index += 1) {
        const value = values[index]
        // The file holds truth values as numbers.
        row[fields[index] as string] =
          isFlag[index] === true && value !== null ? value === 1 : value
      }
      return tests.get(connector)?.(row) === true
    },
  }
}

/** Links have been followed, so a row has nothing around it but its connector. */
const compileRow = (
  list: StoredName,
  filter: Filter,
  connectorAlias: string,
): ((row: FieldValues) => boolean) => {
  const around = { connectorAlias, one: () => undefined, many: () => [], version: () => 0 }
  return compileStored(filter, list, around) as (row: unknown) => boolean
}

function* fieldsIn(filter: Filter): Generator<string> {
  if (filter.kind === 'and' || filter.kind === 'or')
    for (const part of filter.of) yield* fieldsIn(part)
  else if (filter.kind === 'not') yield* fieldsIn(filter.of)
  else if ('field' in filter) yield filter.field
}
