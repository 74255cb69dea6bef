/** Who is let in, at each entrance: by HTTP, over a stream, over a WebSocket. */
import { once } from 'node:events'
import type { ExecutionResult } from 'graphql'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import type { Metering } from '../../../src/http/apollo/metering.ts'
import { FAILED_ATTEMPT } from '../../../src/http/admission/admission.ts'
import type { Subscriptions } from '../../../src/graphql/subscriptions/subscriptions.ts'
import type { Rights } from '../../../src/model/rights.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createDoor } from '../../support/door.ts'
import { authenticationOf, bearer, tokenOf } from '../../support/tokens.ts'
import { startToy, type ToyContext } from '../../support/toy-server.ts'
import type { ServerOptions } from '../../../src/http/server.ts'

const metering: Metering = {
  operation: () => undefined,
  delivery: () => undefined,
  render: async () => ({ contentType: 'text/plain', text: 'figures' }),
}

/** A toy that asks callers who they are, with subscriptions that never end by themselves. */
const toyForTest = async (changes: Partial<ServerOptions<ToyContext>> = {}) => {
  const tokens = [
    tokenOf('ann'),
    tokenOf('bob', { connectors: ['acme'] }),
    tokenOf('prometheus', { scopes: ['metrics'] }),
  ]
  const authentication = authenticationOf(tokens)
  const subscribed: (Rights | undefined)[] = []
  let open = 0
  const subscriptions: Subscriptions = {
    subscribe: async (_, signal, rights) => {
      subscribed.push(rights)
      open += 1
      const { promise, resolve } = Promise.withResolvers<IteratorResult<ExecutionResult>>()
      const end = (): void => resolve({ done: true, value: undefined })
      signal.addEventListener('abort', () => {
        open -= 1
        end()
      })
      const stream: AsyncIterableIterator<ExecutionResult> = {
        next: () => promise,
        return: async () => {
          end()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]: () => stream,
      }
      return stream
    },
    counts: () => ({ open, channels: 0, evaluated: 0, cutOff: 0 }),
    close: () => undefined,
  }
  const toy = await startToy({
    authentication,
    subscriptions,
    metering,
    health: ({ connectors }) => [`it fails for ${[...(connectors ?? ['all'])].join()}`],
    ...changes,
  })
  onTestFinished(() => toy.server.stop(0))
  const ask = (headers: Readonly<Record<string, string>> = {}, query = '{ hello }') =>
    fetch(`${toy.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    })
  return { ...toy, ask, authentication, tokens, subscribed, open: () => open }
}

const hello = { data: { hello: 'Hello you' } }
const refused = {
  errors: [
    { message: expect.stringContaining('Bearer TOKEN'), extensions: { code: 'UNAUTHENTICATED' } },
  ],
}

describe('over HTTP', () => {
  it('who shows a token is let in, by GET and POST, and logged by its name alone', async () => {
    const { ask, url, lines } = await toyForTest()
    for (let n = 0; n < 3; n += 1) {
      const posted = await ask(bearer('ann'))
      expect([posted.status, await posted.json()]).toEqual([200, hello])
    }
    const got = await fetch(`${url}/graphql?query={hello}`, {
      headers: { ...bearer('bob'), 'apollo-require-preflight': 'true' },
    })
    expect([got.status, await got.json()]).toEqual([200, hello])
    await expect
      .poll(() => lines.filter(({ msg }) => msg === 'request').map(({ caller }) => caller))
      .toEqual(['ann', 'ann', 'ann', 'bob'])
    expect(JSON.stringify(lines)).not.toContain('secret-of')
  })

  test.each<[who: string, headers: Readonly<Record<string, string>>, query: string]>([
    ['nothing', {}, ''],
    ['a token of nobody', bearer('eve'), ''],
    ['what is no token', { authorization: 'Basic YW5uOmFubg==' }, ''],
    ['a token in the address', {}, '?access_token=secret-of-ann&token=secret-of-ann'],
  ])('who shows %s is refused before its body is read', async (_, headers, query) => {
    const { url, lines } = await toyForTest()
    const texts = await Promise.all(
      ['{"query":', '{"query":"{ hello }"}'].map(async body => {
        const answer = await fetch(`${url}/graphql${query}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        })
        expect(answer.status).toBe(401)
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
        return answer.json()
      }),
    )
    expect(texts).toEqual([refused, refused])
    await expect.poll(() => lines.filter(({ msg }) => msg === 'request')).toHaveLength(2)
    expect(JSON.stringify(lines)).not.toContain('secret-of')
  })

  it('callers of other rights are given no answers that were kept for others', async () => {
    let made = 0
    const { ask } = await toyForTest({
      validityOf: () => ({ isStillValid: () => true, givenAgain: () => undefined }),
      context: request => {
        made += 1
        return { request: { ...request, id: `${request.rights?.name} ${made}` } }
      },
    })
    const answers: unknown[] = []
    const query = '{ whatWasAsked { id } }'
    for (const name of ['ann', 'ann', 'ann', 'bob', 'ann', 'prometheus'])
      answers.push(await (await ask(bearer(name), query)).json())
    const askedBy = answers.map(
      answer =>
        (answer as { data: { whatWasAsked: { id: string } } }).data.whatWasAsked.id.split(' ')[0],
    )
    expect(askedBy).toEqual(['ann', 'ann', 'ann', 'bob', 'ann', 'prometheus'])
    expect((await ask({}, query)).status).toBe(401)
    expect((await ask(bearer('eve'), query)).status).toBe(401)
  })

  it('everything else is refused as well, but for the pages, health and webhooks', async () => {
    const { url } = await toyForTest()
    const status = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
      (await fetch(url + path, { headers, redirect: 'manual' })).status
    const paths = ['/', '/graphiql', '/livez', '/readyz', '/metrics', '/graphql', '/graphql/']
    const found = await Promise.all(paths.map(path => status(path)))
    expect(found).toEqual([503, 503, 200, 503, 401, 401, 401])
    expect(await status('/%67raphql?query={hello}')).toBe(401)
    expect(await status('/metrics', bearer('ann'))).toBe(403)
    expect(await status('/metrics', bearer('prometheus'))).toBe(200)
    const lacking = await fetch(`${url}/metrics`, { headers: bearer('ann') })
    expect(lacking.headers.get('www-authenticate')).toContain('scope="metrics"')
    expect(await lacking.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  it('tells reasons of ill health to those alone who may know them', async () => {
    const { url } = await toyForTest()
    const reasons = async (headers: Readonly<Record<string, string>>) => {
      const answer = await fetch(`${url}/readyz`, { headers })
      expect(answer.status).toBe(503)
      return ((await answer.json()) as { reasons?: readonly string[] }).reasons
    }
    expect(await reasons({})).toBeUndefined()
    expect(await reasons(bearer('eve'))).toBeUndefined()
    expect(await reasons(bearer('ann'))).toEqual(['it fails for all'])
    expect(await reasons(bearer('bob'))).toEqual(['it fails for acme'])
  })

  it('pages of named sites may ask whether they may ask, and can read why not', async () => {
    const { url } = await toyForTest({ origins: ['https://app.example'] })
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${url}/graphql`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
  })
})

describe('limits', () => {
  it('are those of the name, wherever it asks from, and failures those of the address', async () => {
    const clock = createFakeClock()
    const burst = 2 * 10 * FAILED_ATTEMPT
    const admission = createDoor(
      { rate: { perCaller: burst / 2, inAll: 1_000_000 } },
      { kind: 'none' },
      clock,
    )
    const { ask, server } = await toyForTest({ admission })
    const statuses = async (name: string, times: number) => {
      const found: number[] = []
      for (let n = 0; n < times; n += 1) found.push((await ask(bearer(name))).status)
      return found
    }
    expect(new Set(await statuses('eve', burst / FAILED_ATTEMPT))).toEqual(new Set([401]))
    expect(await statuses('eve', 1)).toEqual([429])
    expect(await statuses('mallory', 1)).toEqual([429])
    expect((await ask()).status).toBe(401)
    // Who can prove it pays for none of that.
    expect(new Set(await statuses('ann', burst))).toEqual(new Set([200]))
    expect(await statuses('ann', 1)).toEqual([429])
    expect(await statuses('bob', 1)).toEqual([200])
    await clock.advance(1_000)
    expect(await statuses('eve', 1)).toEqual([401])
    expect(Object.fromEntries(server.refusedCallers())).toEqual({
      missing: 1,
      wrong: burst / FAILED_ATTEMPT + 1,
      limit: 2,
    })
  })
})

const subscription = 'subscription { hello }'

describe('a stream of events', () => {
  it('of a subscription has the rights of its caller, and breaks with the code when they end', async () => {
    const { ask, authentication, subscribed, open, tokens } = await toyForTest()
    const stream = { accept: 'text/event-stream' }
    expect((await ask(stream, subscription)).status).toBe(401)
    const [anns, bobs] = await Promise.all(
      ['ann', 'bob'].map(name => ask({ ...stream, ...bearer(name) }, subscription)),
    )
    await expect.poll(open).toBe(2)
    expect(subscribed.map(rights => rights?.name).sort()).toEqual(['ann', 'bob'])
    authentication.replace({ tokens: tokens.slice(1), issuers: undefined })
    let text = ''
    const read = async (): Promise<void> => {
      for await (const piece of anns?.body ?? []) text += Buffer.from(piece).toString()
    }
    await expect(read()).rejects.toThrow('terminated')
    expect(text).toContain('event: next')
    expect(text).toContain('"code":"UNAUTHENTICATED"')
    expect(text).not.toContain('event: complete')
    await expect.poll(open).toBe(1)
    await bobs?.body?.cancel()
  })
})

describe('a WebSocket', () => {
  const open = (url: string, headers: Readonly<Record<string, string>> = {}) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers,
    })
    const messages: { readonly type: string }[] = []
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      messages.push(JSON.parse(data.toString('utf8')) as { type: string })
    })
    const closed = new Promise<readonly [number, string]>(resolve => {
      socket.on('close', (code, reason) => resolve([code, String(reason)]))
    })
    const begin = async (payload?: object) => {
      if (socket.readyState !== socket.OPEN) await once(socket, 'open')
      socket.send(JSON.stringify({ type: 'connection_init', payload }))
    }
    const subscribe = (id = '1') =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: subscription } }))
    return { socket, messages, closed, begin, subscribe }
  }

  test.each<[how: string, headers: Readonly<Record<string, string>>, payload: object | undefined]>([
    ['a header', bearer('ann'), undefined],
    ['its first message', {}, bearer('ann')],
    ['its first message in other letters', {}, { Authorization: bearer('ann').authorization }],
    [
      'headers in its first message',
      {},
      { headers: { AUTHORIZATION: bearer('ann').authorization } },
    ],
    ['both, of which the message counts', bearer('bob'), bearer('ann')],
  ])('is let in by %s', async (_, headers, payload) => {
    const { url, subscribed } = await toyForTest()
    const { begin, subscribe, messages } = open(url, headers)
    await begin(payload)
    await expect.poll(() => messages).toEqual([{ type: 'connection_ack' }])
    subscribe()
    await expect.poll(() => subscribed.map(rights => rights?.name)).toEqual(['ann'])
  })

  test.each<[how: string, headers: Readonly<Record<string, string>>, payload: object | undefined]>([
    ['shows nothing', {}, undefined],
    ['shows a token of nobody', {}, bearer('eve')],
    ['shows what is no text', {}, { authorization: ['Bearer secret-of-ann'] }],
    ['shows a wrong one behind a right one', bearer('ann'), bearer('eve')],
  ])('that %s in its first message is closed', async (_, headers, payload) => {
    const { url, subscribed } = await toyForTest()
    const { begin, subscribe, closed } = open(url, headers)
    await begin(payload)
    subscribe()
    expect(await closed).toEqual([4403, 'UNAUTHENTICATED'])
    expect(subscribed).toEqual([])
  })

  it('that asks before its first message is closed as the protocol has it', async () => {
    const { url } = await toyForTest()
    const { socket, subscribe, closed } = open(url)
    await once(socket, 'open')
    subscribe()
    expect(await closed).toEqual([4401, 'Unauthorized'])
  })

  it('with a wrong header is not opened at all', async () => {
    const { url } = await toyForTest()
    const { socket } = open(url, bearer('eve'))
    const [error] = (await once(socket, 'error')) as [Error]
    expect(error.message).toContain('401')
  })

  it('ends with the rights of its caller', async () => {
    const { url, authentication, tokens, open: running } = await toyForTest()
    const [anns, bobs] = [open(url), open(url)]
    await anns.begin(bearer('ann'))
    await bobs.begin(bearer('bob'))
    await expect.poll(() => bobs.messages).toHaveLength(1)
    anns.subscribe()
    bobs.subscribe()
    await expect.poll(running).toBe(2)
    authentication.replace({ tokens: tokens.slice(1), issuers: undefined })
    expect(await anns.closed).toEqual([4403, 'UNAUTHENTICATED'])
    await expect.poll(running).toBe(1)
    expect(bobs.socket.readyState).toBe(WebSocket.OPEN)
  })
})
