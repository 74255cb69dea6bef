/** A list as a table. */
import { isOfConnection } from './lists.ts'

export type Cell = string | number | boolean | null

export interface CellTable {
  /** The members of all rows, those of objects as `app.name`, in the order in which the answer has them. */
  readonly columns: readonly string[]
  /** A cell of each column, for each row. A list within a row is one cell. */
  readonly rows: readonly (readonly Cell[])[]
}

export const tableOf = (rows: readonly unknown[]): CellTable => {
  const root: Shape = { members: new Map(), isOfConnection: false }
  for (const row of rows) merge(root, row)
  const columns = [...columnsOf(root, [])]
  return {
    columns: columns.map(({ name }) => name),
    rows: rows.map(row => columns.map(({ path }) => cellOf(at(row, path)))),
  }
}

/** The column of rows that are no objects. */
const VALUE = 'value'

/** What any row has at one place. */
interface Shape {
  readonly members: Map<string, Shape>
  isOfConnection: boolean
}

const merge = (shape: Shape, value: unknown): void => {
  if (!isRecord(value)) return
  for (const [name, member] of Object.entries(value)) {
    const next = shape.members.get(name) ?? { members: new Map(), isOfConnection: false }
    shape.members.set(name, next)
    next.isOfConnection ||= isOfConnection(name, member)
    merge(next, member)
  }
}

interface Column {
  readonly path: readonly string[]
  readonly name: string
}

/** A connection's column is called as the connection is. */
function* columnsOf(
  { members, isOfConnection }: Shape,
  path: readonly string[],
): Generator<Column> {
  const named = isOfConnection && path.length > 1 ? path.slice(0, -1) : path
  if (members.size === 0) yield { path, name: named.join('.') || VALUE }
  for (const [name, member] of members) yield* columnsOf(member, [...path, name])
}

const at = (row: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), row)

const cellOf = (value: unknown): Cell => {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return value === undefined || value === null ? null : textOf(value)
}

/** Lists: `a; b`, their objects: `name · status`. */
const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(textOf).join('; ')
  if (typeof value === 'string') return value
  if (!isRecord(value)) return value === null ? '' : JSON.stringify(value)
  return Object.values(value)
    .map(textOf)
    .filter(text => text !== '')
    .join(' · ')
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
