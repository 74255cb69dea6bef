/** Rows as Parquet files. */
import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { writeColumn } from 'hyparquet-writer/src/column.js'
import { cellsOf, type ColumnCells, type OnMisfit } from './column-cells.ts'
import type { LakeColumn } from './lake-column.ts'

/** Characters of JSON that become one group of rows, with those of its last row. */
const ROW_GROUP = 4 * 1_048_576
/** Bytes of a page, without the lengths of its texts: Security Lake wants a megabyte at most, with all that is in it. */
const PAGE_SIZE = 1_048_576 / 4
/** Rows between two turns of others. */
const ROWS_AT_ONCE = 500
/** Bytes that zstd may need beyond those that it is given. */
const ZSTD_SLACK = 128
/** Bytes of memory that packing takes at once at most. */
const PACKED_AT_ONCE = 16_384

/**
 * The bytes of a file with those rows, each given as the JSON of an object; others get a turn now and then. `onMisfit` is told
 * the path of each value that has no place in its column and is left out.
 */
export type MakeFile = (
  columns: readonly LakeColumn[],
  rows: Iterable<string>,
  onMisfit: OnMisfit,
) => Promise<Uint8Array>

/** What the rows of a file go through. */
interface FileColumns {
  readonly of: readonly LakeColumn[]
  readonly root: { readonly name: string; readonly num_children: number }
  readonly cells: readonly ColumnCells[]
}

/**
 * Makes files one after another, in groups of as many rows as have `rowGroup` characters. What a group takes in memory serves
 * the next one, and those of the next file that has the same columns.
 */
export const createFileMaker = (rowGroup = ROW_GROUP): MakeFile => {
  let onMisfit: OnMisfit = () => undefined
  let last: FileColumns | undefined

  const columnsFor = (of: readonly LakeColumn[]): FileColumns => {
    if (last?.of === of) return last
    const root = { name: 'root', num_children: of.length }
    const toCells = (column: LakeColumn): ColumnCells =>
      cellsOf(column, { path: column.name, above: [root], lists: 0 }, path => {
        onMisfit(path)
      })
    return (last = { of, root, cells: of.map(toCells) })
  }

  return async (of, rows, told) => {
    onMisfit = told
    const { root, cells } = columnsFor(of)
    const bytes = new ByteWriter()
    const schema = [root, ...cells.flatMap(({ elements }) => elements)]
    const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'pushgraph' })
    let [count, characters] = [0, 0]
    for (const json of rows) {
      const row = JSON.parse(json) as Readonly<Record<string, unknown>>
      for (const [index, { name }] of of.entries()) cells[index]?.add(row[name], 0, 0)
      count += 1
      characters += json.length
      if (count % ROWS_AT_ONCE === 0) await othersTurn()
      if (characters < rowGroup) continue
      await writeGroup(file, cells, count)
      count = characters = 0
    }
    if (count > 0) await writeGroup(file, cells, count)
    await file.finish()
    return bytes.getBytes()
  }
}

/**
 * Writes what the columns hold as a group of so many rows, and empties them, one after another. The library's own `write` takes
 * the rows of a group as objects, all of them at once.
 */
const writeGroup = async (
  file: ParquetWriter,
  cells: readonly ColumnCells[],
  count: number,
): Promise<void> => {
  const from = file.writer.offset
  const columns: ParquetWriter['row_groups'][number]['columns'] = []
  for (const packed of cells.flatMap(each => each.packed)) {
    const { schemaPath, element } = packed
    const written = writeColumn({
      writer: file.writer,
      column: {
        columnName: schemaPath
          .slice(1)
          .map(({ name }) => name)
          .join('.'),
        element,
        schemaPath,
        // What zstd makes of nothing is more than nothing.
        codec: packed.isEmpty ? 'UNCOMPRESSED' : 'ZSTD',
        compressors: { ZSTD: pack },
        stats: true,
        pageSize: PAGE_SIZE,
        dictionarySize: PAGE_SIZE,
        columnIndex: false,
        offsetIndex: true,
      },
      pageData: packed.toPages(),
    })
    packed.clear()
    columns.push(written.chunk)
    file.pendingIndexes.push(written)
    await othersTurn()
  }
  file.num_rows += BigInt(count)
  file.row_groups.push({
    columns,
    num_rows: BigInt(count),
    total_byte_size: columns.reduce(
      (sum, { meta_data: of }) => sum + (of?.total_uncompressed_size ?? 0n),
      0n,
    ),
    total_compressed_size: BigInt(file.writer.offset - from),
  })
}

/** Told of the size beforehand, zstd takes memory for that much, and gives what it makes in one piece. */
const pack = (bytes: Uint8Array): Uint8Array =>
  zstdCompressSync(bytes, {
    pledgedSrcSize: bytes.length,
    chunkSize: Math.min(bytes.length + ZSTD_SLACK, PACKED_AT_ONCE),
  })

const othersTurn = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve)
  })
