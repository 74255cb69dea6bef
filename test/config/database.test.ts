import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-config-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
const read = (environment: Record<string, string>) =>
  readConfig({ PUSH_API_KEY: 'k-1', ...environment }, folder)

test.each([
  'postgres://pushgraph:hunter2@db.example.com:5432/pushgraph',
  'postgresql://db.example.com/pushgraph?sslmode=verify-full',
  'postgres:///pushgraph?host=/var/run/postgresql',
  'postgres://me:100%zz%2F%40@db.example.com/pushgraph',
  'postgres://me:hunter2@one:5432,two:5433/pushgraph?target_session_attrs=read-write',
])('takes the address of a database: %s', url => {
  const { databaseUrl, warnings } = read({ PUSHGRAPH_DATABASE_URL: url })
  expect(databaseUrl?.()).toBe(url)
  expect(warnings).toEqual([])
})

test('shows it to nobody who prints the settings', () => {
  const config = read({ PUSHGRAPH_DATABASE_URL: 'postgres://me:hunter2@db.example.com/pushgraph' })
  expect(JSON.stringify(config)).not.toContain('hunter2')
})

test.each([
  'mysql://me:hunter2@db/x',
  'postgres://db.example.com',
  'hunter2',
  'postgres://db/',
  'postgres://me:hunter2@db,bad:port/x',
  'postgres://me:hunter2%ff@db/x',
])('refuses what is none, without repeating it: %s', url => {
  const refused = (): unknown => read({ PUSHGRAPH_DATABASE_URL: url })
  expect(refused).toThrow(
    'PUSHGRAPH_DATABASE_URL must be the address of a PostgreSQL database, such as postgres://user:password@host:5432/pushgraph',
  )
  expect(refused).not.toThrow('hunter2')
})

test('refuses an address that asks for a server which only reads', () => {
  const url = 'postgres://me:hunter2@one,two/pushgraph?target_session_attrs=any'
  const refused = (): unknown => read({ PUSHGRAPH_DATABASE_URL: url })
  expect(refused).toThrow('PUSHGRAPH_DATABASE_URL can have no other target_session_attrs')
  expect(refused).not.toThrow('hunter2')
})

test('has another way for who listens, and says where that has no effect', () => {
  const way = { PUSHGRAPH_DATABASE_LISTEN_URL: 'postgres://me:hunter2@db:5433/pushgraph' }
  const { databaseListenUrl, warnings } = read({
    PUSHGRAPH_DATABASE_URL: 'postgres://pooler/pushgraph',
    ...way,
  })
  expect(databaseListenUrl?.()).toBe(way.PUSHGRAPH_DATABASE_LISTEN_URL)
  expect(warnings).toEqual([])
  expect(read(way).warnings).toEqual([
    'PUSHGRAPH_DATABASE_LISTEN_URL has no effect without PUSHGRAPH_DATABASE_URL',
  ])
})

test('says where it has no effect', () => {
  const { warnings } = readConfig({ PUSHGRAPH_DATABASE_URL: 'postgres://db/pushgraph' }, folder)
  expect(warnings).toEqual([
    'PUSHGRAPH_DATABASE_URL has no effect without a key: the demo tenant is another one in each process, and is kept there',
  ])
})
