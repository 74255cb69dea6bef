/** Rows as one Parquet file. */
import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { cellOf, type LakeColumn, schemaOf } from './lake-column.ts'

/** Rows that are encoded at once: what they are made of is as large in memory as all else that is held. */
const ROW_GROUP = 2_000

/**
 * The bytes of a file with those rows, each given as the JSON of an object; others get a turn between two groups of rows.
 * `onMisfit` is told the path of each value that has no place in its column and is left out.
 */
export const parquetFile = async (
  columns: readonly LakeColumn[],
  rows: readonly string[],
  onMisfit: (path: string) => void,
): Promise<Uint8Array> => {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    codec: 'ZSTD',
    compressors: { ZSTD: input => zstdCompressSync(input) },
    createdBy: 'pushgraph',
  })
  for (let from = 0; from < rows.length; from += ROW_GROUP) {
    const group = rows
      .slice(from, from + ROW_GROUP)
      .map(json => JSON.parse(json) as Readonly<Record<string, unknown>>)
    await writer.write({
      columnData: columns.map(column => ({
        name: column.name,
        data: group.map(row => cellOf(column, row[column.name], onMisfit)),
      })),
      rowGroupSize: ROW_GROUP,
    })
    await new Promise(resolve => setImmediate(resolve))
  }
  await writer.finish()
  return bytes.getBytes()
}
