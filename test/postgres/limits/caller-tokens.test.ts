import fc from 'fast-check'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { createRequestRate } from '../../../src/http/admission/request-rate.ts'
import { createSharedRate } from '../../../src/http/admission/shared-rate.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createCallerTokens } from '../../../src/postgres/limits/caller-tokens.ts'
import { createDatabase, serverPort, through } from '../../support/postgres.ts'
import { runsOr } from '../../support/runs.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const open = async (url: string) => {
  const database = await openDatabase({ url, clock: systemClock })
  ends.push(database.close)
  return database
}

test('what is left to each caller is what a bucket of its own would hold, and may be less than nothing', async () => {
  const url = await createDatabase()
  const database = await open(url)
  let now = 1_000_000
  // The database's time, in the hands of a test.
  await database.query('write', 'CREATE TABLE test_time (now float8)')
  await database.query('write', 'INSERT INTO test_time VALUES ($1)', [now])
  await database.query(
    'write',
    'CREATE OR REPLACE FUNCTION ms() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT now FROM test_time $$',
  )
  let run = 0
  const asks = fc.array(
    fc.tuple(
      fc.integer({ min: -2_000, max: 5_000 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -1, max: 30 })),
    ),
    { minLength: 3, maxLength: 15 },
  )
  await fc.assert(
    fc.asyncProperty(asks, async played => {
      run += 1
      const tokens = createCallerTokens({ database, rate: 10, burst: 20 })
      const levels = new Map<string, { level: number; at: number }>()
      for (const [ms, asked] of played) {
        now += ms
        await database.query('step', 'UPDATE test_time SET now = $1', [now])
        const used = Object.entries(asked).map(([name, n]) => [`${name} ${run}`, n] as const)
        const expected = used.map(([caller, requests]) => {
          const { level, at } = levels.get(caller) ?? { level: 20, at: now }
          const left = Math.min(20, level + Math.max(0, now - at) / 100) - requests
          levels.set(caller, { level: left, at: now })
          return left
        })
        const left = await tokens.use(used)
        expect(left.length).toBe(expected.length)
        for (const [index, level] of left.entries())
          expect(level).toBeCloseTo(expected[index] ?? NaN, 6)
      }
    }),
    { numRuns: runsOr(30) },
  )
  // Nobody's name or address stands there.
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  ends.push(() => client.end())
  const { rows } = await client.query<{ id: string }>('SELECT id FROM caller_rate')
  expect(rows.length).toBeGreaterThan(10)
  for (const { id } of rows) expect(id).toMatch(/^[0-9a-f]{32}$/)
})

test('replicas let one caller have together what one would, and each its own share of it where they are cut off', async () => {
  const url = await createDatabase()
  const proxy = await startTcpProxy(await serverPort())
  ends.push(proxy.close)
  // Nothing comes back while the test runs.
  const standing = { now: () => 0 }
  const createReplica = async (way: string) => {
    const own = createRequestRate({ perCaller: 2.5, inAll: 1_000 }, standing)
    const tokens = createCallerTokens({ database: await open(way), rate: 1e-6, burst: 5 })
    const rate = createSharedRate(own, tokens, systemClock)
    ends.push(rate.close)
    const passes = (caller: string): boolean => rate.count(caller) === undefined
    return { tokens, passes }
  }
  const [near, far] = [await createReplica(url), await createReplica(through(url, proxy.port))]
  const passing = (replica: typeof near, caller: string, requests: number): number =>
    Array.from({ length: requests }, () => replica.passes(caller)).filter(Boolean).length
  expect(passing(near, 'ann', 5)).toBe(5)
  expect(passing(far, 'ann', 1)).toBe(1)
  await expect.poll(() => far.passes('ann')).toBe(false)
  await expect.poll(() => near.passes('ann')).toBe(false)

  proxy.cut()
  await expect(far.tokens.use([['ann', 1]])).rejects.toThrow('cannot be used')
  expect([passing(near, 'bob', 9), passing(far, 'bob', 9)]).toEqual([5, 5])
  proxy.mend()
  await expect.poll(() => far.tokens.use([['bob', 0]]).catch(() => [])).toHaveLength(1)
})
