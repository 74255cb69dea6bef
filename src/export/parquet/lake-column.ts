/** The columns of a Parquet file as a tree, and how the members of a JSON object become their values. */
import type { SchemaElement } from 'hyparquet-writer'
import type { ExportPart } from '../part.ts'

/** One column: a value, or a group of columns; as a list where it has many. */
export interface LakeColumn {
  readonly name: string
  readonly isList: boolean
  readonly of: ColumnType | readonly LakeColumn[]
}

/**
 * `moment`: a text in ISO 8601, in the file milliseconds in UTC. `json`: anything, in the file its text. `long`: a whole
 * number of up to 53 bits.
 */
export type ColumnType = 'text' | 'boolean' | 'int' | 'long' | 'moment' | 'json'

/** Where one thing belongs. */
export interface LakeTable {
  /** Below the folder of the export, with slashes; all that is in it has these columns. */
  readonly folder: string
  readonly columns: readonly LakeColumn[]
  /** Rows of a file stand in the order of this number. */
  readonly order: number
}

/** Where what is written of a thing of that part belongs. */
export type TableOf = (of: Pick<ExportPart, 'connector' | 'type'>, value: object) => LakeTable

export const lakeColumn = (name: string, of: LakeColumn['of'], isList = false): LakeColumn => ({
  name,
  isList,
  of,
})

/** All columns may be missing: so files of all days and of later versions have one schema. */
const OPTIONAL = 'OPTIONAL'

/** The schema of a file with those columns, as Parquet lists it: each group before what is in it. */
export const schemaOf = (columns: readonly LakeColumn[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.flatMap(elementsOf),
]

const elementsOf = ({ name, isList, of }: LakeColumn): SchemaElement[] =>
  isList
    ? [
        { name, repetition_type: OPTIONAL, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf({ name: 'element', isList: false, of }),
      ]
    : typeof of === 'string'
      ? [{ name, repetition_type: OPTIONAL, ...elements[of] }]
      : [{ name, repetition_type: OPTIONAL, num_children: of.length }, ...of.flatMap(elementsOf)]

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const

const elements: { readonly [Type in ColumnType]: Omit<SchemaElement, 'name'> } = {
  text,
  boolean: { type: 'BOOLEAN' },
  int: { type: 'INT32' },
  long: { type: 'INT64' },
  moment: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  // As a text, which all readers know; what is annotated as JSON, some take for bytes.
  json: text,
}

/**
 * The value of a column: null where there is none. `onMisfit` is told the path of a value that has no place in its column
 * and is left out.
 */
export const cellOf = (
  { name, isList, of }: LakeColumn,
  value: unknown,
  onMisfit: (path: string) => void,
): unknown => {
  if (value === undefined || value === null) return null
  if (isList) {
    if (!Array.isArray(value)) return misfit(name, onMisfit)
    return value.map(each => cellOf({ name, isList: false, of }, each, onMisfit))
  }
  if (typeof of === 'string') return values[of](value) ?? misfit(name, onMisfit)
  if (typeof value !== 'object') return misfit(name, onMisfit)
  const members = value as Readonly<Record<string, unknown>>
  const cells: Record<string, unknown> = {}
  for (const inner of of)
    cells[inner.name] = cellOf(inner, members[inner.name], path => {
      onMisfit(`${name}.${path}`)
    })
  return cells
}

const misfit = (name: string, onMisfit: (path: string) => void): null => {
  onMisfit(name)
  return null
}

/** What a value is in the file; undefined where it does not fit. */
const values: { readonly [Type in ColumnType]: (value: unknown) => unknown } = {
  text: value => (typeof value === 'string' ? value : undefined),
  boolean: value => (typeof value === 'boolean' ? value : undefined),
  int: value =>
    Number.isInteger(value) && (value as number) === ((value as number) | 0) ? value : undefined,
  long: value => (Number.isSafeInteger(value) ? BigInt(value as number) : undefined),
  moment: value => {
    const ms = typeof value === 'string' ? Date.parse(value) : NaN
    return Number.isNaN(ms) ? undefined : BigInt(ms)
  },
  json: value => JSON.stringify(value),
}
