import { extendSchema, parse } from 'graphql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { connectAnnouncer } from '../../support/expect-continue.ts'
import { type Asked, type Kept, type KeptOptions, startKept } from '../../support/kept-answers.ts'

const keptForTest = async (options?: KeptOptions): Promise<Kept> => {
  const kept = await startKept(options)
  onTestFinished(kept.stop)
  return kept
}

/** All of them rest on whole collections alone, once those are read. */
const cacheable = [
  '{ employees { totalCount nodes { id department accounts { totalCount nodes { id app { id name } } } } } }',
  '{ accounts(filter: { app: { type: { eq: "SLACK" } } }) { totalCount asOf nodes { id lastUsedAt } } }',
  '{ accounts(orderBy: { field: LAST_USED_AT, direction: DESC }, first: 4) { edges { cursor node { id } } pageInfo { endCursor } } }',
  '{ accounts { groups(by: [APP_TYPE, EMPLOYEE_DEPARTMENT]) { keys count } } }',
  '{ account(id: "a1") { id email employee { id } app { id } } gone: account(id: "nobody") { id } }',
  '{ apps(last: 1) { nodes { id accounts(filter: { mfaRegistered: { isNull: true } }) { totalCount } } } }',
  '{ employees(filter: { accounts: { some: { app: {} } } }) { totalCount } }',
]

/** None of them does. */
const volatile = [
  '{ accounts(filter: { lastUsedAt: { within: "PT10M" } }) { totalCount } }',
  '{ accounts(filter: { not: { lastUsedAt: { olderThan: "PT10M" } } }) { nodes { id } } }',
  '{ accounts(filter: { id: { in: [] } }) { asOf totalCount } employees { totalCount } }',
  '{ connectors { rateLimit { available } store { collection rows asOf } } }',
  '{ accounts(first: 2) { nodes { id connector { status } } } }',
  '{ employees(first: 2) { nodes { id ocsf { time json } } } }',
  '{ events { totalCount } employees { totalCount } }',
  '{ search(value: "ann@example.com") { totalCount } }',
]

/** Reads every collection whole that the questions rest on. */
const readAll = async ({ askAnew }: Kept): Promise<void> => {
  await askAnew('{ employees { totalCount } accounts { totalCount } apps { totalCount } }')
}

describe('an answer', () => {
  test.each(cacheable)(
    'is sent again from the third time on, as it would be given: %s',
    async query => {
      const kept = await keptForTest()
      await readAll(kept)
      const times = [await kept.ask(query), await kept.ask(query), await kept.ask(query)]
      expect(times.map(({ again }) => again)).toEqual([false, false, true])
      expect(new Set(times.map(({ text }) => text)).size).toBe(1)
      expect(times[2]?.text).toBe((await kept.askAnew(query)).text)
      expect(times[2]?.text).not.toContain('"errors"')
    },
  )

  test.each(volatile)('that rests on more than whole collections is made anew: %s', async query => {
    const kept = await keptForTest()
    await readAll(kept)
    for (let time = 0; time < 4; time += 1) {
      const { again, text } = await kept.ask(query)
      expect(again).toBe(false)
      expect(text).not.toContain('"errors"')
    }
  })

  const [query = ''] = cacheable
  const settled = async (): Promise<Kept> => {
    const kept = await keptForTest()
    await readAll(kept)
    await kept.ask(query)
    await kept.ask(query)
    expect((await kept.ask(query)).again).toBe(true)
    return kept
  }

  test('counts as given whenever it is sent', async () => {
    const { ask, counted } = await settled()
    const before = structuredClone(counted)
    expect((await ask(query)).again).toBe(true)
    expect(counted.byStore).toBe(before.byStore + 1)
    expect(counted.byResult['query ok']).toBe((before.byResult['query ok'] ?? 0) + 1)
  })

  test('is not sent again to another question, or under other headers', async () => {
    const { ask } = await settled()
    expect((await ask(query, { variables: { more: 1 } })).again).toBe(false)
    expect((await ask(query, { headers: { authorization: 'Bearer other' } })).again).toBe(false)
    expect((await ask(query, { headers: { accept: 'application/json' } })).again).toBe(false)
    for (const name of ['cookie', 'x-api-key', 'x-forwarded-user', 'x-real-ip', 'forwarded', 'via'])
      expect([name, (await ask(query, { headers: { [name]: 'a=b' } })).again]).toEqual([
        name,
        false,
      ])
    expect((await ask(query, { headers: { 'x-request-id': 'other' } })).again).toBe(true)
    expect((await ask(query, { headers: { 'sec-fetch-site': 'none' } })).again).toBe(true)
    const json = { 'content-type': 'application/json; charset=utf-8' }
    expect((await ask(query, { headers: json })).again).toBe(true)
  })

  test('is under the same headers and the same name in the log when it is sent again', async () => {
    const kept = await keptForTest()
    await readAll(kept)
    const named = 'query Named { employees { totalCount } }'
    const times = []
    for (let time = 0; time < 3; time += 1) times.push(await kept.ask(named))
    expect(times.map(({ again }) => again)).toEqual([false, false, true])
    // By the third time it may be kept for less.
    const changing = ['date', 'x-request-id', 'cache-control']
    const headersOf = ({ headers }: Asked) =>
      [...headers].filter(([name]) => !changing.includes(name))
    const anew = headersOf(await kept.askAnew(named))
    expect(times.map(headersOf)).toEqual([anew, anew, anew])
    for (const { headers } of times)
      expect(headers.get('cache-control')).toMatch(/^private, max-age=(59|60)$/)
    expect(new Set(times.map(({ headers }) => headers.get('x-request-id'))).size).toBe(3)
    const requests = () => kept.lines.filter(({ msg }) => msg === 'request')
    await expect
      .poll(() => requests().map(({ operationName }) => operationName))
      .toEqual(Array(3).fill('Named'))
  })

  // Of one byte here and two as sent, of one byte in both, of more in both.
  test.each(['Straße', 'street', '法務 😀'])(
    'arrives whole when sent again: %s',
    async department => {
      const kept = await keptForTest()
      for (const row of kept.upstream.employees) Object.assign(row, { department })
      await readAll(kept)
      const all = '{ employees { nodes { department } } }'
      const times = [await kept.ask(all), await kept.ask(all), await kept.ask(all)]
      expect(times.map(({ again }) => again)).toEqual([false, false, true])
      expect(times[2]?.text).toBe(times[0]?.text)
      expect(times[2]?.text).toContain(`"${department}"`)
    },
  )

  test('tells a caller to leave whose question came while the server stops', async () => {
    const kept = await settled()
    const { announce, send, told, closed } = await connectAnnouncer(
      kept.url,
      JSON.stringify({ query, variables: {} }),
    )
    // It is one of those that are sent again.
    const { begun } = kept.counted
    await announce()
    send()
    await expect.poll(told).toContain('"data"')
    expect(kept.counted.begun).toBe(begun)
    expect(told().toLowerCase()).not.toContain('connection: close')

    await announce()
    const stopped = kept.stopKeeping()
    send()
    await closed
    expect(told()).toContain('200 OK')
    expect(told().toLowerCase()).toContain('connection: close')
    await stopped
  })

  test('is not kept of a question of unusual length', async () => {
    const kept = await keptForTest()
    await readAll(kept)
    const long = (length: number) => `{ apps { totalCount } }${' '.repeat(length)}`
    const thirdTime = async (text: string): Promise<boolean> => {
      await kept.ask(text)
      await kept.ask(text)
      return (await kept.ask(text)).again
    }
    expect([await thirdTime(long(15_000)), await thirdTime(long(17_000))]).toEqual([true, false])
  })

  /** Ten employees, whose departments take so many letters each. */
  const withLetters = async (letters: number): Promise<Kept> => {
    const kept = await keptForTest()
    for (const row of kept.upstream.employees)
      Object.assign(row, { department: 'x'.repeat(letters) })
    await readAll(kept)
    return kept
  }

  test('of more than two megabytes is made anew', async () => {
    for (const [letters, again] of [
      [200_000, true],
      [220_000, false],
    ] as const) {
      const kept = await withLetters(letters)
      const all = '{ employees { nodes { department } } }'
      await kept.ask(all)
      await kept.ask(all)
      expect((await kept.ask(all)).again).toBe(again)
    }
  })

  test('gives way to newer ones where all of them would take more than sixteen megabytes', async () => {
    const { ask } = await withLetters(180_000)
    const questions = Array.from(
      { length: 10 },
      (_, n) => `{ all${n}: employees { nodes { department } } }`,
    )
    for (const all of questions) for (let time = 0; time < 2; time += 1) await ask(all)
    // The first one was driven out, the others are still there.
    const again = []
    for (const all of questions.toReversed()) again.push((await ask(all)).again)
    expect(again.slice(0, 9).every(Boolean)).toBe(true)
    expect(again.at(-1)).toBe(false)
  })

  test.each([{ 'cache-control': 'no-cache' }, { pragma: 'no-cache' }, { 'x-pushgraph-plan': '1' }])(
    'is not sent again to a caller with %o',
    async headers => {
      const { ask } = await settled()
      for (let time = 0; time < 3; time += 1)
        expect((await ask(query, { headers })).again).toBe(false)
    },
  )

  test('is not sent again once it is as old as rows may be, and is refreshed then', async () => {
    const kept = await settled()
    await kept.clock.advance(59_999)
    expect((await kept.ask(query)).again).toBe(true)
    await kept.clock.advance(2)
    const stale = await kept.ask(query)
    expect(stale.again).toBe(false)
    // Being asked has begun a refresh.
    await kept.clock.advance(10)
    expect((await kept.ask(query)).text).not.toBe(stale.text)
  })

  test('that is sent again keeps what it rests on in memory', async () => {
    const kept = await keptForTest({ maxBytes: 12_000, maxAgeMs: 3_600_000 })
    const accounts = '{ accounts { totalCount } }'
    for (let time = 0; time < 3; time += 1) await kept.ask(accounts)
    await kept.clock.advance(150_000)
    expect((await kept.ask(accounts)).again).toBe(true)
    await kept.askAnew('{ employees { totalCount } apps { totalCount } }')
    expect(kept.store.connector('default')?.peek('accounts')?.size).toBe(20)

    await kept.clock.advance(150_000)
    await kept.askAnew('{ employees { totalCount } }', { headers: { 'cache-control': 'no-cache' } })
    expect(kept.store.connector('default')?.peek('accounts')).toBeUndefined()
    expect((await kept.ask(accounts)).again).toBe(false)
  })

  test('with an error in it is made anew', async () => {
    const kept = await keptForTest()
    await readAll(kept)
    const broken = '{ employees { totalCount } employee { id } }'
    for (let time = 0; time < 3; time += 1) {
      const { again, text } = await kept.ask(broken)
      expect(again).toBe(false)
      expect(text).toContain('BAD_USER_INPUT')
    }
  })

  test('is made anew where a root field was added of which nobody knows what it reads', async () => {
    const schema = extendSchema(
      createExecutableSchema(resolvers),
      parse('extend type Query { moment: Float! }'),
    )
    let moment = 0
    const field = schema.getQueryType()?.getFields()['moment']
    if (field !== undefined) field.resolve = () => (moment += 1)
    const kept = await keptForTest({ schema })
    await readAll(kept)
    const list = 'employees { totalCount nodes { id } }'
    const timesOf = async (text: string) => {
      const times = []
      for (let time = 0; time < 4; time += 1) times.push(await kept.ask(text))
      return times
    }
    const alone = await timesOf(`{ ${list} }`)
    expect(alone.map(({ again }) => again)).toEqual([false, false, true, true])
    for (const text of [
      `{ ${list} moment }`,
      `{ moment ${list} }`,
      `{ ...Root } fragment Root on Query { ${list} ... { at: moment } }`,
    ]) {
      const beside = await timesOf(text)
      expect(beside.map(({ again }) => again)).toEqual([false, false, false, false])
      expect(new Set(beside.map(answer => answer.text)).size).toBe(4)
      expect(beside[3]?.text).not.toContain('"errors"')
    }
  })
})
