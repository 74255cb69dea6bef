/** What a filter of stored rows makes SQLite look at, from the argument as GraphQL coerced it. */
import { MOST_WAYS, storedLists } from '../../model/stored.ts'
import { FOUND_BY_VALUE, LINKED_ROW, STORED_FILTERED_ROW } from './weights.ts'

/** What is looked at beside the comparisons themselves. */
export interface StoredReading {
  /** How many values rows must have one of, which an index leads to; Infinity where all rows are looked at. */
  readonly values: number
  /** What it takes to have each of them ready, in microseconds. */
  readonly perRow: number
}

/** Each value of these names few rows, to which an index leads. */
const NAMING: ReadonlySet<string> = new Set([
  ...['id', 'objectId', 'entityId', 'accountId', 'employeeId', 'browserId', 'appId'],
  ...['email', 'sourceIpAddress'],
])
/** What the index has with which rows are counted: no row is read for them. */
const IN_INDEX: ReadonlySet<string> = new Set([
  ...['occurredAt', 'connectorAlias', 'category', 'object', 'type'],
])
const LINKS: ReadonlySet<string> = new Set(
  Object.values(storedLists).flatMap(({ links }) => links.map(({ name }) => name)),
)
const JOINING: ReadonlySet<string> = new Set(['and', 'or', 'not'])

/**
 * What the filter makes SQLite look at. What a bound of time leaves out is not known: it leaves all.
 *
 * @param known what is told of values already, as they may stand in several filters
 */
export const lookedAtBy = (filter: unknown, known: Map<object, StoredReading>): StoredReading => {
  if (typeof filter !== 'object' || filter === null) return all
  let found = known.get(filter)
  if (found === undefined) {
    found = all
    for (const [name, value] of Object.entries(filter))
      found = both(found, JOINING.has(name) ? joined(name, value, known) : ofField(name, value))
    known.set(filter, found)
  }
  return found
}

/** How many of so many rows. */
export const rowsLookedAt = ({ values }: StoredReading, total: number): number =>
  Math.min(total, FOUND_BY_VALUE * values)

const all: StoredReading = { values: Infinity, perRow: 0 }

const both = (one: StoredReading, other: StoredReading): StoredReading => ({
  values: Math.min(one.values, other.values),
  perRow: Math.max(one.perRow, other.perRow),
})

const joined = (name: string, value: unknown, known: Map<object, StoredReading>): StoredReading => {
  const parts = (Array.isArray(value) ? value : [value]).map(part => lookedAtBy(part, known))
  const found = parts.reduce(both, all)
  if (name === 'and') return found
  // Several ways are taken one after the other, where they are few; of what is not, each row may be one.
  const isByWays = name === 'or' && parts.length <= MOST_WAYS
  const values = isByWays ? parts.reduce((sum, part) => sum + part.values, 0) : Infinity
  return { ...found, values }
}

const ofField = (name: string, operand: unknown): StoredReading => {
  if (LINKS.has(name)) return { values: Infinity, perRow: LINKED_ROW }
  if (IN_INDEX.has(name)) return all
  const values = NAMING.has(name) ? valuesOf(operand) : Infinity
  return { values, perRow: STORED_FILTERED_ROW }
}

const valuesOf = (operand: unknown): number => {
  const { eq, in: within } = (operand ?? {}) as Readonly<Record<string, unknown>>
  if (typeof eq === 'string') return 1
  return Array.isArray(within) && !within.includes(null) ? within.length : Infinity
}
