/** DuckDB as docs/clients.md has it installed, in a zone of time of its own. */
import { createRequire } from 'node:module'

/** What of its types matters here. */
export interface DuckType {
  toString(): string
  /** Of a list. */
  readonly valueType?: DuckType
  /** Of a struct. */
  readonly entryNames?: readonly string[]
  readonly entryTypes?: readonly DuckType[]
}

export type DuckRow = Readonly<Record<string, unknown>>

interface Result {
  columnNames(): string[]
  columnTypes(): DuckType[]
  /** Numbers of 64 bits as bigints, moments as dates. */
  getRowObjectsJS(): DuckRow[]
}

interface Connection {
  runAndReadAll(sql: string): Promise<Result>
  closeSync(): void
}

export interface DuckDb {
  rows(sql: string): Promise<readonly DuckRow[]>
  /** The columns that it gives. */
  columns(sql: string): Promise<ReadonlyMap<string, DuckType>>
  close(): void
}

/** Hours and minutes that differ from UTC by no whole hour. */
export const DUCK_ZONE = 'Asia/Kathmandu'

export const openDuckDb = async (): Promise<DuckDb> => {
  const clients = new URL('../../../examples/clients/package.json', import.meta.url)
  const { DuckDBInstance } = createRequire(clients)('@duckdb/node-api') as {
    DuckDBInstance: { create(): Promise<{ connect(): Promise<Connection>; closeSync(): void }> }
  }
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.runAndReadAll(`SET TimeZone = '${DUCK_ZONE}'`)
  return {
    rows: async sql => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
    columns: async sql => {
      const result = await connection.runAndReadAll(`${sql} LIMIT 0`)
      const types = result.columnTypes()
      return new Map(result.columnNames().map((name, at) => [name, types[at] as DuckType]))
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
