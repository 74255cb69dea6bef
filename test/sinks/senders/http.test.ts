import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import type { HttpSettings } from '../../../src/model/sinks/receiver.ts'
import { NotNowError, RefusedError, type Sender } from '../../../src/sinks/sender.ts'
import { createHttpSender, type HttpSenderOptions } from '../../../src/sinks/senders/http.ts'
import { runsOr } from '../../support/runs.ts'
import { startBodyServer } from '../../support/sinks/body-server.ts'
import { authority } from '../../support/sinks/certificates.ts'
import {
  type HttpDeed,
  type HttpReceiver,
  type HttpReceiverOptions,
  startHttpReceiver,
} from '../../support/sinks/http-receiver.ts'
import { failureOf } from '../../support/sinks/failure-of.ts'
import { makeItem, makeItems } from '../../support/sinks/items.ts'
import { inTurn, sendAll } from '../../support/sinks/send-all.ts'

const never = new AbortController().signal
const secret = 'psws_of_a_lake'

const receiverFor = async (options: HttpReceiverOptions = {}): Promise<HttpReceiver> => {
  const receiver = await startHttpReceiver({ secret, ...options })
  onTestFinished(receiver.close)
  return receiver
}

const senderFor = (
  { url }: Pick<HttpReceiver, 'url'>,
  settings: Partial<HttpSettings> = {},
  options: Partial<HttpSenderOptions> = {},
): Sender => {
  const sender = createHttpSender(
    { kind: 'http', url, secret, ...settings },
    { clock: systemClock, ...options },
  )
  onTestFinished(sender.close)
  return sender
}

test.each([false, true])('sends one line for each item, signed (packed: %s)', async gzip => {
  const receiver = await receiverFor()
  const items = makeItems(3)
  const headers = { 'DD-API-KEY': 'key-of-ours' }
  await senderFor(receiver, { gzip, headers }).send(items, never)
  expect(receiver.bodies).toEqual([items.map(({ line }) => `${line}\n`).join('')])
  expect(receiver.headers[0]).toMatchObject({
    'content-type': 'application/x-ndjson',
    'dd-api-key': 'key-of-ours',
    'user-agent': 'pushgraph',
  })
  expect(receiver.taken).toEqual(['item-0', 'item-1', 'item-2'])
  expect(receiver.flaws).toEqual([])
})

test('sends an array where the receiver wants one', async () => {
  const receiver = await receiverFor()
  const items = makeItems(3)
  await senderFor(receiver, { format: 'json-array' }).send(items, never)
  expect(JSON.parse(receiver.bodies[0] ?? '')).toEqual(
    items.map(({ line }) => JSON.parse(line) as unknown),
  )
  expect(receiver.taken).toHaveLength(3)
  expect(receiver.flaws).toEqual([])
})

test('shows who it is where the receiver asks, and trusts only the authority that was set', async () => {
  const receiver = await receiverFor({ tls: true, asksCertificate: true })
  await senderFor(receiver, { tls: { ca: authority.ca, ...authority.client } }).send(
    makeItems(1),
    never,
  )
  expect(receiver.taken).toEqual(['item-0'])
  for (const tls of [{ ca: authority.ca }, { ca: authority.stranger, ...authority.client }])
    expect(await failureOf(senderFor(receiver, { tls }).send(makeItems(1), never))).toBeInstanceOf(
      NotNowError,
    )
  expect(receiver.taken).toEqual(['item-0'])
})

test.each([
  [400, RefusedError],
  [413, RefusedError],
  [422, RefusedError],
  [408, NotNowError],
  [429, NotNowError],
  [500, NotNowError],
  [503, NotNowError],
  [504, NotNowError],
])('%d is a %o', async (status, type) => {
  const receiver = await receiverFor({
    instead: () => [status, 'a row that must not be quoted', { 'retry-after': '3' }],
  })
  const error = await failureOf(senderFor(receiver).send(makeItems(2), never))
  expect(error).toBeInstanceOf(type)
  expect(error.message).toBe(`${new URL(receiver.url).origin} answered ${status}`)
  if (error instanceof NotNowError) expect(error.retryAfterMs).toBe(3_000)
})

test.each([302, 308, 401, 403, 404, 405])('%d is the set-up’s fault', async status => {
  const receiver = await receiverFor({
    instead: () => [status, '', { location: 'https://elsewhere.example.com' }],
  })
  const error = await failureOf(senderFor(receiver).send(makeItems(2), never))
  expect(error).not.toBeInstanceOf(RefusedError)
  expect(error).not.toBeInstanceOf(NotNowError)
  expect(error.message).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+ answered ${status}`))
  expect(receiver.headers).toHaveLength(1)
})

test('an answer without end is read no further than anybody needs', async () => {
  const left = Promise.withResolvers<boolean>()
  const server = await startBodyServer((_, __, response) => {
    response.on('close', () => left.resolve(!response.writableFinished))
    // Far more than the system takes into its buffers.
    response.end('x'.repeat(64 * 1024 * 1024))
  }, undefined)
  onTestFinished(server.close)
  await senderFor({ url: server.origin }).send(makeItems(1), never)
  expect(await left.promise).toBe(true)
})

test('the key of a batch is that of its items in their order, and of no others', async () => {
  const receiver = await receiverFor()
  const sender = senderFor(receiver)
  const batches = [['a', 'b'], ['a', 'b'], ['b', 'a'], ['ab'], ['a'], ['', 'ab']]
  for (const ids of batches)
    await sender.send(
      ids.map(id => makeItem(id)),
      never,
    )
  const keys = receiver.headers.map(headers => headers['idempotency-key'])
  expect(keys[1]).toBe(keys[0])
  expect(new Set(keys).size).toBe(batches.length - 1)
})

test('who does not answer in time is given up, and who leaves does not wait for it', async () => {
  const receiver = await receiverFor({ deed: () => 'stall' })
  const brief = { deadlines: { connectMs: 10_000, answerMs: 100 } }
  const error = await failureOf(senderFor(receiver, {}, brief).send(makeItems(1), never))
  expect(error).toBeInstanceOf(NotNowError)
  expect(error.message).toContain('no answer within 100 ms')
  // Neither the query nor the path, which may be a secret.
  expect(error.message).not.toContain('source=push')

  const leaving = new AbortController()
  const sending = senderFor(receiver).send(makeItems(1), leaving.signal)
  await expect.poll(() => receiver.headers.length, { interval: 5 }).toBe(2)
  leaving.abort(new Error('the server ends'))
  await expect(sending).rejects.toThrow('the server ends')
})

test('nobody there is told by the code of the system', async () => {
  const receiver = await startHttpReceiver()
  await receiver.close()
  const error = await failureOf(senderFor(receiver).send(makeItems(1), never))
  expect(error).toBeInstanceOf(NotNowError)
  expect(error.message).toContain('failed (ECONNREFUSED)')
})

const deeds: readonly HttpDeed[] = [
  ...(['take', 'take', 'busy', 'reset', 'take and reset', 'take and answer half'] as const),
]

test('whatever the receiver does, what counts as taken is there, and nothing comes again that it said it has', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...deeds), { maxLength: 10 }),
      fc.uniqueArray(fc.nat({ max: 19 }), { maxLength: 2 }),
      fc.integer({ min: 1, max: 8 }),
      async (doing, bad, most) => {
        const wrong = new Set(bad.map(number => `item-${number}`))
        const receiver = await startHttpReceiver({
          secret,
          deed: inTurn(doing, 'take'),
          refuses: id => wrong.has(id),
        })
        const sender = createHttpSender(
          { kind: 'http', url: receiver.url, secret },
          { clock: systemClock },
        )
        const items = makeItems(20)
        try {
          const sent = await sendAll(sender, items, { most, has: () => receiver.taken })
          expect(sent.refused).toEqual(items.map(({ id }) => id).filter(id => wrong.has(id)))
          expect(receiver.repeats).toEqual([])
          expect(receiver.flaws).toEqual([])
        } finally {
          await sender.close()
          await receiver.close()
        }
      },
    ),
    { numRuns: runsOr(40) },
  )
})
