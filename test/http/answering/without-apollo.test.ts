import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectAnnouncer } from '../../support/expect-continue.ts'
import { type Kept, type KeptOptions, startKept } from '../../support/kept-answers.ts'
import { runsOr } from '../../support/runs.ts'

const keptForTest = async (options?: KeptOptions): Promise<Kept> => {
  const kept = await startKept(options)
  onTestFinished(kept.stop)
  await readAll(kept)
  return kept
}

/** Reads every collection whole that the questions rest on. */
const readAll = async ({ askAnew }: Kept): Promise<void> => {
  await askAnew('{ employees { totalCount } accounts { totalCount } apps { totalCount } }')
}

const LIST = `query List($n: Int, $after: String, $inner: Int = 1) {
  employees(first: $n, after: $after) { nodes { id department accounts(first: $inner) { nodes { id } } } }
}`

/** The same with the document known: twice it came through Apollo, as it did on the other server. */
const settled = async (options?: KeptOptions): Promise<Kept> => {
  const kept = await keptForTest(options)
  for (const n of [1, 2]) await kept.askAnew(LIST, { variables: { n } })
  for (const n of [1, 2])
    expect(await kept.ask(LIST, { variables: { n } })).toMatchObject({ direct: false })
  expect(await kept.ask(LIST, { variables: { n: 3 } })).toMatchObject({ direct: true })
  return kept
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly path?: string
}

/** What came back, but for what each answer has of its own. */
const send = async (url: string, { method = 'POST', headers = {}, body, path = '' }: Sent) => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const changing = ['date', 'x-request-id']
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !changing.includes(name))),
    text: await response.text(),
  }
}

describe('an operation that came through Apollo before', () => {
  test('is answered without it from the third time on, as Apollo would', async () => {
    const kept = await keptForTest()
    for (const n of [1, 2, 3, 4]) {
      const sent = { body: { query: LIST, variables: { n } } }
      const before = kept.counted.direct
      const answer = await send(kept.url, sent)
      expect(kept.counted.direct - before).toBe(n < 3 ? 0 : 1)
      expect(answer).toEqual(await send(kept.plainUrl, sent))
      expect(answer.headers).toMatchObject({
        'cache-control': 'private, max-age=60',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  test('is counted and logged as any other', async () => {
    const kept = await settled()
    const { byStore, byResult, begun } = structuredClone(kept.counted)
    expect((await kept.ask(LIST, { variables: { n: 4 } })).direct).toBe(true)
    expect(kept.counted.byStore).toBe(byStore + 1)
    expect(kept.counted.begun).toBe(begun + 1)
    expect(kept.counted.byResult['query ok']).toBe((byResult['query ok'] ?? 0) + 1)
    const names = () =>
      kept.lines.filter(({ msg }) => msg === 'request').map(({ operationName }) => operationName)
    await expect.poll(names).toEqual(Array(4).fill('List'))
  })

  test('has an answer that is sent again, if it is asked again in the same words', async () => {
    const { ask } = await settled()
    const asked = { variables: { n: 5 } }
    expect(await ask(LIST, asked)).toMatchObject({ direct: true, again: false })
    expect(await ask(LIST, asked)).toMatchObject({ direct: true, again: false })
    expect(await ask(LIST, asked)).toMatchObject({ direct: false, again: true })
  })

  test('is one of several of its document, by its name', async () => {
    const kept = await keptForTest()
    const query = 'query A { apps { totalCount } } query B { employees { totalCount } }'
    let times = 0
    const answers = async (operationName?: unknown) => {
      times += 1
      const sent = { body: { query, operationName, variables: { times } } }
      const answer = await send(kept.url, sent)
      expect(answer).toEqual(await send(kept.plainUrl, sent))
      return answer.text
    }
    for (let time = 0; time < 2; time += 1) {
      expect(await answers('A')).toContain('"apps"')
      expect(await answers('B')).toContain('"employees"')
    }
    const { direct } = kept.counted
    expect(await answers('A')).toContain('"apps"')
    expect(await answers('B')).toContain('"employees"')
    expect(kept.counted.direct).toBe(direct + 2)
    // A name is no part of the text, whatever stands in it.
    const [first = '', ...rest] = LIST.split('\n')
    const torn = { body: { operationName: first, query: rest.join('\n') } }
    for (let time = 0; time < 3; time += 1) await kept.ask(LIST, { variables: { time } })
    expect(await send(kept.url, torn)).toEqual(await send(kept.plainUrl, torn))
    expect(kept.counted.direct).toBe(direct + 3)

    for (const name of [undefined, null, '', 'C', 1])
      expect(await answers(name)).toContain('"errors"')
    expect(kept.counted.direct).toBe(direct + 3)
  })

  test('may come with what its caller says of itself', async () => {
    const kept = await settled()
    const { direct } = kept.counted
    const sent = {
      body: { query: LIST, variables: { n: 4 }, extensions: { clientLibrary: { name: 'x' } } },
    }
    expect(await send(kept.url, sent)).toEqual(await send(kept.plainUrl, sent))
    expect(kept.counted.direct).toBe(direct + 1)
  })

  test.each([
    ['Straße', 10],
    ['street', 10],
    ['法務 😀', 10],
    ['法務 😀 Straße', 5_000],
  ])('is answered whole, in whatever letters: %s (%d times)', async (letters, times) => {
    const kept = await startKept()
    onTestFinished(kept.stop)
    for (const row of kept.upstream.employees)
      Object.assign(row, { department: `${letters} `.repeat(times) })
    await readAll(kept)
    for (const n of [1, 2, 3]) {
      const answer = await kept.ask(LIST, { variables: { n } })
      expect(answer.direct).toBe(n === 3)
      expect(answer.text).toContain(letters)
      expect(answer.text).toBe((await kept.askAnew(LIST, { variables: { n } })).text)
    }
  })

  test('is answered in the type that its caller accepts', async () => {
    const kept = await settled()
    const typeOf = async (accept: string, n: number) => {
      const sent = { headers: { accept }, body: { query: LIST, variables: { n } } }
      const answer = await send(kept.url, sent)
      expect(answer).toEqual(await send(kept.plainUrl, sent))
      return answer.headers['content-type']
    }
    const before = kept.counted.direct
    for (const n of [3, 4, 5]) {
      expect(await typeOf('application/graphql-response+json', n)).toMatch(/graphql-response/)
      expect(await typeOf('application/json', n)).toMatch(/^application\/json/)
      expect(await typeOf('image/png', n)).not.toBeUndefined()
      expect(
        (await send(kept.url, { headers: { accept: 'image/png' }, body: { query: LIST } })).status,
      ).toBe(406)
    }
    // Each of the two types is Apollo's to say the first time.
    expect(kept.counted.direct).toBe(before + 4)
  })

  test.each<readonly [string, Sent]>([
    ['wrong variables', { body: { query: LIST, variables: { n: 'x' } } }],
    ['variables that are no object', { body: { query: LIST, variables: [1] } }],
    ['variables as text', { body: { query: LIST, variables: '{}' } }],
    ['arguments that cannot be used', { body: { query: LIST, variables: { n: 0 } } }],
    ['a cursor of something else', { body: { query: LIST, variables: { n: 1, after: 'x' } } }],
    ['extensions that are none', { body: { query: LIST, variables: { n: 1 }, extensions: [] } }],
    ['variables that are a number', { body: { query: LIST, variables: 5 } }],
    ['nothing', { body: {} }],
    ['more than is allowed', { body: { query: LIST, variables: { n: 1_000, inner: 1_000 } } }],
    ['a hash', { body: { query: LIST, extensions: { persistedQuery: { version: 1 } } } }],
    ['the plan', { headers: { 'x-pushgraph-plan': '1' }, body: { query: LIST } }],
    ['only the plan', { headers: { 'x-pushgraph-plan': 'only' }, body: { query: LIST } }],
    ['several at once', { body: [{ query: LIST }] }],
    ['its query as something else', { body: { query: { LIST } } }],
    ['it by GET', { method: 'GET', path: `?query=${encodeURIComponent(LIST)}` }],
    ['a plain text', { headers: { 'content-type': 'text/plain' }, body: { query: LIST } }],
  ])('is Apollo’s where a caller asks for %s', async (_what, sent) => {
    const kept = await settled()
    await kept.clock.advance(1_000)
    const sentTo = async (url: string) => {
      const before = kept.counted.begun
      const answer = await send(url, sent)
      return { ...answer, begun: kept.counted.begun - before }
    }
    const { direct } = kept.counted
    const answer = await sentTo(kept.url)
    expect(kept.counted.direct).toBe(direct)
    // What began before Apollo had its turn went on there.
    expect(answer).toEqual(await sentTo(kept.plainUrl))
  })

  test('is not answered to a caller who is not let in', async () => {
    const kept = await settled()
    kept.admit = false
    const { direct, text } = await kept.ask(LIST, { variables: { n: 4 } })
    expect(direct).toBe(false)
    expect(kept.counted.refused).toBe(1)
    expect(text).toContain('"errors"')
    expect(text).not.toContain('"data":{')
  })

  test('is read anew where what it rests on is too old', async () => {
    const kept = await settled({ refresh: false })
    await kept.clock.advance(61_000)
    const { begun } = kept.counted
    expect(await kept.ask(LIST, { variables: { n: 4 } })).toMatchObject({ direct: false })
    expect(kept.counted.begun).toBe(begun + 1)
    await kept.clock.advance(1_000)
    const fresh = { variables: { n: 5 }, headers: { 'cache-control': 'no-cache' } }
    const { direct, text } = await kept.ask(LIST, fresh)
    expect(direct).toBe(false)
    expect(text).toMatch(/"requests":[1-9]/)
    expect((await kept.ask(LIST, { variables: { n: 6 } })).direct).toBe(true)
  })

  test('tells a caller to leave where the server stops meanwhile', async () => {
    const kept = await settled()
    const {
      announce,
      send: sendBody,
      told,
      closed,
    } = await connectAnnouncer(kept.url, JSON.stringify({ query: LIST, variables: { n: 6 } }))
    await announce()
    const { direct } = kept.counted
    const stopped = kept.stopKeeping()
    sendBody()
    await closed
    expect(told()).toContain('200 OK')
    expect(told().toLowerCase()).toContain('connection: close')
    expect(kept.counted.direct).toBe(direct + 1)
    await stopped
  })
})

const questions = [
  LIST,
  'query ($n: Int, $f: AccountFilter) { accounts(first: $n, filter: $f) { totalCount nodes { id employee { id } app { id } } } }',
  'query ($id: ID!) { account(id: $id) { id app { id } employee { id department } } }',
  'query ($n: Int) { accounts(last: $n) { edges { cursor node { id } } } apps { groups(by: [TYPE], first: $n) { keys count } } }',
]

describe('whatever is asked', () => {
  test('the answer is the one that Apollo gives', { timeout: 600_000 }, async () => {
    let direct = 0
    const asked = fc.record({
      query: fc.constantFrom(...questions),
      variables: fc.record(
        {
          n: fc.constantFrom<unknown>(...[-1, 0, 1, 2, 5, 20, 1_001, 'x', null]),
          id: fc.constantFrom<unknown>('a1', 'a7', 'nobody', '', 7, null),
          f: fc.constantFrom<unknown>(
            null,
            {},
            { app: { name: { contains: 'a' } } },
            { appType: { eq: 'SLACK' } },
            { lastUsedAt: { within: 'PT10M' } },
            { nothing: 1 },
          ),
          after: fc.constantFrom<unknown>(null, 'x'),
        },
        { requiredKeys: [] },
      ),
      passes: fc.constantFrom(0, 0, 0, 20_000, 50_000),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 20, maxLength: 40 }), async run => {
        // What is refreshed in the background is newer when the other server is asked.
        const kept = await startKept({ refresh: false })
        try {
          await readAll(kept)
          for (const { query, variables, passes } of run) {
            await kept.clock.advance(passes)
            const answer = await kept.ask(query, { variables })
            if (!answer.direct) continue
            direct += 1
            const plain = await kept.askAnew(query, { variables })
            expect([answer.status, answer.text]).toEqual([plain.status, plain.text])
            expect(answer.headers.get('cache-control')).toBe(plain.headers.get('cache-control'))
          }
        } finally {
          await kept.stop()
        }
      }),
      { numRuns: runsOr(40) },
    )
    expect(direct).toBeGreaterThan(60)
  })
})
