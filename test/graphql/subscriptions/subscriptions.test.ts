import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { parse } from 'graphql'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { CallerLimitError } from '../../../src/errors.ts'
import { openEvents } from '../../../src/events/events.ts'
import { createContext } from '../../../src/graphql/context.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { dataOf } from '../../../src/graphql/operation/answer-text.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import {
  createSubscriptions,
  type SubscriptionOptions,
} from '../../../src/graphql/subscriptions/subscriptions.ts'
import { openRequest } from '../../../src/loaders/open-request.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createRights, type Rights, visibleTo } from '../../../src/model/rights.ts'
import { placeCursor } from '../../../src/query/stored/place-cursor.ts'
import { Work } from '../../../src/work/work.ts'
import type { WorkOptions } from '../../../src/work/work-options.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { delivery, type MadeUp, post, SECRET, LATER } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { graphForTest } from '../../support/graph.ts'
import { serveProduct, type Serving } from '../../support/product.ts'

interface Result {
  readonly data?: { readonly events: { readonly id: string; readonly cursor: string } } | null
  readonly errors?: readonly { message: string; extensions?: { code?: string; cursor?: string } }[]
}

const schema = createExecutableSchema(resolvers)

/** Subscriptions over an event file of their own, without HTTP. */
const hubForTest = async (
  maxWaiting?: number,
  onPage?: () => Promise<void>,
  {
    unread,
    maxAnswerBytes = Infinity,
    newWork,
  }: Pick<SubscriptionOptions, 'unread' | 'newWork'> & WorkOptions = {},
) => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  const { store, standIn } = await graphForTest()
  let opened = 0
  /** For each context the only connector that it has to do with. */
  const madeReady: (string | undefined)[] = []
  const subscriptions = createSubscriptions({
    schema,
    onStored: events.onStored,
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
    ...(unread === undefined ? {} : { unread }),
    ...(newWork === undefined ? {} : { newWork }),
    context: ({ signal, rights, caller = 'all', payer, connector }) => {
      opened += 1
      madeReady.push(connector)
      return createContext(
        openRequest({
          store,
          stored: {
            ...events,
            page: async question => {
              const page = await events.page(question)
              await onPage?.()
              return page
            },
          },
          clock: systemClock,
          id: 'test',
          freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
          maxRequests: 250,
          maxWaitMs: 25_000,
          connectors: visibleTo(rights, store.connectors, connector),
          work: new Work({ caller, payer, maxAnswerBytes, answers: unread, signal }),
        }),
        undefined,
        rights,
      )
    },
  })
  const send = async (made: MadeUp): Promise<void> => {
    const read = readDelivery(delivery(made), LATER)
    if (!read.ok) throw new Error(read.problem)
    await events.append({ ...read.event, connector: 'default', receivedAt: Date.now() / 1_000 })
  }
  const subscribe = async (
    query = 'subscription ($since: String, $filter: EventFilter) { events(since: $since, filter: $filter) { id cursor } }',
    variables: Record<string, unknown> = {},
    left = new AbortController(),
    rights?: Rights,
    caller = 'one',
  ) => {
    const answers = await subscriptions.subscribe(
      { document: parse(query), variables },
      left.signal,
      rights,
      caller,
    )
    if (!(Symbol.asyncIterator in answers)) throw answers.errors?.[0] ?? new Error('no stream')
    onTestFinished(async () => {
      await answers.return?.()
    })
    return answers as AsyncIterableIterator<Result>
  }
  return { subscribe, send, subscriptions, store, standIn, opened: () => opened, madeReady }
}

const take = async (answers: AsyncIterator<Result>, count: number): Promise<Result[]> => {
  const taken: Result[] = []
  while (taken.length < count) {
    const { value, done } = await answers.next()
    if (done === true) break
    taken.push({
      ...value,
      data: (dataOf(value.data) ?? null) as NonNullable<Result['data']> | null,
    })
  }
  return taken
}

const idsOf = (results: readonly Result[]) => results.map(({ data }) => data?.events.id)

describe('a subscription', () => {
  it('tells each who asks the same what that caller may know', async () => {
    const { subscribe, send } = await hubForTest()
    const query = 'subscription { events { id email payload ... on LoginEvent { userAgent } } }'
    const open = await subscribe(query)
    const closed = await subscribe(query, {}, undefined, createRights('b', ['read', 'events']))
    await send({ id: 'a', new: { email: 'ann@x.example', appType: 'SLACK' } })
    const [[seen], [told]] = await Promise.all([take(open, 1), take(closed, 1)])
    expect(JSON.stringify(seen?.data)).toContain('"email":"ann@x.example","payload"')
    expect(JSON.stringify(told?.data)).toContain('"appType":"SLACK"')
    expect(JSON.stringify(told)).not.toContain('x.example')
  })

  it('gives what arrives, once each, as far as it passes the filter', async () => {
    const { subscribe, send } = await hubForTest()
    await send({ id: 'before' })
    const all = await subscribe()
    const some = await subscribe(undefined, {
      filter: { object: { eq: 'login' }, email: { endsWith: '.com' } },
    })
    await send({ id: 'a' })
    await send({ id: 'b', new: { email: 'X@EXAMPLE.COM' } })
    await send({ id: 'b', new: { email: 'again@example.com' } })
    await send({ id: 'c', object: 'OTHER' })
    expect(idsOf(await take(all, 3))).toEqual(['a', 'b', 'c'])
    expect(idsOf(await take(some, 1))).toEqual(['b'])
  })

  it('reads what its filter says as it begins, and not for each event', async () => {
    const { subscribe, send } = await hubForTest()
    let read = 0
    const filter = {
      get object() {
        read += 1
        return { eq: 'LOGIN' }
      },
    }
    const answers = await subscribe(undefined, { filter })
    const readAtFirst = read
    await send({ id: 'a' })
    await send({ id: 'b', object: 'ACCOUNT' })
    await send({ id: 'c' })
    expect(idsOf(await take(answers, 2))).toEqual(['a', 'c'])
    expect(read).toBe(readAtFirst)
  })

  it('gives each caller what it may see, though others ask the same', async () => {
    const { subscribe, send, subscriptions } = await hubForTest()
    const seeing = (...aliases: readonly string[]) =>
      subscribe(undefined, {}, undefined, createRights('one', ['read', 'events'], aliases))
    const [all, none] = [await seeing('default'), await seeing('other')]
    expect(subscriptions.counts().channels).toBe(2)
    await seeing('default', 'default')
    expect(subscriptions.counts()).toMatchObject({ open: 3, channels: 2 })
    await send({ id: 'a' })
    await send({ id: 'b' })
    expect(idsOf(await take(all, 2))).toEqual(['a', 'b'])
    await none.return?.()
    expect(await none.next()).toEqual({ done: true, value: undefined })
  })

  it('makes nothing ready for an event but what is of its connector, be it stored or new', async () => {
    const { subscribe, send, madeReady } = await hubForTest()
    await send({ id: 'stored' })
    const answers = await subscribe(undefined, { since: '2000-01-01T00:00:00Z' })
    const begun = madeReady.length
    const [stored] = await take(answers, 1)
    expect(stored?.data?.events.id).toBe('stored')
    expect(madeReady.slice(begun)).toContain('default')
    // What is replayed is asked of all of them once.
    const next = take(answers, 1)
    await send({ id: 'new' })
    await next
    const replayed = madeReady.length
    await send({ id: 'newer' })
    await take(answers, 1)
    expect(madeReady.slice(replayed)).toEqual(['default'])
  })

  it('ends when its caller leaves, whether it waits, replays or was never read', async () => {
    const { subscribe, send, subscriptions, opened } = await hubForTest()
    for (const id of ['a', 'b', 'c']) await send({ id })
    const left = new AbortController()
    const waiting = await subscribe(undefined, {}, left)
    const next = waiting.next()
    const replaying = await subscribe(undefined, { since: '2000-01-01' }, left)
    expect(idsOf(await take(replaying, 1))).toEqual(['a'])
    await subscribe(undefined, {}, left)
    expect(subscriptions.counts().open).toBe(3)
    left.abort()
    expect((await next).done).toBe(true)
    expect((await replaying.next()).done).toBe(true)
    await expect.poll(() => subscriptions.counts()).toMatchObject({ open: 0, channels: 0 })
    const before = opened()
    await send({ id: 'd' })
    expect(opened()).toBe(before)
  })

  it('does not begin where its caller has left before', async () => {
    const { subscribe, subscriptions } = await hubForTest()
    const left = new AbortController()
    left.abort()
    await expect(subscribe(undefined, {}, left)).rejects.toThrow('its caller left')
    expect(subscriptions.counts()).toMatchObject({ open: 0, channels: 0 })
  })

  it('follows an app by its type where an event has no id of it', async () => {
    const { subscribe, send, standIn } = await hubForTest()
    const [app, other] = standIn.data.apps
    const some = await subscribe(undefined, { filter: { app: { type: { eq: app?.type } } } })
    await send({ id: 'another', new: { appType: other?.type } })
    await send({ id: 'by type', new: { appType: app?.type } })
    await send({ id: 'by id', new: { appId: app?.id, appType: 'ODD' } })
    expect(idsOf(await take(some, 2))).toEqual(['by type', 'by id'])
  })

  it('misses nothing that is stored right after the last page was read', async () => {
    let late: (() => Promise<void>) | undefined
    const hub = await hubForTest(undefined, async () => {
      const store = late
      late = undefined
      await store?.()
    })
    await hub.send({ id: 'old' })
    const answers = await hub.subscribe(undefined, { since: '2020-01-01T00:00:00Z' })
    late = () => hub.send({ id: 'between' })
    expect(idsOf(await take(answers, 2))).toEqual(['old', 'between'])
    await hub.send({ id: 'new' })
    expect(idsOf(await take(answers, 1))).toEqual(['new'])
  })

  it('replays nothing of a connector that has gone since its events were read', async () => {
    let late: (() => void) | undefined
    const hub = await hubForTest(undefined, () => {
      late?.()
      return Promise.resolve()
    })
    await hub.send({ id: 'old' })
    const answers = await hub.subscribe(undefined, { since: '2020-01-01T00:00:00Z' })
    const gone = new Promise<void>(resolve => {
      late = () => {
        hub.store.serve([])
        resolve()
      }
    })
    const next = answers.next()
    await gone
    await hub.send({ id: 'new' })
    await expect.poll(() => hub.subscriptions.counts().evaluated).toBe(1)
    hub.subscriptions.close()
    expect(await next).toMatchObject({ done: true })
  })

  it('is counted as open until it ends, which it does but once', async () => {
    const { subscribe, subscriptions } = await hubForTest()
    const [one, other] = [await subscribe(), await subscribe()]
    expect(subscriptions.counts().open).toBe(2)
    await one.return?.()
    await one.return?.()
    expect(subscriptions.counts()).toMatchObject({ open: 1, channels: 1 })
    const next = other.next()
    await other.return?.()
    expect(await next).toMatchObject({ done: true })
    expect(subscriptions.counts()).toMatchObject({ open: 0, channels: 0 })
  })

  it('goes on after a cursor without a gap or a repeat, while more arrives', async () => {
    const { subscribe, send } = await hubForTest()
    for (let index = 0; index < 450; index++) await send({ id: `old ${index}` })
    const first = await subscribe(undefined, { since: '2020-01-01T00:00:00Z' })
    const [head] = (await take(first, 10)).slice(-1)
    const sending = (async () => {
      for (let index = 0; index < 450; index++) await send({ id: `new ${index}` })
    })()
    const second = await subscribe(undefined, { since: head?.data?.events.cursor })
    const ids = idsOf(await take(second, 890))
    await sending
    expect(ids).toEqual([
      ...Array.from({ length: 440 }, (_, index) => `old ${index + 10}`),
      ...Array.from({ length: 450 }, (_, index) => `new ${index}`),
    ])
    expect(idsOf(await take(first, 890))).toEqual(ids)
  })

  it('looks behind links', async () => {
    const { subscribe, send, store } = await hubForTest()
    const table = store.connector('default')?.table('employees')
    expect(table).toBeDefined()
    const stream = await subscribe(
      'subscription { events(filter: {employee: {email: {contains: "@"}}}) { id employee { email } } }',
    )
    await send({ id: 'nobody', new: { employeeId: 'nobody' } })
    await send({ id: 'login', new: { employeeId: (await employeeOf(store)) ?? '' } })
    expect(await take(stream, 1)).toMatchObject([
      {
        data: {
          events: { id: 'login', employee: { email: expect.stringContaining('@') as string } },
        },
      },
    ])
  })

  it('of the same question is answered once for all who ask it', async () => {
    const { subscribe, send, opened } = await hubForTest()
    const streams = await Promise.all(Array.from({ length: 50 }, () => subscribe()))
    const before = opened()
    for (let index = 0; index < 10; index++) await send({ id: String(index) })
    for (const stream of streams) expect(await take(stream, 10)).toHaveLength(10)
    expect(opened() - before).toBe(10)
  })

  it('cuts off a reader who is too slow, with the place to go on from', async () => {
    const { subscribe, send } = await hubForTest(5)
    const stalled = await subscribe()
    const quick = await subscribe()
    const taken = take(quick, 20)
    for (let index = 0; index < 20; index++) await send({ id: String(index) })
    expect(await taken).toHaveLength(20)
    const rest = await take(stalled, 100)
    expect(idsOf(rest.slice(0, -1))).toEqual(['0', '1', '2', '3', '4'])
    const [last] = rest.slice(-1)
    expect(last?.errors).toMatchObject([{ extensions: {} }])
    const fields = (
      last?.errors?.[0] as { originalError?: { code: string; fields: { cursor: string } } }
    ).originalError
    expect(fields?.code).toBe('TOO_SLOW')
    const again = await subscribe(undefined, { since: fields?.fields.cursor })
    expect(idsOf(await take(again, 15))).toEqual(
      Array.from({ length: 15 }, (_, index) => String(index + 5)),
    )
  })

  /** What callers leave unread, at most so many bytes each. */
  const unreadForTest = (most: number) => {
    const held = new Map<string, number>()
    const heldBy = (caller: string): number => held.get(caller) ?? 0
    return {
      heldBy,
      take: (caller: string, bytes: number) => {
        if (heldBy(caller) + bytes > most)
          return new CallerLimitError('too many', { limit: 'some', max: most, retryAfterMs: 1 })
        held.set(caller, heldBy(caller) + bytes)
        return undefined
      },
      give: (caller: string, bytes: number) => {
        held.set(caller, heldBy(caller) - bytes)
      },
    }
  }
  const long = (name: string) => ({ id: name, new: { text: 'x'.repeat(100_000) } })
  const withPayload = 'subscription { events { id payload cursor } }'

  it('cuts off a reader for whom too many bytes wait, and holds none of them once they are taken', async () => {
    const unread = unreadForTest(250_000)
    const { subscribe, send, subscriptions } = await hubForTest(undefined, undefined, { unread })
    const stalled = await subscribe(withPayload)
    for (const id of ['a', 'b']) await send(long(id))
    await expect.poll(() => subscriptions.counts().evaluated).toBe(2)
    await expect.poll(() => unread.heldBy('one')).toBeGreaterThan(200_000)
    await send(long('c'))
    await expect.poll(() => subscriptions.counts().cutOff).toBe(1)
    const all = await take(stalled, 100)
    expect(idsOf(all.slice(0, -1))).toEqual(['a', 'b'])
    expect(all.at(-1)?.errors).toMatchObject([{ originalError: { code: 'TOO_SLOW' } }])
    expect(unread.heldBy('one')).toBe(0)
  })

  it('makes answers among those of whoever asked, and takes nothing from others who ask the same', async () => {
    const unread = unreadForTest(250_000)
    const { subscribe, send, subscriptions } = await hubForTest(undefined, undefined, { unread })
    const of = (caller: string) => subscribe(withPayload, {}, undefined, undefined, caller)
    const [, other] = [await of('full'), await of('other')]
    const alone = await subscribe(
      'subscription { events { payload id cursor } }',
      {},
      undefined,
      undefined,
      'full',
    )
    unread.take('full', 249_000)
    await send(long('a'))
    // What is made for all of them is one of `other`; what `full` alone follows is more than it may have.
    expect(idsOf(await take(other, 1))).toEqual(['a'])
    const [last] = await take(alone, 1)
    expect(last?.errors).toMatchObject([{ originalError: { code: 'TOO_SLOW' } }])
    await expect.poll(() => subscriptions.counts().cutOff).toBe(2)
    expect([unread.heldBy('full'), unread.heldBy('other')]).toEqual([249_000, 0])
    unread.give('full', 249_000)
    const again = await subscribe(withPayload, {}, undefined, undefined, 'full')
    await send(long('b'))
    expect(idsOf(await take(again, 1))).toEqual(['b'])
    expect(idsOf(await take(other, 1))).toEqual(['b'])
  })

  it('ends a replay before the event whose answer is too much, with the cursor to go on from', async () => {
    const unread = unreadForTest(250_000)
    const { subscribe, send } = await hubForTest(undefined, undefined, { unread })
    await send({ id: 'a' })
    await send(long('b'))
    await send({ id: 'c' })
    const after = (since: string) =>
      subscribe('subscription ($since: String) { events(since: $since) { id payload cursor } }', {
        since,
      })
    unread.take('one', 249_000)
    const [first, last] = await take(await after('2020-01-01T00:00:00Z'), 3)
    expect(first?.data?.events.id).toBe('a')
    expect(last?.errors).toMatchObject([
      { originalError: { code: 'TOO_SLOW', fields: { cursor: first?.data?.events.cursor } } },
    ])
    unread.give('one', 249_000)
    const rest = await take(await after(first?.data?.events.cursor ?? ''), 2)
    expect(idsOf(rest)).toEqual(['b', 'c'])
  })

  it('holds nothing for a reader who leaves', async () => {
    const unread = unreadForTest(250_000)
    const { subscribe, send } = await hubForTest(undefined, undefined, { unread })
    const left = await subscribe(withPayload)
    await send(long('a'))
    await expect.poll(() => unread.heldBy('one')).toBeGreaterThan(100_000)
    await left.return?.()
    expect(unread.heldBy('one')).toBe(0)
  })

  it('tells of an event whose answer would be too long by an error, and goes on', async () => {
    const { subscribe, send } = await hubForTest(undefined, undefined, { maxAnswerBytes: 50_000 })
    const stream = await subscribe(withPayload)
    await send(long('a'))
    await send({ id: 'b' })
    const [tooLong, next] = await take(stream, 2)
    expect(tooLong).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'BUDGET_EXCEEDED', limit: 'PUSHGRAPH_MAX_ANSWER_MB' } }],
    })
    expect(next?.data?.events.id).toBe('b')
  })

  it('begins in turns: before what is asked is read, and before its filter is', async () => {
    let waited = 0
    const { subscribe } = await hubForTest(undefined, undefined, {
      newWork: () => {
        const work = new Work()
        work.isOver = () => true
        const next = work.next.bind(work)
        work.next = isLast => {
          waited += 1
          return next(isLast)
        }
        return work
      },
    })
    await subscribe()
    expect(waited).toBe(2)
  })

  it('refuses what cannot be asked, before it begins', async () => {
    const { subscribe } = await hubForTest()
    const other = placeCursor('events', { store: 'another', sequence: 1, receivedAt: 1 })
    await expect(subscribe(undefined, { since: other })).rejects.toThrow(/begun anew/)
    await expect(subscribe(undefined, { since: 'nonsense' })).rejects.toThrow(/cursor of an event/)
    await expect(subscribe(undefined, { filter: { object: null } })).rejects.toThrow(/is null/)
  })

  it('ends when its reader leaves, and when all are closed', async () => {
    const { subscribe, subscriptions } = await hubForTest()
    const left = await subscribe()
    const waiting = left.next()
    await left.return?.()
    expect(await waiting).toMatchObject({ done: true })
    const closed = await subscribe()
    const pending = closed.next()
    subscriptions.close()
    expect(await pending).toMatchObject({ done: true })
  })
})

/** The id of some employee, read from Push. */
const employeeOf = async (store: Awaited<ReturnType<typeof graphForTest>>['store']) => {
  const connector = store.connector('default')
  const scan = connector?.scan('employees', 0)
  await scan?.until(
    () => false,
    { owner: 'test', priority: 'interactive', deadline: Date.now() + 10_000 },
    true,
  )
  return connector?.table('employees').values().toArray()[0]?.id
}

const serve = (dataDirectory: string): Promise<Serving> =>
  serveProduct({
    environment: {
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: dataDirectory,
      LOG_LEVEL: 'warn',
    },
  })

const serveForTest = async (): Promise<Serving> => {
  const server = await serve(directoryForTest())
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  return server
}

describe('over HTTP', () => {
  const query = 'subscription { events(since: "2020-01-01T00:00:00Z") { id } }'
  const clients = [
    [
      'graphql-transport-ws',
      (url: string) => {
        const client = createSocketClient({
          url: `${url.replace('http', 'ws')}/graphql`,
          webSocketImpl: WebSocket,
        })
        return { iterate: () => client.iterate({ query }), close: () => client.dispose() }
      },
    ],
    [
      'server-sent events',
      (url: string) => {
        // Whoever tries again meets nobody there, for half a minute.
        const client = createSseClient({ url: `${url}/graphql`, retryAttempts: 0 })
        return {
          iterate: () => client.iterate({ query }),
          close: () => {
            client.dispose()
          },
        }
      },
    ],
  ] as const

  it.each(clients)(
    '%s replays, goes on live, and ends when the server stops',
    async (_, create) => {
      const server = await serveForTest()
      const { url } = server
      await post(url, delivery({ id: 'stored' }))
      const client = create(url)
      const stream = client.iterate() as AsyncIterableIterator<Result>
      expect(idsOf(await take(stream, 1))).toEqual(['stored'])
      const id = randomUUID()
      const next = take(stream, 1)
      await post(url, delivery({ id }))
      expect(idsOf(await next)).toEqual([id])
      const last = stream.next().then(
        ({ done }) => done,
        () => true,
      )
      server.kill('SIGTERM')
      expect(await server.ended).toMatchObject({ exitCode: 0 })
      expect(await last).toBe(true)
      await client.close()
    },
  )
})

describe('over HTTP, what cannot be had', () => {
  let url = ''
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
    const server = await serve(directory)
    url = server.url
    return async () => {
      server.kill('SIGTERM')
      await server.ended
      rmSync(directory, { recursive: true, force: true })
    }
  })

  it.each([
    ['a variable of a wrong word', { category: { eq: 'NOPE' } }],
    ['a variable of a wrong type', { object: { eq: 5 } }],
    ['a moment that is none', { occurredAt: { gt: 'yesterday' } }],
    ['null where no null may be', { and: [null] }],
  ])('says what the caller got wrong, not that there is a bug: %s', async (_, filter) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: 'subscription ($filter: EventFilter) { events(filter: $filter) { id } }',
        variables: { filter },
      }),
    })
    const text = await response.text()
    expect(text).toContain('"code":"BAD_USER_INPUT"')
    expect(text).toMatch(/Variable .*\$filter/)
  })

  it('a mutation is refused as what this graph has none of, over a stream or not', async () => {
    const ask = async (accept: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: 'mutation { updateApp(id: 1) { id } }' }),
      })
      return { status: response.status, text: await response.text() }
    }
    const refusal = /This graph has no mutation operations.*GRAPHQL_VALIDATION_FAILED/
    expect(await ask('application/json')).toEqual({
      status: 400,
      text: expect.stringMatching(refusal),
    })
    expect((await ask('text/event-stream')).text).toMatch(refusal)
  })

  it('a page of another site opens no WebSocket', async () => {
    const open = (origin: string) =>
      new Promise<number>(resolve => {
        const socket = new WebSocket(
          `${url.replace('http', 'ws')}/graphql`,
          'graphql-transport-ws',
          { origin },
        )
        socket.once('open', () => {
          resolve(101)
          socket.close()
        })
        socket.once('unexpected-response', (_request, { statusCode }) => {
          resolve(statusCode ?? 0)
        })
        socket.once('error', () => undefined)
      })
    expect(await open('https://evil.example')).toBe(403)
    expect(await open(url)).toBe(101)
  })
})
