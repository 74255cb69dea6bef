/** Writes the things of an export as Parquet files of a bounded size: held until there are enough of them. */
import type { CheckpointFile, Stand } from '../checkpoint.ts'
import { begunOf, type ExportWriter, takeNew, takenBy, withEnd, withPlace } from '../writer.ts'
import type { LakeTable, TableOf } from './lake-column.ts'
import { createFileMaker } from './file.ts'
import type { ParquetFolder } from './folder.ts'
import { type HeldRow, HeldRows, jsonOf } from './held-rows.ts'

/** Bytes of JSON that are held at most, with those of one more batch. */
const MOST_HELD = 24 * 1_048_576

/** The rows of one file. */
interface FileRows {
  readonly columns: LakeTable['columns']
  readonly rows: { readonly row: HeldRow; readonly order: number }[]
}

/**
 * Writes into the folder. What is held is noted in the checkpoint with the files that it becomes, so that an export that
 * goes on has nothing twice.
 *
 * @param onLoss told of values that have no place in their column, in a sentence without any of them
 */
export const parquetTo = (
  folder: ParquetFolder,
  checkpoint: CheckpointFile,
  tableOf: TableOf,
  onLoss: (what: string) => void,
  mostHeld = MOST_HELD,
): ExportWriter => {
  let stand = begunOf(checkpoint)
  const held = new HeldRows()
  const makeFile = createFileMaker()
  let tables = new Map<string, FileRows>()

  const keep = async (): Promise<void> => {
    let { files, bytes } = stand
    for (const [path, { columns, rows }] of tables) {
      rows.sort((a, b) => a.order - b.order)
      const file = await makeFile(columns, jsonIn(rows), at => {
        onLoss(`A value at ${at} has no place in its column in ${path.split('/', 1)[0] ?? ''}.`)
      })
      await folder.write(path, files, file)
      files += 1
      bytes += file.length
    }
    stand = { ...stand, files, bytes }
    checkpoint.advance(stand)
    tables = new Map()
    held.clear()
  }

  const hold = (value: object, { folder: path, columns, order }: LakeTable): void => {
    const table = tables.get(path) ?? { columns, rows: [] }
    table.rows.push({ row: held.add(JSON.stringify(value)), order })
    tables.set(path, table)
  }

  return {
    get stand(): Stand {
      return stand
    },
    ...takenBy(checkpoint),
    write: async (of, batch) => {
      const items = takeNew(checkpoint, of, batch)
      for (const { value } of items) hold(value, tableOf(of, value))
      stand = { ...withPlace(stand, of, batch.position), rows: stand.rows + items.length }
      if (held.bytes >= mostHeld) await keep()
    },
    done: of => {
      stand = withEnd(stand, of)
      return Promise.resolve()
    },
    flush: keep,
    finish: async () => {
      if (!stand.whole) {
        await keep()
        stand = { ...stand, whole: true }
        checkpoint.end(stand)
      }
      await folder.finish()
    },
  }
}

function* jsonIn(rows: FileRows['rows']): Generator<string> {
  for (const { row } of rows) yield jsonOf(row)
}
