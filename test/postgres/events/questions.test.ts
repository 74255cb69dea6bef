import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import type { Query } from '../../../src/postgres/connecting/pools.ts'
import { createQuestions } from '../../../src/postgres/events/questions.ts'
import { createFakeClock, settle } from '../../support/clock.ts'
import { createDatabase } from '../../support/postgres.ts'
import { termsOf } from '../../support/question-terms.ts'

let database: Database
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(), clock: systemClock })
})
afterAll(() => database.close())

const forLong = (query: Query) => query('SELECT pg_sleep(600)')
const atOnce = (query: Query) => query('SELECT 1 AS one')

/** Questions that the database works on for long. */
const underWay = async (): Promise<number> => {
  const [found] = await database.query(
    'step',
    "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)' AND datname = current_database()",
  )
  return Number(found?.['n'])
}

describe.each(['ask', 'askAtOnce'] as const)('a question (%s)', how => {
  test('ends with its caller, in the database too', async () => {
    const questions = createQuestions(database, systemClock)
    const left = new AbortController()
    const asked = questions[how](termsOf('a', { signal: left.signal }), forLong)
    await expect.poll(underWay).toBe(1)
    left.abort()
    await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    await expect.poll(underWay).toBe(0)
    expect(questions.standing().questions).toBe(0)
    expect(await questions[how](termsOf('a'), atOnce)).toEqual([{ one: 1 }])
  })

  test.each([
    ['its deadline', { deadline: 2_000, maxWaitMs: 2_000 }, 'PUSHGRAPH_MAX_WAIT_MS'],
    ['the time that its operation may take', { leftMs: () => 2_000 }, 'PUSHGRAPH_MAX_CPU_MS'],
  ])('ends with %s', async (_, more, limit) => {
    const clock = createFakeClock({ startMs: 0 })
    const questions = createQuestions(database, clock)
    const took: number[] = []
    const terms = termsOf('a', { ...more, took: ms => took.push(ms) })
    const asked = expect(questions[how](terms, forLong)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      fields: { limit },
    })
    await expect.poll(underWay).toBe(1)
    await clock.advance(1_000)
    expect(await underWay()).toBe(1)
    await clock.advance(1_010)
    await asked
    await expect.poll(underWay).toBe(0)
    await expect.poll(() => took.length).toBe(1)
    expect(took[0]).toBeGreaterThanOrEqual(2_000)
    expect(clock.waiting()).toBe(0)
  })

  test('is given up when all end, and none is begun then', async () => {
    const questions = createQuestions(database, systemClock)
    const closed = { code: 'UPSTREAM_UNAVAILABLE', message: 'The events are closed' }
    const asked = expect(questions[how](termsOf('a'), forLong)).rejects.toMatchObject(closed)
    await expect.poll(underWay).toBe(1)
    questions.close()
    await asked
    await expect.poll(underWay).toBe(0)
    await expect(questions[how](termsOf('a'), atOnce)).rejects.toMatchObject(closed)
  })
})

test('questions of one operation share the time that it may take', async () => {
  const clock = createFakeClock({ startMs: 0 })
  const questions = createQuestions(database, clock)
  const asked = [1, 2].map(() =>
    questions.ask(termsOf('a', { leftMs: () => 2_000 }), forLong).catch((error: unknown) => error),
  )
  await expect.poll(underWay).toBe(2)
  await clock.advance(1_010)
  // The other one has the rest to itself.
  expect(await Promise.race(asked)).toMatchObject({ fields: { limit: 'PUSHGRAPH_MAX_CPU_MS' } })
  await expect.poll(underWay).toBe(1)
  questions.close()
  await Promise.all(asked)
  await expect.poll(underWay).toBe(0)
})

test('long questions of one caller keep nobody else from theirs', async () => {
  const questions = createQuestions(database, systemClock)
  const left = new AbortController()
  const long = Array.from({ length: 10 }, () =>
    questions.ask(termsOf('greedy', { signal: left.signal }), forLong).catch(() => 'ended'),
  )
  await expect.poll(underWay).toBe(2)
  expect(await questions.ask(termsOf('other'), atOnce)).toEqual([{ one: 1 }])
  await settle()
  expect(await underWay()).toBe(2)
  left.abort()
  expect(new Set(await Promise.all(long))).toEqual(new Set(['ended']))
  await expect.poll(underWay).toBe(0)
})

test('what several statements read is of one moment', async () => {
  const questions = createQuestions(database, systemClock)
  await database.query('write', 'CREATE TABLE moment (n int)')
  const count = async (query: Query) => (await query('SELECT count(*) AS n FROM moment'))[0]?.['n']
  const counts = await questions.askAtOnce(termsOf('a'), async query => {
    const before = await count(query)
    await database.query('write', 'INSERT INTO moment VALUES (1)')
    return [before, await count(query)]
  })
  expect(counts).toEqual([0, 0])
})
