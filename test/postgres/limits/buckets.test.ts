import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openPools } from '../../../src/postgres/connecting/pools.ts'
import { migrate } from '../../../src/postgres/connecting/schema.ts'
import { createSharedBuckets } from '../../../src/postgres/limits/buckets.ts'
import {
  available,
  type BucketLimits,
  pauseSending,
  slowDown,
  type TokenBucket,
  unknownBucket,
  waitFor,
} from '../../../src/upstream/limiter/bucket.ts'
import type {
  BucketKeeper,
  BucketStep,
  BucketVerdict,
} from '../../../src/upstream/limiter/bucket-keeper.ts'
import { stepBucket } from '../../../src/upstream/limiter/bucket-step.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createDatabase } from '../../support/postgres.ts'
import { runsOr } from '../../support/runs.ts'

let client: pg.Client
beforeAll(async () => {
  const url = await createDatabase()
  const pools = openPools({ url, name: 'test' })
  await migrate(pools)
  await pools.close()
  client = new pg.Client({ connectionString: url })
  await client.connect()
  // The database's time, in the hands of a test.
  await client.query(
    "CREATE OR REPLACE FUNCTION ms() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT current_setting('test.now')::float8 $$",
  )
})
afterAll(() => client.end())

const clock = createFakeClock()
/** Every keeper of these asks at `clock`'s time. */
const keeperOf = (id: string, replica: string): BucketKeeper => bucketsOf(replica).keeper(id)

/** `asked` hears of each question. */
const bucketsOf = (replica: string, asked: (sql: string) => void = () => undefined) => {
  const stepper = {
    ask: async <Row extends object>(sql: string, values: readonly unknown[]): Promise<Row[]> => {
      asked(sql)
      await client.query("SELECT set_config('test.now', $1, false)", [String(clock.now())])
      return (await client.query<Row & pg.QueryResultRow>(sql, [...values])).rows
    },
  }
  return createSharedBuckets({ stepper, replica, clock })
}

const limits: BucketLimits = { rate: 10, burst: 10 }
const step = (more: Partial<BucketStep> = {}): BucketStep => ({
  ...{ limits, settled: [], returned: [], wanted: [], urgent: 0 },
  ...more,
})
const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`)
let named = 0
const newId = (): string => `key ${(named += 1)}`

/** What the database must come to: the pure functions, and who goes before whom. */
interface Reference {
  bucket: TokenBucket | undefined
  /** By replica, in the order in which they came. */
  turns: Map<string, Turn>
}

interface Turn {
  /** Until when somebody waits there. */
  readonly waitsUntil: number
  readonly servedAt: number
}

const passTo = (reference: Reference, now: number, under: BucketLimits): TokenBucket => {
  const bucket = reference.bucket ?? unknownBucket(now, under)
  const setBackMs = Math.min(0, now - bucket.at)
  reference.turns = new Map(
    [...reference.turns]
      .map(([replica, { waitsUntil, servedAt }]) => {
        const turn = { waitsUntil: waitsUntil + setBackMs, servedAt: servedAt + setBackMs }
        return [replica, turn] as const
      })
      .filter(([, turn]) => turn.waitsUntil > now || turn.servedAt > now - 5_000),
  )
  return bucket
}

const referenceStep = (
  reference: Reference,
  now: number,
  replica: string,
  asked: BucketStep,
): BucketVerdict => {
  const bucket = passTo(reference, now, asked.limits)
  const { turns } = reference
  const own = turns.get(replica)
  const names = [...turns.keys(), replica]
  const others = [...turns].filter(([name, turn]) => name !== replica && turn.waitsUntil > now)
  const before = others.filter(([name, { servedAt }]) => {
    const later = servedAt - (own?.servedAt ?? 0)
    return later < 0 || (later === 0 && names.indexOf(name) < names.indexOf(replica))
  })
  const settled = stepBucket(bucket, now, { ...asked, wanted: [] })
  const kept = Math.min(before.length, Math.max(0, asked.limits.burst - 1))
  const left = Math.max(0, available(settled.bucket) - kept)
  const most = others.length > 0 ? Math.min(left, asked.urgent) : left
  const verdict = stepBucket(bucket, now, { ...asked, wanted: asked.wanted.slice(0, most) })
  const { granted } = verdict
  reference.bucket = verdict.bucket
  const waits = granted < asked.urgent
  const ahead = !waits ? 0 : granted > 0 ? others.length : before.length
  const nextMs = waitFor(verdict.bucket, 1 + ahead, asked.limits)
  const isHeldUp = !waits && others.length > 0 && granted < asked.wanted.length
  const waitMs = isHeldUp ? Math.max(nextMs ?? 0, 50) : nextMs
  if (asked.urgent > 0 || own !== undefined)
    turns.set(replica, {
      waitsUntil: waits ? now + 300 + Math.min(waitMs ?? 0, 2_000) : 0,
      servedAt: Math.min(granted, asked.urgent) > 0 ? now : (own?.servedAt ?? 0),
    })
  return { ...verdict, waitMs }
}

const passed = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 30_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -100_000, max: -1 }) },
)
const anyLimits = fc.oneof(
  { weight: 6, arbitrary: fc.constant(limits) },
  {
    weight: 1,
    arbitrary: fc.record({
      rate: fc.double({ min: 0.2, max: 50, noNaN: true }),
      burst: fc.integer({ min: 1, max: 30 }),
    }),
  },
)
const anyAct = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      settled: fc.nat(6),
      returned: fc.nat(2),
      wanted: fc.nat(12),
      urgent: fc.nat(12),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('slow' as const),
      sentAgoMs: fc.nat(3_000),
      retryAfterMs: fc.option(fc.nat(5_000), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.nat(3_000) }),
  },
)
const anyActs = fc.array(fc.tuple(passed, fc.constantFrom('a', 'b', 'c'), anyLimits, anyAct), {
  minLength: 10,
  maxLength: 60,
  size: 'max',
})

const near = (one: TokenBucket, other: TokenBucket): void => {
  expect({ ...one, level: 0, slowedTo: 0, pausedUntil: 0 }).toEqual({
    ...other,
    ...{ level: 0, slowedTo: 0, pausedUntil: 0 },
  })
  expect(one.level).toBeCloseTo(other.level, 9)
  expect(one.slowedTo).toBeCloseTo(other.slowedTo, 9)
  expect(one.pausedUntil).toBeCloseTo(other.pausedUntil, 3)
}

test('the database comes to the same as the pure functions, whatever is asked of it and when', async () => {
  await fc.assert(
    fc.asyncProperty(anyActs, async acts => {
      const id = newId()
      const keepers = new Map(['a', 'b', 'c'].map(name => [name, keeperOf(id, name)] as const))
      const reference: Reference = { bucket: undefined, turns: new Map() }
      for (const [index, [ms, replica, under, act]] of acts.entries()) {
        clock.jump(ms)
        const now = clock.now()
        const keeper = keepers.get(replica) as BucketKeeper
        if (act.kind === 'step') {
          const out = reference.bucket?.leases.map(lease => lease.id) ?? []
          const asked = step({
            limits: under,
            settled: [...out.slice(0, act.settled), 'of nobody'],
            returned: out.slice(act.settled, act.settled + act.returned),
            wanted: ids(`${index} `, act.wanted),
            urgent: Math.min(act.urgent, act.wanted),
          })
          const verdict = await keeper.step(asked)
          const expected = referenceStep(reference, now, replica, asked)
          near(verdict.bucket, expected.bucket)
          expect(verdict.granted).toBe(expected.granted)
          if (expected.waitMs === undefined) expect(verdict.waitMs).toBeUndefined()
          else expect(Math.abs((verdict.waitMs ?? NaN) - expected.waitMs)).toBeLessThanOrEqual(1)
          continue
        }
        const bucket = passTo(reference, now, under)
        if (act.kind === 'pause') {
          reference.bucket = pauseSending(bucket, now, under, act.ms)
          near(await keeper.pause(under, act.ms), reference.bucket)
          continue
        }
        const { sentAgoMs, retryAfterMs } = act
        const told = await keeper.slow(under, { sentAgoMs, retryAfterMs })
        // Chance lies between the two; the rest must be the same.
        const of = (random: number): TokenBucket =>
          slowDown(bucket, now, under, { sentAt: now - sentAgoMs, retryAfterMs, random })
        expect(told.pausedUntil).toBeGreaterThanOrEqual(of(0).pausedUntil)
        expect(told.pausedUntil).toBeLessThanOrEqual(of(1).pausedUntil)
        reference.bucket = { ...of(1), pausedUntil: told.pausedUntil }
        near(told, reference.bucket)
      }
    }),
    { numRuns: runsOr(60) },
  )
})

describe('what is not known', () => {
  test('counts as spent: the first step of a key waits until a whole burst has come back', async () => {
    const keeper = keeperOf(newId(), 'a')
    expect(await keeper.step(step({ wanted: ids('w', 3) }))).toMatchObject({
      ...{ granted: 0, waitMs: 1_101 },
      bucket: { level: 0, pausedUntil: clock.now() + 1_000 },
    })
    clock.jump(1_101)
    expect(await keeper.step(step({ wanted: ids('w', 3) }))).toMatchObject({ granted: 1 })
  })

  test('is also what another server wrote down: it may have lost the last of it', async () => {
    const id = newId()
    const keeper = keeperOf(id, 'a')
    await keeper.step(step())
    clock.jump(10_000)
    await keeper.slow(limits, { sentAgoMs: 5, retryAfterMs: 100 })
    clock.jump(20_000)
    expect(await keeper.step(step({ wanted: ids('w', 4) }))).toMatchObject({ granted: 4 })
    await client.query("UPDATE bucket SET boot = boot - interval '1 minute' WHERE id = $1", [id])
    const after = await keeper.step(step({ wanted: ids('x', 1) }))
    expect(after).toMatchObject({
      granted: 0,
      bucket: { level: 0, pausedUntil: clock.now() + 1_000, leases: { length: 4 } },
    })
    clock.jump(2_000)
    expect(await keeper.step(step({ settled: ids('w', 4), wanted: ids('y', 9) }))).toMatchObject({
      granted: 5,
    })
  })
})

describe('who waits at one replica', () => {
  const spent = async () => {
    const id = newId()
    const [waiting, scanning] = [keeperOf(id, 'waiting'), keeperOf(id, 'scanning')]
    await waiting.step(step())
    clock.jump(1_101)
    await scanning.step(step({ wanted: ['first'] }))
    return { waiting, scanning }
  }

  test('goes before the background reading of all others, and no longer than it waits', async () => {
    const { waiting, scanning } = await spent()
    const verdict = await waiting.step(step({ wanted: ['look-up'], urgent: 1 }))
    expect(verdict.granted).toBe(0)
    clock.jump(verdict.waitMs ?? 0)
    expect(await scanning.step(step({ settled: ['first'], wanted: ids('scan', 5) }))).toMatchObject(
      {
        ...{ granted: 0, waitMs: 50 },
      },
    )
    expect(await waiting.step(step({ wanted: ['look-up'], urgent: 1 }))).toMatchObject({
      granted: 1,
    })
    clock.jump(101)
    expect(await scanning.step(step({ wanted: ['scan'] }))).toMatchObject({ granted: 1 })
  })

  test('holds nobody up for long where its replica has died', async () => {
    const { waiting, scanning } = await spent()
    const verdict = await waiting.step(step({ wanted: ['look-up'], urgent: 1 }))
    clock.jump((verdict.waitMs ?? 0) + 299)
    expect(await scanning.step(step({ wanted: ['scan'] }))).toMatchObject({ granted: 0 })
    clock.jump(1)
    expect(await scanning.step(step({ wanted: ['scan'] }))).toMatchObject({ granted: 1 })
  })

  test('goes before those who got a token since it came, however much they wait for', async () => {
    const { waiting, scanning } = await spent()
    clock.jump(100)
    expect(await scanning.step(step({ wanted: ids('a', 5), urgent: 5 }))).toMatchObject({
      granted: 1,
    })
    const verdict = await waiting.step(step({ wanted: ['look-up'], urgent: 1 }))
    expect(verdict.granted).toBe(0)
    clock.jump(verdict.waitMs ?? 0)
    // Its own comes after that of the one who goes first.
    const theirs = await scanning.step(step({ wanted: ids('a', 4), urgent: 4 }))
    expect(theirs.granted).toBe(0)
    expect(theirs.waitMs).toBeGreaterThan(90)
    expect(await waiting.step(step({ wanted: ['look-up'], urgent: 1 }))).toMatchObject({
      granted: 1,
    })
    clock.jump(theirs.waitMs ?? 0)
    expect(await scanning.step(step({ wanted: ids('a', 4), urgent: 4 }))).toMatchObject({
      granted: 1,
    })
  })

  test('gets as many as any other where all wait, whoever asks first and most', async () => {
    const id = newId()
    const names = ['a', 'b', 'c']
    const keepers = names.map(name => keeperOf(id, name))
    await keepers[0]?.step(step())
    clock.jump(1_001)
    const sent: string[][] = names.map(() => [])
    for (let nth = 0; nth < 60; nth++) {
      clock.jump(50)
      for (const [index, keeper] of keepers.entries()) {
        const own = sent[index] ?? []
        const wanted = ids(`${nth} ${index} `, 9 - 4 * index)
        const { granted } = await keeper.step(
          step({ settled: own.slice(-1), wanted, urgent: wanted.length }),
        )
        own.push(...wanted.slice(0, granted))
      }
    }
    const got = sent.map(({ length }) => length)
    expect(Math.min(...got)).toBeGreaterThanOrEqual(9)
    expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(1)
  })

  test('leaves a token to one that died for a moment only, and the next ones to those behind it', async () => {
    const { waiting, scanning } = await spent()
    const { waitMs } = await waiting.step(step({ wanted: ['look-up'], urgent: 1 }))
    const theirs = await scanning.step(step({ wanted: ids('a', 3), urgent: 3 }))
    expect(theirs.waitMs).toBeGreaterThan((waitMs ?? 0) + 90)
    clock.jump(theirs.waitMs ?? 0)
    expect(await scanning.step(step({ wanted: ids('a', 3), urgent: 3 }))).toMatchObject({
      granted: 1,
    })
    clock.jump(300)
    expect(await scanning.step(step({ wanted: ids('b', 9), urgent: 9 }))).toMatchObject({
      granted: 4,
    })
  })
})

describe('where a bucket holds but one token', () => {
  const small: BucketLimits = { rate: 10, burst: 1 }

  test('those who wait take turns by when each is told to come, whose answers come soon or late', async () => {
    const id = newId()
    await keeperOf(id, 'a').step(step({ limits: small }))
    clock.jump(1_001)
    const replicas = ['a', 'b', 'c'].map((name, index) => ({
      ...{ name, keeper: keeperOf(id, name), comesAt: clock.now() + index },
      ...{ latencyMs: 40 + 80 * index, sent: 0, out: new Map<string, number>() },
    }))
    const until = clock.now() + 20_000
    for (;;) {
      const [next] = replicas.toSorted((one, two) => one.comesAt - two.comesAt)
      if (next === undefined || next.comesAt > until) break
      clock.jump(next.comesAt - clock.now())
      const settled = [...next.out].flatMap(([lease, at]) => (at <= clock.now() ? [lease] : []))
      for (const lease of settled) next.out.delete(lease)
      const wanted = ids(`${next.name} ${clock.now()} `, 3)
      const { granted, waitMs } = await next.keeper.step(
        step({ limits: small, settled, wanted, urgent: 3 }),
      )
      next.sent += granted
      for (const lease of wanted.slice(0, granted))
        next.out.set(lease, clock.now() + next.latencyMs)
      // It looks when its own answer comes, and for those of others each 100 ms.
      const toldMs = Math.max(1, waitMs ?? 100)
      next.comesAt = Math.min(clock.now() + toldMs, ...next.out.values())
    }
    const sent = replicas.map(each => each.sent)
    expect(Math.max(...sent) - Math.min(...sent)).toBeLessThanOrEqual(Math.max(...sent) / 5)
  })

  test('none is kept for one that died: it holds up nobody else', async () => {
    const id = newId()
    const [dying, other] = [keeperOf(id, 'dying'), keeperOf(id, 'other')]
    await other.step(step({ limits: small }))
    clock.jump(201)
    expect(await other.step(step({ limits: small, wanted: ['a'], urgent: 1 }))).toMatchObject({
      granted: 1,
    })
    await other.step(step({ limits: small, settled: ['a'] }))
    const { waitMs } = await dying.step(step({ limits: small, wanted: ['b'], urgent: 1 }))
    clock.jump(waitMs ?? 0)
    expect(await other.step(step({ limits: small, wanted: ['c'], urgent: 1 }))).toMatchObject({
      granted: 1,
    })
  })
})

describe('steps of several buckets', () => {
  const anyRound = fc.tuple(
    fc.integer({ min: 0, max: 400 }),
    fc.constantFrom('a', 'b'),
    fc.array(fc.record({ key: fc.nat(4), wanted: fc.nat(6), urgent: fc.nat(6) }), {
      minLength: 1,
      maxLength: 6,
    }),
  )

  test('in one question come to the same as one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRound, { minLength: 4, maxLength: 15 }), async rounds => {
        const name = newId()
        const together = new Map(['a', 'b'].map(replica => [replica, bucketsOf(replica)] as const))
        const alone = new Map(['a', 'b'].map(replica => [replica, bucketsOf(replica)] as const))
        for (const [index, [ms, replica, acts]] of rounds.entries()) {
          clock.jump(ms)
          const steps = acts.map(({ key, wanted, urgent }, nth) => ({
            key,
            asked: step({ wanted: ids(`${index} ${nth} `, wanted), urgent }),
          }))
          // In the order in which one question takes them; the first goes by itself.
          const [first, ...others] = steps
          const inOrder = first && [first, ...others.toSorted((one, two) => one.key - two.key)]
          const expected = new Map<BucketStep, unknown>()
          for (const { key, asked } of inOrder ?? [])
            expected.set(
              asked,
              await alone.get(replica)?.keeper(`${name} alone ${key}`).step(asked),
            )
          const verdicts = await Promise.all(
            steps.map(async ({ key, asked }) =>
              together.get(replica)?.keeper(`${name} together ${key}`).step(asked),
            ),
          )
          expect(verdicts).toEqual(steps.map(({ asked }) => expected.get(asked)))
        }
      }),
      { numRuns: runsOr(15) },
    )
  })

  test('that come up while one is under way cost one question, and each fails where that does', async () => {
    const questions: string[] = []
    const { keeper } = bucketsOf('a', sql => questions.push(sql))
    const name = newId()
    const all = Array.from({ length: 12 }, (_, nth) => keeper(`${name} ${nth}`))
    await Promise.all(all.map(async each => each.step(step())))
    expect(questions).toHaveLength(2)
    await all[0]?.step(step())
    expect(questions[2]).toBe(questions[0])

    const broken = createSharedBuckets({
      stepper: { ask: () => Promise.reject(new Error('away')) },
      ...{ replica: 'a', clock },
    })
    const failed = await Promise.allSettled(
      ['one', 'two', 'three'].map(async each => broken.keeper(each).step(step())),
    )
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })

  test('of two replicas never wait for each other in a circle', async () => {
    const url = await createDatabase()
    const pools = openPools({ url, name: 'test' })
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    try {
      await migrate(pools)
      const stepper = {
        ask: <Row extends object>(sql: string, values: readonly unknown[]) =>
          pools.query<Row>('step', sql, values, { timeoutMs: 10_000 }),
      }
      const keys = ids('key ', 10)
      const stepsOf = (replica: string, wanted: readonly string[]) => {
        const { keeper } = createSharedBuckets({ stepper, replica, clock: systemClock })
        // The first of each goes by itself, and the others in one question.
        return Promise.all([`of ${replica}`, ...wanted].map(async key => keeper(key).step(step())))
      }
      await stepsOf('a', keys)
      await holder.query('BEGIN')
      await holder.query('SELECT FROM bucket WHERE id = $1 FOR UPDATE', [keys[5]])
      const both = Promise.all([stepsOf('a', keys), stepsOf('b', keys.toReversed())])
      const waiting = `SELECT count(*)::int AS number FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`
      await expect.poll(async () => (await pools.query('write', waiting))[0]?.['number']).toBe(2)
      await holder.query('COMMIT')
      await expect(both).resolves.toHaveLength(2)
    } finally {
      await holder.end()
      await pools.close()
    }
  })
})
