/** How many objects the files of an export have, as readers have it that are none of ours. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetMetadataAsync } from 'hyparquet'
import { openDuckDb } from '../../test/support/clients/duckdb.ts'
import { filesBelow, parquetBuffer, parquetRows } from '../../test/support/parquet.ts'

export interface FolderSize {
  readonly files: number
  readonly rowGroups: number
  readonly bytes: number
  /** Objects, as hyparquet reads every one of them. */
  readonly rows: number
}

export const sizeOfFolder = async (folder: string): Promise<FolderSize> => {
  const paths = filesBelow(folder)
  let [rowGroups, bytes, rows] = [0, 0, 0]
  for (const path of paths) {
    const file = readFileSync(join(folder, path))
    rowGroups += (await parquetMetadataAsync(parquetBuffer(file))).row_groups.length
    bytes += file.length
    rows += (await parquetRows(file)).length
  }
  return { files: paths.length, rowGroups, bytes, rows }
}

/** How many different ones DuckDB finds there, by the column that tells them apart. */
export const distinctInDuckDb = async (folder: string, id: string): Promise<number> => {
  const duckDb = await openDuckDb()
  const [row] = await duckDb.rows(
    `SELECT count(DISTINCT ${id})::INT AS objects FROM read_parquet('${folder}/**/*.parquet')`,
  )
  duckDb.close()
  return Number(row?.['objects'])
}
