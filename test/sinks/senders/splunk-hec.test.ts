import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import type { SplunkHecSettings } from '../../../src/model/sinks/receiver.ts'
import { NotNowError, RefusedError, type Sender } from '../../../src/sinks/sender.ts'
import {
  createSplunkSender,
  type SplunkSenderOptions,
} from '../../../src/sinks/senders/splunk-hec.ts'
import { runsOr } from '../../support/runs.ts'
import { authority } from '../../support/sinks/certificates.ts'
import {
  type AckDeed,
  type HecDeed,
  type HecServer,
  type HecServerOptions,
  startHecServer,
} from '../../support/sinks/hec-server.ts'
import { failureOf } from '../../support/sinks/failure-of.ts'
import { makeItem, makeItems } from '../../support/sinks/items.ts'
import { fasterClock, inTurn, sendAll } from '../../support/sinks/send-all.ts'

const never = new AbortController().signal

/** Polls at once, and takes no answer for one that came too late. */
const patient: SplunkSenderOptions = {
  clock: fasterClock(50),
  deadlines: { connectMs: 30_000, answerMs: 3_000_000 },
  acknowledging: { firstMs: 3_000_000, mostMs: 3_000_000 },
}

const serverFor = async (options: HecServerOptions = {}): Promise<HecServer> => {
  const server = await startHecServer(options)
  onTestFinished(server.close)
  return server
}

const senderFor = (
  server: Pick<HecServer, 'url'>,
  settings: Partial<SplunkHecSettings> = {},
  options: Partial<SplunkSenderOptions> = {},
): Sender => {
  const sender = createSplunkSender(
    { kind: 'splunk-hec', url: server.url, token: 'hec-token', acknowledgement: true, ...settings },
    { ...patient, ...options },
  )
  onTestFinished(sender.close)
  return sender
}

test('what it says is taken, Splunk has indexed', async () => {
  const server = await serverFor({ ack: inTurn<AckDeed>(['not yet', 'not yet'], 'tell') })
  const items = makeItems(20)
  await senderFor(server).send(items, never)
  expect(server.indexed).toEqual(items.map(({ id }) => id))
  expect([...server.told]).toEqual(server.indexed)
  expect(server.flaws).toEqual([])
})

test('an envelope has the time in seconds, the event as it is, and what was set', async () => {
  const server = await serverFor({ indexes: ['push'] })
  const settings = {
    index: 'push',
    source: 'pushgraph',
    sourcetype: 'ocsf:json',
    host: 'acme-push',
  }
  const item = makeItem('one', { time: 1_767_268_800_007 })
  const onTheSecond = makeItem('two', { time: 1_767_268_800_000 })
  await senderFor(server, { ...settings, gzip: true }).send([item, onTheSecond], never)
  expect(server.envelopes).toEqual([
    {
      ...settings,
      time: 1_767_268_800.007,
      event: JSON.parse(item.line),
      fields: { uid: 'one', connector: 'acme', class: 'Detection Finding' },
    },
    expect.objectContaining({ time: 1_767_268_800 }),
  ])
  expect(server.flaws).toEqual([])
})

test('over TLS it trusts only the authority that was set', async () => {
  const server = await serverFor({ tls: true })
  await senderFor(server, { tls: { ca: authority.ca } }).send(makeItems(1), never)
  expect(server.indexed).toEqual(['item-0'])

  const error = await failureOf(
    senderFor(server, { tls: { ca: authority.stranger } }).send(makeItems(1), never),
  )
  expect(error).toBeInstanceOf(NotNowError)
  expect(error.message).toMatch(/failed \(\w*CERT\w*\)|failed \(UNABLE_TO\w+\)/)
  expect(server.indexed).toEqual(['item-0'])
})

test('without acknowledgement, an answer that it has them suffices', async () => {
  const server = await serverFor({ acknowledges: false })
  await senderFor(server, { acknowledgement: false }).send(makeItems(3), never)
  expect(server.indexed).toHaveLength(3)
  expect(server.requests).toEqual(['/services/collector/event'])
})

test('a token that does not acknowledge is told of before anything is sent', async () => {
  const server = await serverFor({ acknowledges: false })
  const error = await failureOf(senderFor(server).send(makeItems(3), never))
  expect(error.message).toContain('acknowledgement: false')
  expect(error).not.toBeInstanceOf(RefusedError)
  expect(server.indexed).toEqual([])
})

test('where it takes events in and promises no acknowledgement, that is told', async () => {
  const answers = ['{"acks":{"0":false}}', '{"text":"Success","code":0}']
  const server = await serverFor({ instead: () => [200, answers.shift() ?? ''] })
  const error = await failureOf(senderFor(server).send(makeItems(2), never))
  expect(error.message).toContain('promises no acknowledgement')
  expect(error).not.toBeInstanceOf(RefusedError)
  expect(error).not.toBeInstanceOf(NotNowError)
})

const setups: readonly {
  readonly case: string
  readonly server?: HecServerOptions
  readonly settings?: Partial<SplunkHecSettings>
  readonly says: string
}[] = [
  {
    case: 'another token',
    settings: { token: 'secret-of-ours' },
    says: '403 with code 4: the token',
  },
  {
    case: 'an index that the token may not write to',
    server: { indexes: ['main'] },
    settings: { index: 'push' },
    says: '400 with code 7: the index',
  },
  {
    case: 'a path that is none',
    server: { instead: () => [404, ''] },
    says: 'Splunk answered 404',
  },
  {
    case: 'a redirect',
    server: { instead: () => [302, '', { location: 'https://elsewhere.example.com' }] },
    says: 'redirects are not followed',
  },
]
test.each(setups)('$case is the set-up’s fault, not that of the items', async of => {
  const server = await serverFor(of.server)
  const error = await failureOf(senderFor(server, of.settings).send(makeItems(2), never))
  expect(error).not.toBeInstanceOf(RefusedError)
  expect(error).not.toBeInstanceOf(NotNowError)
  expect(error.message).toContain(of.says)
  expect(error.message).not.toContain('secret-of-ours')
  expect(server.indexed).toEqual([])
})

test.each([
  ['HEC is busy', [503, '{"text":"Server is busy","code":9}'], undefined],
  ['HEC fails', [500, '{"text":"Internal server error","code":8}'], undefined],
  ['a proxy says when', [503, '<html>', { 'retry-after': '7' }], 7_000],
  ['there is too much', [429, '', { 'retry-after': '2' }], 2_000],
] as const)('where %s, it is tried later', async (_, answer, retryAfterMs) => {
  const server = await serverFor({ instead: () => answer })
  const error = await failureOf(senderFor(server).send(makeItems(2), never))
  expect(error).toBeInstanceOf(NotNowError)
  expect((error as NotNowError).retryAfterMs).toBe(retryAfterMs)
})

test('an answer that is none counts for nothing', async () => {
  const server = await serverFor({ instead: () => [200, '<html>Welcome to the proxy</html>'] })
  const error = await failureOf(
    senderFor(server, { acknowledgement: false }).send(makeItems(2), never),
  )
  expect(error.message).toBe('Splunk answered 200')
  expect(error).not.toBeInstanceOf(RefusedError)
})

test('an event that is refused is found, and all others arrive', async () => {
  const server = await serverFor({ refuses: id => id === 'item-7' })
  const items = makeItems(12)
  const { accepted, refused } = await sendAll(senderFor(server), items, {
    most: 6,
    has: () => server.indexed,
  })
  expect(refused).toEqual(['item-7'])
  expect(accepted).toEqual(items.map(({ id }) => id).filter(id => id !== 'item-7'))
})

test('a body that is too large is refused, so that halves of it are tried', async () => {
  const server = await serverFor({
    instead: inTurn<readonly [number, string] | undefined>(
      [
        [200, '{"acks":{"0":false}}'],
        [413, ''],
      ],
      undefined,
    ),
  })
  await expect(senderFor(server).send(makeItems(2), never)).rejects.toBeInstanceOf(RefusedError)
})

test('an acknowledgement that never comes ends the waiting, for longer each time', async () => {
  const server = await serverFor({ batch: inTurn<HecDeed>(['lose', 'lose', 'lose'], 'take') })
  const sender = senderFor(server, {}, { acknowledging: { firstMs: 1_000, mostMs: 2_000 } })
  const messages = []
  for (let nth = 0; nth < 3; nth += 1)
    messages.push((await failureOf(sender.send(makeItems(1), never))).message)
  expect(messages.map(message => /\d+/.exec(message)?.[0])).toEqual(['1000', '2000', '2000'])
  await sender.send(makeItems(1), never)
  expect(server.indexed).toEqual(['item-0'])
})

test('a channel that Splunk does not know any more is told of, and all is sent again', async () => {
  const server = await serverFor({ ack: inTurn<AckDeed>(['no channel'], 'tell') })
  const sender = senderFor(server)
  const error = await failureOf(sender.send(makeItems(1), never))
  expect(error.message).toContain('does not know the channel')
  await sender.send(makeItems(1), never)
  expect(server.indexed).toEqual(['item-0', 'item-0'])
})

test.each(['batch', 'ack'] as const)('who does not answer a %s is given up', async what => {
  const server = await serverFor({ [what]: () => 'stall' })
  const sender = senderFor(
    server,
    {},
    {
      clock: systemClock,
      deadlines: { connectMs: 10_000, answerMs: 100 },
      acknowledging: { firstMs: 200, mostMs: 200 },
    },
  )
  // Nobody can say more of it than that it was not acknowledged.
  expect(await failureOf(sender.send(makeItems(1), never))).toBeInstanceOf(NotNowError)
})

test.each(['batch', 'ack'] as const)('who leaves does not wait for a %s', async what => {
  const server = await serverFor({ [what]: () => 'stall' })
  const leaving = new AbortController()
  const sending = senderFor(server, {}, { clock: systemClock }).send(makeItems(1), leaving.signal)
  await expect.poll(() => server.requests.length, { interval: 5 }).toBe(what === 'batch' ? 2 : 3)
  leaving.abort(new Error('the server ends'))
  await expect(sending).rejects.toThrow('the server ends')
})

const batchDeeds: readonly HecDeed[] = [
  ...(['take', 'take', 'lose', 'busy', 'fail', 'reset'] as const),
  ...(['take and reset', 'take and answer half'] as const),
]
const ackDeeds: readonly AckDeed[] = ['tell', 'not yet', 'forget', 'busy', 'reset', 'no channel']

test('whatever Splunk does, what counts as taken is indexed, and nothing is sent again that was acknowledged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...batchDeeds), { maxLength: 8 }),
      fc.array(fc.constantFrom(...ackDeeds), { maxLength: 12 }),
      fc.uniqueArray(fc.nat({ max: 19 }), { maxLength: 2 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      async (batches, acks, bad, most, acknowledges) => {
        const wrong = new Set(bad.map(number => `item-${number}`))
        const server = await startHecServer({
          acknowledges,
          batch: inTurn(batches, 'take'),
          ack: inTurn(acks, 'tell'),
          refuses: id => wrong.has(id),
        })
        const sender = createSplunkSender(
          {
            kind: 'splunk-hec',
            url: server.url,
            token: 'hec-token',
            acknowledgement: acknowledges,
          },
          { ...patient, acknowledging: { firstMs: 500, mostMs: 500 } },
        )
        const items = makeItems(20)
        try {
          // Without acknowledgement Splunk may lose what it said that it had.
          const has = (): readonly string[] =>
            acknowledges ? server.indexed : items.map(({ id }) => id)
          const sent = await sendAll(sender, items, { most, has })
          expect(sent.refused).toEqual(items.map(({ id }) => id).filter(id => wrong.has(id)))
          expect(server.repeats).toEqual([])
          expect(server.flaws).toEqual([])
        } finally {
          await sender.close()
          await server.close()
        }
      },
    ),
    { numRuns: runsOr(40) },
  )
})
