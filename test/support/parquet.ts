/** Parquet files as a reader that is none of ours has them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { type AsyncBuffer, parquetReadObjects } from 'hyparquet'

export type ParquetRow = Readonly<Record<string, unknown>>

/** The file as hyparquet takes it. */
export const parquetBuffer = (bytes: Uint8Array): AsyncBuffer => ({
  byteLength: bytes.length,
  slice: (from, to) => Promise.resolve(new Uint8Array(bytes).buffer.slice(from, to)),
})

/** The rows of a file: null where nothing is, numbers of 64 bits as such, moments as dates. */
export const parquetRows = async (bytes: Uint8Array): Promise<ParquetRow[]> => {
  const rows = await parquetReadObjects({
    file: parquetBuffer(bytes),
    compressors: { ZSTD: input => zstdDecompressSync(input) },
  })
  return rows.map(row => withNulls(row) as ParquetRow)
}

/** The reader has undefined in the place of a list that is null. */
const withNulls = (value: unknown): unknown => {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(withNulls)
  if (typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, withNulls(of)]))
}

/** The files below a folder, by their paths in it, in the order of those. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort()

/** The rows of each of them. */
export const readParquetFolder = async (
  folder: string,
): Promise<ReadonlyMap<string, readonly ParquetRow[]>> => {
  const found = new Map<string, readonly ParquetRow[]>()
  for (const path of filesBelow(folder))
    found.set(path, await parquetRows(readFileSync(join(folder, path))))
  return found
}
