/**
 * How the members of a JSON object become the values of Parquet's columns: each with two levels that tell of the objects and
 * lists around it, which are not kept.
 *
 * @see https://parquet.apache.org/docs/file-format/nestedencoding/
 */
import type { SchemaElement } from 'hyparquet-writer'
import type { ColumnType, LakeColumn } from './lake-column.ts'
import { PackedColumn } from './packed-column.ts'

/** Takes the values of a column and of all that are in it. */
export interface ColumnCells {
  /** What the schema says of it, each group before what is in it. */
  readonly elements: readonly SchemaElement[]
  /** Those that have values, in the order of the schema. */
  readonly packed: readonly PackedColumn[]
  /**
   * Takes a value; undefined or null where there is none.
   *
   * @param definition how many of the groups and lists around it are there
   * @param repetition the list, counted from without, of which it begins another element; 0 in a new row
   */
  add(value: unknown, definition: number, repetition: number): void
}

/** Where a column stands. */
export interface ColumnPlace {
  /** Its name behind those of the columns that it is in, with dots between. */
  readonly path: string
  /** What the schema says of those, the root first. */
  readonly above: readonly SchemaElement[]
  /** Lists among those. */
  readonly lists: number
}

/** Told the path of a value that has no place in its column and is left out. */
export type OnMisfit = (path: string) => void

/** All columns may be missing: so files of all days and of later versions have one schema. */
const OPTIONAL = 'OPTIONAL'

export const cellsOf = (
  column: LakeColumn,
  place: ColumnPlace,
  onMisfit: OnMisfit,
): ColumnCells => {
  if (column.isList) return listCells(column, place, onMisfit)
  const { name, of } = column
  if (typeof of === 'string') return valueCells(name, of, place, onMisfit)
  return groupCells(name, of, place, onMisfit)
}

const listCells = (
  { name, of }: LakeColumn,
  { path, above, lists }: ColumnPlace,
  onMisfit: OnMisfit,
): ColumnCells => {
  const own: readonly SchemaElement[] = [
    { name, repetition_type: OPTIONAL, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ]
  const inner = cellsOf(
    { name: 'element', isList: false, of },
    { path, above: [...above, ...own], lists: lists + 1 },
    onMisfit,
  )
  return {
    elements: [...own, ...inner.elements],
    packed: inner.packed,
    add: (value, definition, repetition) => {
      const elements = Array.isArray(value) ? (value as readonly unknown[]) : undefined
      if (elements === undefined && isThere(value)) onMisfit(path)
      if (elements === undefined) inner.add(undefined, definition, repetition)
      else if (elements.length === 0) inner.add(undefined, definition + 1, repetition)
      else
        for (const [index, each] of elements.entries())
          inner.add(each, definition + 2, index === 0 ? repetition : lists + 1)
    },
  }
}

const groupCells = (
  name: string,
  columns: readonly LakeColumn[],
  { path, above, lists }: ColumnPlace,
  onMisfit: OnMisfit,
): ColumnCells => {
  const own: SchemaElement = { name, repetition_type: OPTIONAL, num_children: columns.length }
  const inner = columns.map(column => ({
    member: column.name,
    cells: cellsOf(
      column,
      { path: `${path}.${column.name}`, above: [...above, own], lists },
      onMisfit,
    ),
  }))
  return {
    elements: [own, ...inner.flatMap(({ cells }) => cells.elements)],
    packed: inner.flatMap(({ cells }) => cells.packed),
    add: (value, definition, repetition) => {
      const isGroup = typeof value === 'object' && isThere(value) && !Array.isArray(value)
      if (!isGroup && isThere(value)) onMisfit(path)
      const members = isGroup ? (value as Readonly<Record<string, unknown>>) : undefined
      for (const { member, cells } of inner)
        cells.add(members?.[member], isGroup ? definition + 1 : definition, repetition)
    },
  }
}

const valueCells = (
  name: string,
  type: ColumnType,
  { path, above, lists }: ColumnPlace,
  onMisfit: OnMisfit,
): ColumnCells => {
  const { element, toStored, fromStored } = forms[type]
  const own: SchemaElement = { name, repetition_type: OPTIONAL, ...element }
  const packed = new PackedColumn(above, own, lists > 0, fromStored)
  return {
    elements: [own],
    packed: [packed],
    add: (value, definition, repetition) => {
      const stored = isThere(value) ? toStored(value) : undefined
      if (stored === undefined && isThere(value)) onMisfit(path)
      packed.push(stored, stored === undefined ? definition : definition + 1, repetition)
    },
  }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

/** What a column of values is in the schema, and its values while they are packed. */
interface Form {
  readonly element: Omit<SchemaElement, 'name'>
  /** A text or a number of up to 53 bits; undefined where the value does not fit. */
  readonly toStored: (value: unknown) => string | number | undefined
  /** What of that the writer of the file takes. */
  readonly fromStored: (stored: string | number) => unknown
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const

const toBigInt = (stored: string | number): bigint => BigInt(stored)

const forms: { readonly [Type in ColumnType]: Form } = {
  text: {
    element: text,
    toStored: value => (typeof value === 'string' ? value : undefined),
    fromStored: stored => stored,
  },
  boolean: {
    element: { type: 'BOOLEAN' },
    toStored: value => (typeof value === 'boolean' ? Number(value) : undefined),
    fromStored: stored => stored === 1,
  },
  int: {
    element: { type: 'INT32' },
    toStored: value =>
      Number.isInteger(value) && value === ((value as number) | 0) ? value : undefined,
    fromStored: stored => stored,
  },
  long: {
    element: { type: 'INT64' },
    toStored: value => (Number.isSafeInteger(value) ? (value as number) : undefined),
    fromStored: toBigInt,
  },
  moment: {
    element: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    },
    toStored: value => {
      const ms = typeof value === 'string' ? Date.parse(value) : NaN
      return Number.isNaN(ms) ? undefined : ms
    },
    fromStored: toBigInt,
  },
  // As a text, which all readers know; what is annotated as JSON, some take for bytes.
  json: { element: text, toStored: value => JSON.stringify(value), fromStored: stored => stored },
}
