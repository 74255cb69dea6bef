import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import type { SyslogSettings } from '../../../src/model/sinks/receiver.ts'
import { NotNowError, type Sender } from '../../../src/sinks/sender.ts'
import { createSyslogSender, type SyslogDeadlines } from '../../../src/sinks/senders/syslog.ts'
import { settle } from '../../support/clock.ts'
import { runsOr } from '../../support/runs.ts'
import { authority } from '../../support/sinks/certificates.ts'
import { failureOf } from '../../support/sinks/failure-of.ts'
import { makeItem, makeItems } from '../../support/sinks/items.ts'
import { startRefusingReceiver } from '../../support/sinks/refusing-receiver.ts'
import { fasterClock, inTurn, sendAll } from '../../support/sinks/send-all.ts'
import {
  startSyslogReceiver,
  type SyslogDeed,
  type SyslogReceiver,
  type SyslogReceiverOptions,
} from '../../support/sinks/syslog-receiver.ts'

const never = new AbortController().signal
const patient: SyslogDeadlines = { connectMs: 60_000, writeMs: 60_000, endMs: 60_000 }

const receiverFor = async (options: SyslogReceiverOptions = {}): Promise<SyslogReceiver> => {
  const receiver = await startSyslogReceiver(options)
  onTestFinished(receiver.close)
  return receiver
}

const senderFor = (
  { port }: Pick<SyslogReceiver, 'port'>,
  settings: Partial<SyslogSettings> = {},
  deadlines: Partial<SyslogDeadlines> = {},
): Sender => {
  const sender = createSyslogSender(
    { kind: 'syslog', host: 'localhost', port, tls: { ca: authority.ca }, ...settings },
    { clock: systemClock, deadlines: { ...patient, ...deadlines } },
  )
  onTestFinished(sender.close)
  return sender
}

/** Why the receiver does not take it now. */
const notNow = (sending: Promise<void>): Promise<Error> => failureOf(sending, NotNowError)

const ways: readonly (readonly [string, Pick<SyslogSettings, 'plaintext' | 'confirm'>])[] = [
  ['TLS, a connection for each batch', {}],
  ['TLS, one connection', { confirm: false }],
  ['TCP, a connection for each batch', { plaintext: true }],
  ['TCP, one connection', { plaintext: true, confirm: false }],
]
test.each(ways)('over %s, all arrives whole and in order', async (_, settings) => {
  const receiver = await receiverFor({ plaintext: settings.plaintext === true })
  const sender = senderFor(receiver, settings)
  const items = makeItems(1_000)
  for (const batch of [items.slice(0, 3), items.slice(3, 500), items.slice(500)])
    await sender.send(batch, never)
  await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(1_000)
  expect(receiver.received).toEqual(items.map(({ id }) => id))
  expect(receiver.flaws).toEqual([])
  expect(receiver.connections()).toBe(settings.confirm === false ? 1 : 3)
})

test('a message has all that there is to know of the item', async () => {
  const receiver = await receiverFor()
  const item = makeItem('a"]\\ä', { severity: 5, className: 'Account Change' })
  await senderFor(receiver, { facility: 'local3', appName: 'push graph', hostname: 'host' }).send(
    [item],
    never,
  )
  expect(receiver.messages).toEqual([
    {
      priority: 19 * 8 + 2,
      timestamp: '2026-01-01T12:00:00.007Z',
      hostname: 'host',
      appName: 'push_graph',
      messageId: 'Account_Change',
      data: { connector: 'acme', id: 'a"]\\_', class: 'Account Change' },
      content: JSON.parse(item.line),
    },
  ])
  expect(receiver.flaws).toEqual([])
})

test('trusts only the authority that was set, and only the name that was', async () => {
  const receiver = await receiverFor()
  for (const [tls, code] of [
    [{ ca: authority.stranger }, /failed \(\w*(CERT|VERIFY|ISSUER)\w*\)/],
    [{ ca: authority.ca, servername: 'elsewhere.example.com' }, /ALTNAME/],
  ] as const)
    expect((await notNow(senderFor(receiver, { tls }).send(makeItems(1), never))).message).toMatch(
      code,
    )
  expect(receiver.received).toEqual([])
  await senderFor(receiver, { host: '127.0.0.1' }).send(makeItems(1), never)
  expect(receiver.received).toEqual(['item-0'])
})

test('shows who it is where the receiver asks', async () => {
  const receiver = await receiverFor({ asksCertificate: true })
  // By TLS 1.3 the receiver says no only after everything seems well.
  await notNow(senderFor(receiver).send(makeItems(1), never))
  expect(receiver.received).toEqual([])
  await senderFor(receiver, { tls: { ca: authority.ca, ...authority.client } }).send(
    makeItems(1),
    never,
  )
  expect(receiver.received).toEqual(['item-0'])
})

test('of a certificate that cannot be used it is known before there is a connection', async () => {
  const receiver = await receiverFor({ plaintext: true })
  const tls = { ca: authority.ca, cert: authority.client.cert, key: authority.server.key }
  const sending = senderFor(receiver, { tls }).send(makeItems(1), never)
  await expect(sending).rejects.toMatchObject({ code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' })
  // It counts in the order in which connections come.
  await senderFor(receiver, { plaintext: true }).send(makeItems(1), never)
  expect(receiver.connections()).toBe(1)
})

const brief = { connectMs: 10_000, writeMs: 10_000, endMs: 200 }
test.each([
  ['never ends the connection', 'never end', 'set confirm: false'],
  ['never reads', 'stall', 'set confirm: false'],
  ['ends the connection before it reads', 'end early', 'ended the connection'],
  ['breaks it', 'reset', 'connection'],
] as const)(
  'a receiver that %s has taken nothing as far as anybody knows',
  async (_, deed, says) => {
    for (const plaintext of [false, true]) {
      const receiver = await receiverFor({ plaintext, deed: () => deed })
      const error = await notNow(
        senderFor(receiver, { plaintext }, brief).send(makeItems(5), never),
      )
      expect(error.message).toContain(says)
    }
  },
)

test('who refuses us late, and in good order by TLS, has taken nothing', async () => {
  const receiver = await startRefusingReceiver()
  onTestFinished(receiver.close)
  const endMs = 60_001
  const clock: Clock = {
    ...systemClock,
    after: (ms, callback) => {
      // Its end is waited for: ours is on its way.
      if (ms === endMs) void settle().then(receiver.refuse)
      return systemClock.after(ms, callback)
    },
  }
  const sender = createSyslogSender(
    { kind: 'syslog', host: 'localhost', port: receiver.port, tls: { ca: authority.ca } },
    { clock, deadlines: { ...patient, endMs } },
  )
  onTestFinished(sender.close)
  // More than is read together with the handshake.
  const item = makeItem('large', { line: JSON.stringify({ text: 'x'.repeat(128 * 1024) }) })
  const error = await notNow(sender.send([item], never))
  expect(error.message).toMatch(/ECONNRESET|EPIPE/)
})

test.each([false, true])(
  'a process that stands still misses no end (plaintext: %s)',
  async plaintext => {
    const receiver = await receiverFor({ plaintext, deed: () => 'end early' })
    const clock: Clock = {
      ...systemClock,
      after: (ms, callback) => {
        const stop = systemClock.after(ms, callback)
        // So long a connection stays open: when this is over, it is time to end it, and the receiver's end is there.
        if (ms === 100) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
        return stop
      },
    }
    const settings = { plaintext, tls: { ca: authority.ca } }
    const sender = createSyslogSender(
      { kind: 'syslog', host: 'localhost', port: receiver.port, ...settings },
      { clock, deadlines: patient },
    )
    onTestFinished(sender.close)
    expect((await notNow(sender.send(makeItems(3), never))).message).toContain('ended')
  },
)

test.each([
  [1, 100],
  [450, 450],
])(
  'a connection that took %i ms to be made is not ended before %i have passed',
  async (tookMs, heldMs) => {
    const receiver = await receiverFor()
    const deadlines = { connectMs: 60_000, writeMs: 61_000, endMs: 62_000 }
    const asked: number[] = []
    const held = Promise.withResolvers<() => void>()
    let now = -tookMs
    const clock: Clock = {
      ...systemClock,
      // It is asked before and behind.
      now: () => (now += tookMs),
      after: (ms, callback) => {
        asked.push(ms)
        if (ms !== heldMs) return systemClock.after(ms, callback)
        held.resolve(callback)
        return () => undefined
      },
    }
    const sender = createSyslogSender(
      { kind: 'syslog', host: 'localhost', port: receiver.port, tls: { ca: authority.ca } },
      { clock, deadlines },
    )
    onTestFinished(sender.close)
    const sending = sender.send(makeItems(3), never)
    const goOn = await Promise.race([held.promise, sending])
    if (goOn === undefined) throw new Error('It was ended at once')
    await expect.poll(() => receiver.received, { interval: 5 }).toHaveLength(3)
    expect(asked).not.toContain(deadlines.endMs)
    goOn()
    await sending
    expect(asked).toContain(deadlines.endMs)
  },
)

test('what a receiver does not read ends at the deadline, however much it is', async () => {
  const receiver = await receiverFor({ deed: () => 'stall' })
  // More than any buffer on the way holds.
  const items = [
    makeItem('large', { line: JSON.stringify({ text: 'x'.repeat(16 * 1024 * 1024) }) }),
  ]
  const error = await notNow(senderFor(receiver, {}, { writeMs: 300 }).send(items, never))
  expect(error.message).toContain('did not read what it was sent within 300 ms')
})

test('nothing follows on a kept connection what left it in part', async () => {
  const receiver = await receiverFor({ deed: inTurn<SyslogDeed>(['stall'], 'read') })
  const large = makeItem('large', { line: JSON.stringify({ text: 'x'.repeat(16 * 1024 * 1024) }) })
  const sender = senderFor(receiver, { confirm: false }, { writeMs: 2_000 })
  await notNow(sender.send([large], never))
  await sender.send(makeItems(2), never)
  await expect.poll(() => receiver.received, { interval: 5 }).toEqual(['item-0', 'item-1'])
  expect(receiver.connections()).toBe(2)
})

test('who leaves does not wait, and closing ends what is on its way', async () => {
  const receiver = await receiverFor({ deed: () => 'never end' })
  const leaving = new AbortController()
  const sending = senderFor(receiver).send(makeItems(1), leaving.signal)
  await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(1)
  leaving.abort(new Error('the server ends'))
  await expect(sending).rejects.toThrow('the server ends')

  const sender = senderFor(receiver)
  const closing = sender.send(makeItems(1), never)
  const failure = notNow(closing)
  await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(2)
  await sender.close()
  await failure
})

test('one connection that breaks is followed by another', async () => {
  const receiver = await receiverFor()
  const sender = senderFor(receiver, { confirm: false })
  await sender.send(makeItems(2), never)
  await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(2)
  receiver.reset()
  // What is sent while nobody has noticed yet is lost; that is why connections are confirmed unless somebody sets otherwise.
  await expect
    .poll(
      async () => {
        await sender.send(makeItems(1, 2), never).catch(() => undefined)
        return receiver.received.includes('item-2')
      },
      { interval: 5 },
    )
    .toBe(true)
  expect(receiver.flaws).toEqual([])
})

const deeds: readonly SyslogDeed[] = [
  ...(['read', 'read', 'end early', 'reset', 'read and reset', 'read and end'] as const),
]

test('whatever the receiver does, what counts as taken was received', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...deeds), { maxLength: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      async (doing, most, plaintext) => {
        const receiver = await startSyslogReceiver({ plaintext, deed: inTurn(doing, 'read') })
        const sender = createSyslogSender(
          {
            kind: 'syslog',
            host: 'localhost',
            port: receiver.port,
            plaintext,
            tls: { ca: authority.ca },
          },
          { clock: fasterClock(5), deadlines: patient },
        )
        try {
          const { refused } = await sendAll(sender, makeItems(20), {
            most,
            has: () => receiver.received,
          })
          expect(refused).toEqual([])
          expect(receiver.flaws).toEqual([])
        } finally {
          await sender.close()
          await receiver.close()
        }
      },
    ),
    { numRuns: runsOr(15) },
  )
})
