import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { NotNowError, type Sender } from '../../../src/sinks/sender.ts'
import { createSyslogSender } from '../../../src/sinks/senders/syslog.ts'
import { directoryForTest } from '../../support/directory.ts'
import { authority } from '../../support/sinks/certificates.ts'
import { idOf, makeItem, makeItems } from '../../support/sinks/items.ts'
import {
  findRsyslog,
  type RsyslogDriver,
  type RunningRsyslog,
  startRsyslog,
} from '../../support/sinks/rsyslog.ts'
import { sendAll } from '../../support/sinks/send-all.ts'

const never = new AbortController().signal
const drivers: readonly RsyslogDriver[] = ['ossl', 'gtls']
const found = drivers.flatMap(driver => {
  const rsyslog = findRsyslog(driver)
  return rsyslog === undefined ? [] : [{ driver, rsyslog }]
})

const senderFor = (
  { port }: Pick<RunningRsyslog, 'port'>,
  client: { readonly cert?: string; readonly key?: string } = authority.client,
): Sender => {
  const sender = createSyslogSender(
    {
      ...{ kind: 'syslog', host: 'localhost', port, hostname: 'graph.test', facility: 'local3' },
      tls: { ca: authority.ca, ...client },
    },
    { clock: systemClock },
  )
  onTestFinished(sender.close)
  return sender
}

const idsIn = (receiver: RunningRsyslog): readonly string[] =>
  receiver.lines().map(([, , , , , , text = '']) => idOf(JSON.parse(text)))

describe.runIf(found.length > 0)('a real rsyslog', () => {
  test.each(found)('by $driver has each item, as it is', async ({ driver, rsyslog }) => {
    const receiver = await startRsyslog(rsyslog, driver, directoryForTest())
    const items = [
      ...makeItems(300),
      // As long as an event with a hundred objects in it.
      makeItem('long', { line: JSON.stringify({ id: 'long', text: 'Zoë '.repeat(20_000) }) }),
      makeItem('plain', { severity: 6, className: 'LOGIN', line: '{"id":"plain"}' }),
    ]
    await sendAll(senderFor(receiver), items, { most: 120, has: () => items.map(({ id }) => id) })
    // It has read them; its own queue writes them.
    await expect.poll(() => receiver.lines().length, { interval: 20 }).toBe(items.length)
    await expect
      .poll(() => receiver.file().split('\n').length, { interval: 20 })
      .toBe(items.length + 1)
    expect(receiver.file()).toMatch(/^(\{.*\}\n)+$/)
    expect(receiver.lines().map(line => line.slice(0, 6))).toEqual(
      items.map(({ id, severity, className = '' }) => [
        String(19 * 8 + (severity === 6 ? 1 : 3)),
        '2026-01-01T12:00:00.007Z',
        'graph.test',
        'pushgraph',
        className.replace(' ', '_'),
        `[pushgraph@32473 connector="acme" id="${id}" class="${className}"]`,
      ]),
    )
    expect(receiver.lines().map(([, , , , , , text = '']) => JSON.parse(text) as unknown)).toEqual(
      items.map(({ line }) => JSON.parse(line) as unknown),
    )
  })

  test.each(found)(
    'by $driver that ends and comes again gets all that it did not read',
    async ({ driver, rsyslog }) => {
      const folder = directoryForTest()
      const first = await startRsyslog(rsyslog, driver, folder)
      const sender = senderFor(first)
      await sender.send(makeItems(10), never)
      // In good order, so that it writes what it has read.
      await first.stop()
      await expect(sender.send(makeItems(10, 10), never)).rejects.toBeInstanceOf(NotNowError)

      const second = await startRsyslog(rsyslog, driver, folder, first.port)
      await sender.send(makeItems(10, 10), never)
      await expect.poll(() => idsIn(second).length, { interval: 20 }).toBe(20)
      expect(idsIn(second)).toEqual(makeItems(20).map(({ id }) => id))
    },
  )

  test.each(found)('by $driver has of strangers what it said, and no more', async of => {
    const receiver = await startRsyslog(of.rsyslog, of.driver, directoryForTest())
    await expect(senderFor(receiver, {}).send(makeItems(3), never)).rejects.toBeInstanceOf(
      NotNowError,
    )
    let taken = 0
    for (let time = 0; time < 5; time += 1)
      // The receiver's own certificate is of our authority, but is not the one that it permits.
      await senderFor(receiver, authority.server)
        .send(makeItems(3), never)
        .then(
          () => (taken += 3),
          (error: unknown) => expect(error).toBeInstanceOf(NotNowError),
        )
    // By OpenSSL this rsyslog lets one of them in now and then.
    if (of.driver === 'gtls') expect(taken).toBe(0)
    await senderFor(receiver).send(makeItems(1), never)
    await expect.poll(() => receiver.lines().length, { interval: 20 }).toBe(taken + 1)
  })
})
