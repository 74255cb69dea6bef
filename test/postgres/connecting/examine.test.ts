import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { examineDatabase } from '../../../src/postgres/connecting/examine.ts'
import { openPools } from '../../../src/postgres/connecting/pools.ts'
import { migrate } from '../../../src/postgres/connecting/schema.ts'
import { startPostgres } from '../../../examples/replicas/postgres.ts'
import { createDatabase, onServer } from '../../support/postgres.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const examined = async (url: string, clock = systemClock) => {
  const findings = await examineDatabase(url, clock)
  return new Map(
    findings.map(({ about, verdict, finding }) => [about, `${verdict}: ${finding}`] as const),
  )
}

test('a database that will do is said to, before and after its tables are made', async () => {
  const url = await createDatabase()
  const before = await examined(url)
  expect(before.get('server')).toMatch(/^ok: PostgreSQL \d+/)
  expect(before.get('time')).toMatch(/^ok: an answer takes [\d.]+ ms$/)
  expect(before.get('rights')).toBe('ok: may make tables in the schema public')
  expect(before.get('calls')).toBe('ok: replicas hear each other (LISTEN)')
  expect(before.get('room')).toMatch(/^ok: \d+ connections, \d+ in use; a replica takes up to 11$/)
  expect(before.get('tables')).toMatch(/^ok: none yet/)
  const pools = openPools({ url, name: 'test' })
  ends.push(pools.close)
  await migrate(pools)
  expect((await examined(url)).get('tables')).toBe('ok: of version 1')
})

test('what is wrong with it is said with the way out', async () => {
  const url = await createDatabase()
  const name = new URL(url).pathname.slice(1)
  const role = `reader_${name}`
  await onServer(`CREATE ROLE ${role} LOGIN`)
  const asReader = new URL(url)
  asReader.username = role
  expect((await examined(asReader.href)).get('rights')).toBe(
    'failed: may not make tables in the schema public: GRANT CREATE, or let pushgraph migrate run as a user who may',
  )
  const ahead = { ...systemClock, now: () => Date.now() + 7_000 }
  expect((await examined(url, ahead)).get('time')).toMatch(
    /^warn: its clock and this machine's differ by -7\.0 s/,
  )
  const pools = openPools({ url, name: 'test' })
  ends.push(pools.close)
  await migrate(pools, [{ worksFrom: 9, sql: '' }].concat(Array(9).fill({ worksFrom: 9, sql: '' })))
  expect((await examined(url)).get('tables')).toBe(
    'failed: of version 10, which only a newer Pushgraph can work with',
  )
  await onServer(`CREATE DATABASE ${name}_latin ENCODING 'LATIN1' TEMPLATE template0`)
  expect(await examined(`${url}_latin`)).toEqual(
    new Map([['server', 'failed: its encoding is LATIN1: make a database with UTF8']]),
  )
})

test('a user who makes no tables will do once they are there and may be used', async () => {
  const url = await createDatabase()
  const role = `serving_${new URL(url).pathname.slice(1)}`
  await onServer(`CREATE ROLE ${role} LOGIN`)
  const serving = new URL(url)
  serving.username = role
  const pools = openPools({ url, name: 'test' })
  ends.push(pools.close)
  await migrate(pools)
  const without = await examined(serving.href)
  expect(without.get('rights')).toBe(
    'failed: may not use the tables in the schema public: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES',
  )
  expect(without.get('tables')).toBe('failed: this user may not read of which version they are')
  await pools.query('write', grantsOfDocs(role))
  expect((await examined(serving.href)).get('rights')).toBe(
    'ok: may use the tables in the schema public, and make none',
  )
  await pools.query('write', `REVOKE DELETE ON answer FROM ${role}`)
  expect((await examined(serving.href)).get('rights')).toMatch(/^failed: may not use the tables/)
})

/** What docs/machines.md says that such a user needs. */
const grantsOfDocs = (role: string): string => {
  const docs = readFileSync(new URL('../../../docs/machines.md', import.meta.url), 'utf8')
  const [grants] = /^GRANT SELECT.*;$/m.exec(docs) ?? []
  if (grants === undefined) throw new Error('docs/machines.md grants nothing')
  return grants.replace('pushgraph_serving', role)
}

test('a database that only reads, or keeps texts otherwise, is refused with the way out', async () => {
  const url = await createDatabase()
  const name = new URL(url).pathname.slice(1)
  await onServer(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
  await onServer(`CREATE DATABASE ${name}_latin ENCODING 'LATIN1' TEMPLATE template0`)
  const reads = 'this user only reads (default_transaction_read_only): name one who may write'
  expect(await examined(url)).toEqual(new Map([['server', `failed: ${reads}`]]))
  for (const [address, flaw] of [
    [url, reads],
    [`${url}_latin`, 'its encoding is LATIN1: make a database with UTF8'],
  ] as const) {
    const pools = openPools({ url: address, name: 'test' })
    ends.push(pools.close)
    await expect(migrate(pools)).rejects.toThrow(`The database will not do: ${flaw}`)
  }
})

test.each([
  ['default_transaction_isolation', 'serializable', /transactions of this user are serializable/],
  ['extra_float_digits', '0', /it rounds the numbers/],
])('a user whose %s is %s is refused with the way out', async (name, value, flaw) => {
  const url = await createDatabase()
  await onServer(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${name} = '${value}'`)
  const found = (await examined(url)).get('server')
  expect(found).toMatch(flaw)
  expect(found).toContain(`ALTER ROLE ... SET ${name} = `)
  const pools = openPools({ url, name: 'test' })
  ends.push(pools.close)
  await expect(migrate(pools)).rejects.toThrow(flaw)
})

test('an acknowledged event that could be lost is a warning', async () => {
  const quick = await startPostgres()
  ends.push(quick.stop)
  expect((await examined(quick.url)).get('safety')).toMatch(/^warn: fsync is off/)
  const late = await startPostgres({ durable: true, settings: { synchronous_commit: 'off' } })
  ends.push(late.stop)
  expect((await examined(late.url)).get('safety')).toMatch(/^warn: synchronous_commit is off/)
  const safe = await startPostgres({ durable: true })
  ends.push(safe.stop)
  expect((await examined(safe.url)).get('safety')).toBe(
    'ok: no standby is connected: it is as safe as its disk',
  )
})

test('a database that is not there is the one finding', async () => {
  expect(await examined('postgres://someone:hunter2@127.0.0.1:1/nowhere')).toEqual(
    new Map([['server', 'failed: The database cannot be used now: no connection (ECONNREFUSED)']]),
  )
})
