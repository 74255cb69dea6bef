/** A real PostgreSQL for tests: one server for each process that runs them, and a database of its own for each that asks. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../../examples/replicas/postgres.ts'
import { OTHER_POSTGRES } from './debian-postgres.ts'

let server: Promise<PostgresServer> | undefined

/** Runs as superuser on the server that tests share. */
export const onServer = async (sql: string): Promise<void> => {
  const { url } = await sharedServer()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

const sharedServer = (): Promise<PostgresServer> => {
  // It ends with this process.
  server ??= startPostgres({ native: process.env[OTHER_POSTGRES] })
  return server
}

/** The address of a new, empty database. */
export const createDatabase = async (): Promise<string> => {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(`CREATE DATABASE ${name}`)
  const url = new URL((await sharedServer()).url)
  url.pathname = `/${name}`
  return url.href
}

/** The same database by another way, such as a proxy's. */
export const through = (url: string, port: number): string => {
  const way = new URL(url)
  way.port = String(port)
  return way.href
}

/** The port that the server listens on which tests share. */
export const serverPort = async (): Promise<number> => (await sharedServer()).port
