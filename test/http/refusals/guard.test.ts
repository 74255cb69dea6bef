import type { IncomingMessage } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { refusedSocket } from '../../../src/http/refusals/guard.ts'
import { createReach } from '../../../src/http/refusals/reach.ts'
import { createDoor } from '../../support/door.ts'
import { startToy } from '../../support/toy-server.ts'

const reach = createReach({ hosts: ['graph.example'], origins: ['https://app.example'] })

const statusOf = (refused: ReturnType<typeof refusedSocket>): number | undefined => {
  if (refused instanceof Promise) throw new Error('Nobody was asked who it is')
  return refused?.status
}

/** The status of the refusal, or none; `at`: the address that the connection came to. */
const refusal = (
  host: string | undefined,
  origin: string | undefined,
  at = '127.0.0.1',
  isStopping = false,
) =>
  statusOf(
    refusedSocket({ headers: { host, origin }, socket: { localAddress: at } } as IncomingMessage, {
      reach,
      admission: createDoor(),
      isStopping: () => isStopping,
    }),
  )

describe('a socket is opened', () => {
  const local = 'localhost:4000'

  test.each<
    [who: string, host: string | undefined, origin: string | undefined, status: number | undefined]
  >([
    ['by a program on this machine', local, undefined, undefined],
    ['by our own page', local, `http://${local}`, undefined],
    ['by our own page behind TLS', 'graph.example:443', 'https://graph.example', undefined],
    ['by a page of another site', local, 'https://evil.example', 403],
    ['by a page of a site that is named', local, 'https://app.example', undefined],
    ['by a page of that site without TLS', local, 'http://app.example', 403],
    ['by a page of this machine on another port', local, 'http://localhost:8080', 403],
    ['by a page that has no origin of its own', local, 'null', 403],
    ['under the name of another site that leads here', 'evil.example', 'http://evil.example', 421],
    ['under such a name by a program', 'evil.example', undefined, 421],
    ['under a name that is named', 'Graph.Example', undefined, undefined],
    ['under no name', undefined, undefined, 400],
    ['under a name that cannot be read', 'a b', undefined, 400],
  ])('%s: host %s, origin %s: %s', (_who, host, origin, status) => {
    expect(refusal(host, origin)).toBe(status)
  })

  test('under the very address that it came to, which no name of another site is', () => {
    expect(refusal('192.0.2.7:4000', undefined, '192.0.2.7')).toBeUndefined()
    expect(refusal('192.0.2.7', undefined, '::ffff:192.0.2.7')).toBeUndefined()
    expect(refusal('[2001:db8::7]:4000', undefined, '2001:db8::7')).toBeUndefined()
    expect(refusal('192.0.2.8', undefined, '192.0.2.7')).toBe(421)
  })

  test('not while the server stops', () => {
    expect(refusal(local, undefined, '127.0.0.1', true)).toBe(503)
  })
})

describe('a page of another site', () => {
  const starting = startToy({ origins: ['https://app.example'] })
  afterAll(async () => (await starting).server.stop(1_000))

  const ask = async (origin: string, method = 'POST', path = '/graphql') =>
    fetch((await starting).url + path, {
      method,
      headers: {
        origin,
        'content-type': 'application/json',
        ...(method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {}),
      },
      ...(method === 'POST' ? { body: '{"query":"{ hello }"}' } : {}),
    })
  const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin')

  test('may ask the graph and read its answers where it is named', async () => {
    const preflight = await ask('https://app.example', 'OPTIONS')
    expect([preflight.status, allowed(preflight)]).toEqual([204, 'https://app.example'])
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST')
    for (const name of ['content-type', 'if-none-match'])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    expect(preflight.headers.get('vary')).toBe('origin')
    // Also one that is sent a second and a third time, and so comes from memory.
    for (let times = 0; times < 3; times += 1) {
      const answer = await ask('https://app.example')
      expect([answer.status, allowed(answer)]).toEqual([200, 'https://app.example'])
      expect(answer.headers.get('access-control-expose-headers')).toContain('etag')
      expect(answer.headers.get('vary')).toBe('accept, accept-encoding, authorization, origin')
      expect(await answer.json()).toEqual({ data: { hello: 'Hello you' } })
    }
  })

  test.each(['https://evil.example', 'http://app.example', 'https://app.example:8443', 'null'])(
    'reads nothing where it is not: %s',
    async origin => {
      const preflight = await ask(origin, 'OPTIONS')
      expect([preflight.status, allowed(preflight)]).toEqual([405, null])
      expect(allowed(await ask(origin))).toBeNull()
    },
  )

  test('reads nothing but the graph', async () => {
    for (const path of ['/livez', '/readyz', '/nowhere'])
      expect(allowed(await ask('https://app.example', 'GET', path))).toBeNull()
  })
})
