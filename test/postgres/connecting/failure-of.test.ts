import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../examples/replicas/postgres.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { failureOf } from '../../../src/postgres/connecting/failure-of.ts'
import { startListening } from '../../../src/postgres/connecting/listening.ts'
import { openPools } from '../../../src/postgres/connecting/pools.ts'
import { migrate } from '../../../src/postgres/connecting/schema.ts'
import { createDatabase } from '../../support/postgres.ts'

/** What whoever makes the tables is told. */
const said = async (url: string): Promise<unknown> => {
  const pools = openPools({ url, name: 'test' })
  try {
    return await migrate(pools)
  } catch (error) {
    return String(error)
  } finally {
    await pools.close()
  }
}

const CANNOT = 'DatabaseUnavailable: The database cannot be used now:'

test.each(['require', 'prefer', 'verify-ca', 'verify-full'])(
  'sslmode=%s of a server without TLS is a sentence, and the driver warns of nothing',
  async mode => {
    const warnings: string[] = []
    const warned = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', warned)
    onTestFinished(() => void process.off('warning', warned))
    const url = `${await createDatabase()}?application_name=x&sslmode=${mode}`
    expect(await said(url)).toBe(`${CANNOT} it has no TLS, which its address asks for`)
    expect(warnings).toEqual([])
  },
)

test('a certificate that is not there is told apart from a server that is not', async () => {
  const url = `${await createDatabase()}?sslmode=verify-full&sslrootcert=/nowhere/db.pem`
  expect(await said(url)).toBe(`${CANNOT} a file that its address names cannot be read (ENOENT)`)
  // It is read again for each connection, and may be gone then.
  const listening = startListening({ url, name: 'test', clock: systemClock })
  onTestFinished(listening.close)
  expect(listening.flaw()).toBe(
    'The database cannot be used now: a file that its address names cannot be read (ENOENT)',
  )
})

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true],
  ['CERT_HAS_EXPIRED', true],
  ['ECONNREFUSED', false],
  ['ENOTFOUND', false],
])('%s lasts until somebody mends it: %s', (code, lasts) => {
  expect(failureOf(Object.assign(new Error('no'), { code }))).toMatchObject({ lasts })
})

test('a schema that is not there is said to', async () => {
  const url = `${await createDatabase()}?options=-csearch_path%3Dnowhere`
  expect(await said(url)).toBe(`${CANNOT} there is no schema that this user can make tables in`)
})

test('tables stand in the schema that the address names', async () => {
  const url = await createDatabase()
  const own = openPools({ url, name: 'test' })
  onTestFinished(own.close)
  await own.query('write', 'CREATE SCHEMA elsewhere')
  expect(await said(`${url}?options=-csearch_path%3Delsewhere`)).toBe(1)
  expect(
    await own.query(
      'read',
      "SELECT to_regclass('elsewhere.event') IS NOT NULL AS there, to_regclass('event') AS here",
    ),
  ).toEqual([{ there: true, here: null }])
})

test('whoever has no password where one is asked for is told so, and with any letters it works', async () => {
  const server = await startPostgres()
  onTestFinished(server.stop)
  const pools = openPools({ url: server.url, name: 'test' })
  onTestFinished(pools.close)
  const password = 'p@ss/w:rd#%?&= "\u00e9'
  await pools.query('write', `CREATE ROLE locked LOGIN SUPERUSER PASSWORD '${password}'`)
  await pools.query(
    'write',
    `DO $$ DECLARE file text := current_setting('hba_file'); BEGIN
      EXECUTE format('COPY (SELECT %L UNION ALL SELECT %L) TO %L', 'host all locked all scram-sha-256', 'host all all all trust', file);
    END $$`,
  )
  await pools.query('write', 'SELECT pg_reload_conf()')
  const url = new URL(server.url)
  url.username = 'locked'
  // Until the server has read its file again.
  while (typeof (await said(url.href)) === 'number');
  expect(await said(url.href)).toBe(`${CANNOT} it wants a password, and the settings have none`)
  url.password = 'another'
  expect(await said(url.href)).toBe(`${CANNOT} it does not accept the password`)
  url.password = encodeURIComponent(password)
  expect(await said(url.href)).toBeTypeOf('number')
})

test("what lasts longer than the server's own limit of a transaction is a failure that passes", async () => {
  const url = `${await createDatabase()}?options=-ctransaction_timeout%3D50`
  const pools = openPools({ url, name: 'test' })
  onTestFinished(pools.close)
  await expect(pools.transaction('write', query => query('SELECT pg_sleep(10)'))).rejects.toThrow(
    'The database cannot be used now: it took too long',
  )
})
