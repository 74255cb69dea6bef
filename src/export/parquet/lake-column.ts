/** The columns of a Parquet file as a tree, and where what is exported belongs. */
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
