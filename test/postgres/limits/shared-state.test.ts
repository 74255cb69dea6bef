import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { openSharedState } from '../../../src/postgres/limits/shared-state.ts'
import type { State } from '../../../src/upstream/state/state.ts'
import { createDatabase, serverPort, through } from '../../support/postgres.ts'
import {
  bucketStep,
  describeState,
  distinctMoments,
  takeTokens,
} from '../../support/state-suite.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** One replica; it goes its own way to the database where `way` is another one. */
const openAt = async (way: string, clock = systemClock): Promise<State> => {
  const problems: unknown[] = []
  const database = await openDatabase({ url: way, clock })
  ends.push(database.close)
  const state = await openSharedState({
    database,
    onProblem: (_, error) => problems.push(error),
  })
  ends.push(async () => {
    await state.close()
    expect(problems).toEqual([])
  })
  return state
}

const rowsOf = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describeState('a database', async () => {
  const url = await createDatabase()
  const clock = distinctMoments()
  return {
    open: () => openAt(url, clock),
    dump: async () => {
      const tables = ['bucket', 'key_identity', 'key_fact', 'key_measure', 'key_seen']
      const all = await Promise.all(tables.map(table => rowsOf(url, `SELECT * FROM ${table}`)))
      return JSON.stringify(all)
    },
  }
})

describe('a replica that is cut off', () => {
  const limits = { rate: 10, burst: 10 }
  const setUp = async () => {
    const url = await createDatabase()
    const proxy = await startTcpProxy(await serverPort())
    ends.push(proxy.close)
    const [far, near] = [await openAt(through(url, proxy.port)), await openAt(url)]
    return { proxy, far, near, url }
  }

  test('gets no token, is told so at once, and gets one again when it is back', async () => {
    const { proxy, far } = await setUp()
    await expect.poll(() => takeTokens(far.bucket('a'), 1, 'first')).toHaveLength(1)
    proxy.cut()
    const refusal = {
      ...{ name: 'BucketUnreachable', code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 1_000 },
      message: expect.stringMatching(/^The database that this server shares with others/) as string,
    }
    await expect(takeTokens(far.bucket('a'), 1)).rejects.toMatchObject(refusal)
    // No other key is asked for as long as that is known.
    await expect(takeTokens(far.bucket('b'), 1)).rejects.toMatchObject(refusal)
    await expect(far.bucket('a').pause(limits, 1)).rejects.toMatchObject(refusal)
    proxy.mend()
    await expect.poll(() => takeTokens(far.bucket('a'), 1, 'later').catch(() => [])).toHaveLength(1)
  })

  test('has what it learns at once, and tells it to the others when it is back', async () => {
    const { proxy, far, near } = await setUp()
    far.facts('a').set('offset', 'works')
    await expect.poll(() => near.facts('a').get('offset')).toBe('works')
    // What is under way is lost.
    proxy.cut()
    proxy.reset()
    far.facts('a').set('offset', 'ends')
    far.measures('a').set('latencyMs', 5)
    far.sizes('a').see('all', 3)
    far.succeed('new', 'a')
    await expect(takeTokens(far.bucket('a'), 1)).rejects.toThrow('cannot be used')
    expect(far.facts('a').get('offset')).toBe('ends')
    // Of two that noted the same, whoever was later is right.
    near.measures('a').set('latencyMs', 6)
    await expect.poll(() => near.measures('a').get('latencyMs')?.value).toBe(6)
    proxy.mend()
    await expect.poll(() => near.facts('a').get('offset')).toBe('ends')
    await expect.poll(() => near.keptAs('new')).toBe('a')
    await expect.poll(() => near.sizes('a').seen('all')).toBe(3)
    await expect.poll(() => far.measures('a').get('latencyMs')?.value).toBe(6)
  })

  test('whose step came through though nobody heard so gives back with the next what it got', async () => {
    const { proxy, far, near } = await setUp()
    await expect.poll(() => takeTokens(far.bucket('a'), 1, 'first')).toHaveLength(1)
    await far.bucket('a').step(bucketStep({ settled: ['first 0'] }))
    proxy.halfOpen()
    const lost = far.bucket('a').step(bucketStep({ wanted: ['lost'] }))
    await expect(lost).rejects.toThrow('cannot be used')
    await near.bucket('a').step(bucketStep({ wanted: ['lost'] }))
    await expect
      .poll(() =>
        Promise.resolve(far.bucket('a').step(bucketStep({ returned: ['lost'] }))).then(
          ({ bucket }) => bucket.leases,
          () => 'none',
        ),
      )
      .toEqual([])
  })
})

test('late news after the end is taken quietly', async () => {
  const state = await openAt(await createDatabase())
  const keeper = state.bucket('a')
  await state.close()
  expect(await keeper.step(bucketStep({ settled: ['one'], wanted: ['two'] }))).toMatchObject({
    granted: 0,
  })
  await keeper.slow({ rate: 10, burst: 10 }, { sentAgoMs: 0, retryAfterMs: 5 })
  state.facts('a').set('offset', 'works')
})
