import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import type { OauthSettings } from '../../../src/model/sinks/receiver.ts'
import { NotNowError, RefusedError, type Sender } from '../../../src/sinks/sender.ts'
import { createHttpSender } from '../../../src/sinks/senders/http.ts'
import { failureOf } from '../../support/sinks/failure-of.ts'
import { makeItems } from '../../support/sinks/items.ts'

const never = new AbortController().signal

interface Issuer {
  readonly oauth: OauthSettings
  readonly url: string
  /** What it was asked, and with which tokens items came. */
  readonly asked: readonly string[]
  readonly tokens: readonly string[]
}

/** An issuer of tokens, and a receiver at `/in` beside it that wants the newest one of them. */
const issuerFor = async (
  answer: (nth: number) => readonly [status: number, body: object | string],
  isGood: (token: string) => boolean = () => true,
): Promise<Issuer> => {
  const asked: string[] = []
  const tokens: string[] = []
  const answerTo = (path: string, body: string, authorization = ''): readonly [number, string] => {
    if (path !== '/token') {
      tokens.push(authorization)
      return [isGood(authorization) ? 204 : 401, '']
    }
    asked.push(body)
    const [status, content] = answer(asked.length)
    return [status, typeof content === 'string' ? content : JSON.stringify(content)]
  }
  const server = createServer((request, response) => {
    void text(request).then(body => {
      const [status, content] = answerTo(request.url ?? '', body, request.headers.authorization)
      response.writeHead(status, { 'retry-after': '3' })
      response.end(content)
    })
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const oauth = { tokenUrl: `${url}/token`, clientId: 'client&', clientSecret: 'secret=of ours' }
  return { oauth: { ...oauth, scope: 'https://m/.default' }, url: `${url}/in`, asked, tokens }
}

const senderFor = ({ url, oauth }: Issuer, clock: Clock = systemClock): Sender => {
  const sender = createHttpSender({ kind: 'http', url, oauth, format: 'json-array' }, { clock })
  onTestFinished(sender.close)
  return sender
}

const numbered = (nth: number, seconds: unknown = 3_600) =>
  [200, { access_token: `token-${nth}`, expires_in: seconds }] as const

test('a token is fetched once, and again shortly before it ends', async () => {
  const issuer = await issuerFor(nth => numbered(nth, String(3_600)))
  let passed = 0
  const clock = { ...systemClock, now: () => systemClock.now() + passed }
  const sender = senderFor(issuer, clock)
  await sender.send(makeItems(1), never)
  await sender.send(makeItems(1), never)
  passed = 3_541_000
  await sender.send(makeItems(1), never)
  expect(issuer.tokens).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])
  expect(Object.fromEntries(new URLSearchParams(issuer.asked[0]))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client&',
    client_secret: 'secret=of ours',
    scope: 'https://m/.default',
  })
})

test('one that the receiver would not have is fetched anew', async () => {
  const issuer = await issuerFor(numbered, token => token !== 'Bearer token-1')
  const sender = senderFor(issuer)
  expect((await failureOf(sender.send(makeItems(1), never))).message).toContain('answered 401')
  await sender.send(makeItems(1), never)
  expect(issuer.tokens).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test.each([
  ['refuses the client', 401, { error: 'invalid_client' }, 'answered 401 to the question'],
  ['refuses the scope', 400, { error: 'invalid_scope' }, 'answered 400 to the question'],
  ['has none', 200, { token_type: 'Bearer' }, 'has none in it'],
  ['has one with a line break', 200, { access_token: 'a\r\nb' }, 'has none in it'],
  ['is none', 200, '<html>', 'has none in it'],
])('an issuer that %s is the set-up’s fault', async (_, status, body, says) => {
  const issuer = await issuerFor(() => [status, body])
  const error = await failureOf(senderFor(issuer).send(makeItems(1), never))
  expect(error).not.toBeInstanceOf(RefusedError)
  expect(error).not.toBeInstanceOf(NotNowError)
  expect(error.message).toContain(says)
  expect(error.message).not.toContain('secret')
  expect(issuer.tokens).toEqual([])
})

test('an issuer that is busy is asked later', async () => {
  const issuer = await issuerFor(nth => (nth === 1 ? [503, ''] : numbered(nth)))
  const sender = senderFor(issuer)
  const error = await failureOf(sender.send(makeItems(1), never))
  expect(error).toBeInstanceOf(NotNowError)
  expect((error as NotNowError).retryAfterMs).toBe(3_000)
  await sender.send(makeItems(1), never)
  expect(issuer.tokens).toEqual(['Bearer token-2'])
})
