import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import type { NewEvent } from '../../src/model/events.ts'
import type { PlacedItem } from '../../src/sinks/batch.ts'
import { createDeliver } from '../../src/sinks/delivery.ts'
import { ClaimLostError } from '../../src/sinks/place-book.ts'
import { quarantineOf } from '../../src/sinks/quarantine.ts'
import { NotNowError, RefusedError } from '../../src/sinks/sender.ts'
import { createFakeClock, createRandom } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { storedEvent } from '../support/rows.ts'
import { runsOr } from '../support/runs.ts'
import { type Behaviour, createScriptedReceiver } from '../support/sinks/scripted-sender.ts'
import { quickClock, sinkSettings, sinkStores, startSinkOn } from '../support/sinks/sink-store.ts'

const plain = { ocsf: undefined, send: ['events'] } as const

const eventOf = (number: number, connector = 'acme'): NewEvent =>
  storedEvent({ id: `e${number}`, connector, occurredAt: 1_767_225_600 + number })

const waitFor = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 })

describe.each(Object.keys(sinkStores))('over %s', kind => {
  const open = (folder: string) => {
    const openStore = sinkStores[kind]
    if (openStore === undefined) throw new Error(kind)
    return openStore(folder)
  }

  test('whatever the receiver does and however often the sink begins anew, nothing is lost or out of order, and what is repeated was not known to be taken', async () => {
    for (let run = 1; run <= runsOr(4); run += 1) {
      const folder = directoryForTest()
      const store = await open(folder)
      const random = createRandom(run)
      const ways: readonly Behaviour[] = ['fail', 'not now', 'take, lose the answer', 'hang']
      const receiver = createScriptedReceiver({
        next: () =>
          random() < 0.6 ? 'take' : (ways[Math.floor(random() * ways.length)] ?? 'take'),
        refuses: ({ id }) => id.endsWith('7'),
      })
      const settings = sinkSettings({ ...plain, batch: { items: 9, bytes: 3_000 } })
      const start = async () =>
        startSinkOn({
          store: await store.claims(),
          sender: receiver.sender,
          folder,
          clock: quickClock(random),
          settings,
          more: { withinMs: 2_000 },
        })
      let sink = await start()
      const all = 120
      for (let number = 0; number < all; number += 1) {
        await store.events.append(eventOf(number, number % 3 === 0 ? 'globex' : 'acme'))
        if (random() < 0.05) {
          await sink.close(random() < 0.5 ? 0 : 1_000)
          sink = await start()
        }
      }
      const wanted = Array.from({ length: all }, (_, number) => `e${number}`)
      await waitFor(() => {
        expect(sink.standing().lagSeconds).toBe(0)
        const last = sink.standing().places[0]?.sequence
        expect(last).toBe(all)
      })
      await sink.close(1_000)

      const refused = wanted.filter(id => id.endsWith('7'))
      const first = [...new Set(receiver.taken)]
      expect(first).toEqual(wanted.filter(id => !refused.includes(id)))
      const repeated = receiver.taken.filter((id, at) => receiver.taken.indexOf(id) !== at)
      // Where the sink ended while something was under way, nobody heard that it was taken either.
      expect(new Set(repeated).difference(receiver.untold)).toEqual(new Set())
      const lines = readFileSync(quarantineOf(folder, 'siem'), 'utf8').trimEnd().split('\n')
      const aside = lines.map(line => JSON.parse(line) as { id: string; reason: string })
      expect([...new Set(aside.map(({ id }) => id))]).toEqual(refused)
      expect(new Set(aside.map(({ reason }) => reason))).toEqual(new Set(['400: malformed']))
      const { items, atOnce } = receiver.most()
      expect(items).toBeLessThanOrEqual(9)
      expect(atOnce).toBe(1)
      await store.close()
    }
  })

  test('a new sink sends what comes from then on, and one that was here goes on where it was', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    await store.events.append(eventOf(1))
    const receiver = createScriptedReceiver({ next: () => 'take' })
    const start = async () =>
      startSinkOn({
        store: await store.claims(),
        sender: receiver.sender,
        folder,
        clock: quickClock(() => 0),
        settings: sinkSettings({ ...plain, since: 'now' }),
      })
    const first = await start()
    await waitFor(() => {
      expect(first.standing().places).toEqual([{ stream: 'events', sequence: 1 }])
    })
    await first.close(0)
    await store.events.append(eventOf(2))
    const second = await start()
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e2'])
    })
    await store.events.append(eventOf(3))
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e2', 'e3'])
      expect(second.standing()).toMatchObject({
        state: 'OK',
        lagSeconds: 0,
        totals: { sent: 2, quarantined: 0, lost: 0 },
      })
    })
    await second.close(0)
    expect(existsSync(quarantineOf(folder, 'siem'))).toBe(false)
    await store.close()
  })

  test('a connector of which it is not known whose it is waits, and the others do not wait for it', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    const receiver = createScriptedReceiver({ next: () => 'take' })
    let isCertain = false
    const sink = startSinkOn({
      store: await store.claims(),
      sender: receiver.sender,
      folder,
      clock: quickClock(() => 0),
      settings: sinkSettings(plain),
      more: { isCertain: alias => Promise.resolve(alias === 'acme' || isCertain) },
    })
    for (const number of [1, 2, 3, 4])
      await store.events.append(eventOf(number, number % 2 === 0 ? 'acme' : 'globex'))
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e2', 'e4'])
      expect(sink.standing()).toMatchObject({ state: 'OK', totals: { sent: 2 } })
      expect(sink.standing().lagSeconds).toBeGreaterThan(0)
    })
    isCertain = true
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e2', 'e4', 'e1', 'e3'])
    })
    await store.events.append(eventOf(5, 'globex'))
    await waitFor(() => {
      expect(receiver.taken.slice(4)).toEqual(['e5'])
    })
    await sink.close(0)
    expect(await store.events.sinkPlaces()).toMatchObject([{ sequence: 5, behind: {}, sent: 5 }])
    await store.close()
  })

  test('a connector that is removed while the receiver is away, and comes back later, has what was not sent yet sent', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    let isAway = true
    let served = ['acme', 'globex']
    const receiver = createScriptedReceiver({ next: () => (isAway ? 'fail' : 'take') })
    const sink = startSinkOn({
      store: await store.claims(),
      sender: receiver.sender,
      folder,
      clock: quickClock(() => 0),
      settings: sinkSettings(plain),
      more: { connectors: () => served },
    })
    await store.events.append(eventOf(1))
    await waitFor(() => {
      expect(sink.standing().state).toBe('FAILING')
    })
    await store.events.append(eventOf(2, 'globex'))
    await store.events.append(eventOf(3))
    served = ['acme']
    isAway = false
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e1', 'e3'])
      expect(sink.standing().lagSeconds).toBe(0)
    })
    served = ['acme', 'globex']
    await store.events.append(eventOf(4, 'globex'))
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e1', 'e3', 'e2', 'e4'])
    })
    await sink.close(0)
    await store.close()
  })

  test('nothing is sent while it cannot be said whether the sink is still its own', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    let [isAway, isCut] = [true, false]
    const receiver = createScriptedReceiver({ next: () => (isAway ? 'fail' : 'take') })
    const { claims, events } = await store.claims()
    const sink = startSinkOn({
      store: {
        events,
        claims: {
          ...claims,
          take: sink =>
            isCut
              ? Promise.reject(Object.assign(new Error('cut'), { code: 'ECUT' }))
              : claims.take(sink),
        },
      },
      sender: receiver.sender,
      folder,
      clock: quickClock(() => 0),
      settings: sinkSettings(plain),
    })
    await store.events.append(eventOf(1))
    await waitFor(() => {
      expect(sink.standing().state).toBe('FAILING')
    })
    isCut = true
    await waitFor(() => {
      expect(sink.standing().lastFailure?.message).toBe('It failed: ECUT')
    })
    isAway = false
    const sends = receiver.sends()
    const { failures } = sink.standing().counts
    await waitFor(() => {
      expect(sink.standing().counts.failures).toBeGreaterThan(failures + 2)
    })
    expect(receiver.sends()).toBe(sends)
    isCut = false
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e1'])
      expect(sink.standing().state).toBe('OK')
    })
    await sink.close(0)
    await store.close()
  })

  test('what retention deletes before it is sent is told and counted, and the sink goes on behind it', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    let isAway = true
    const receiver = createScriptedReceiver({ next: () => (isAway ? 'fail' : 'take') })
    const said: string[] = []
    const start = async () =>
      startSinkOn({
        store: await store.claims(),
        sender: receiver.sender,
        folder,
        clock: quickClock(() => 0),
        settings: sinkSettings(plain),
        more: { say: (_, message) => said.push(message) },
      })
    const first = await start()
    for (const number of [1, 2, 3]) {
      const old = { ...eventOf(number), occurredAt: number, receivedAt: number }
      await store.events.append(old)
    }
    await waitFor(() => {
      expect(first.standing()).toMatchObject({
        state: 'FAILING',
        lastFailure: { message: 'It failed: ECONNRESET' },
      })
    })
    await first.close(0)
    await store.events.append({ ...eventOf(4), receivedAt: systemClock.now() / 1_000 })
    expect(await store.events.purge()).toBeGreaterThan(0)
    isAway = false
    const second = await start()
    await waitFor(() => {
      expect(receiver.taken.at(-1)).toBe('e4')
      expect(second.standing().lagSeconds).toBe(0)
    })
    const { totals } = second.standing()
    expect(totals?.lost).toBeGreaterThan(0)
    expect(said.join()).toContain(`up to ${totals?.lost} events were deleted`)
    await second.close(0)
    await store.close()
  })
})

describe('a delivery', () => {
  const item = (id: string): PlacedItem => ({
    item: { id, connector: 'acme', time: 0, line: '{}' },
    sequence: Number(id),
    storedAt: 0,
  })
  const never = new AbortController().signal
  const signals = { soon: never, now: never }
  const nothing = () => undefined
  const isOurs = () => Promise.resolve(true)

  test('goes by what the receiver asks for, and later and later where it says nothing', async () => {
    const clock = createFakeClock()
    const sentAt: number[] = []
    const begun = clock.now()
    const failures = [new Error('reset'), new Error('reset'), new NotNowError('busy', 20_000)]
    const deliver = createDeliver({
      sender: {
        send: async () => {
          sentAt.push(clock.now() - begun)
          const failure = failures.shift()
          if (failure !== undefined) throw failure
        },
      },
      quarantine: { add: () => Promise.resolve(true) },
      clock: { ...clock, random: () => 0 },
      ...{ isOurs, onFailure: nothing, onWorked: nothing, onFull: nothing },
    })
    const delivered = deliver([item('1')], () => Promise.resolve(), signals)
    await clock.advance(120_000)
    await delivered
    // Half of half a second, of one; then what was asked for, and half a second of its own.
    expect(sentAt).toEqual([0, 250, 750, 21_250])
  })

  test('asks before each attempt whether it is its own still, and sends nothing once it is not', async () => {
    const clock = createFakeClock()
    let isStillOurs = true
    let sends = 0
    const deliver = createDeliver({
      sender: {
        send: () => {
          sends += 1
          // While it waits for its next try, the sink becomes somebody else's.
          isStillOurs = sends < 3
          return Promise.reject(new Error('reset'))
        },
      },
      quarantine: { add: () => Promise.resolve(true) },
      clock,
      isOurs: () => Promise.resolve(isStillOurs),
      ...{ onFailure: nothing, onWorked: nothing, onFull: nothing },
    })
    const delivered = expect(
      deliver([item('1')], () => Promise.resolve(), signals),
    ).rejects.toBeInstanceOf(ClaimLostError)
    await clock.advance(120_000)
    await delivered
    expect(sends).toBe(3)
  })

  test('what is refused waits until the quarantine can be written', async () => {
    const clock = createFakeClock()
    let tries = 0
    const told: unknown[] = []
    const done: unknown[] = []
    const deliver = createDeliver({
      sender: { send: () => Promise.reject(new RefusedError('400')) },
      quarantine: {
        add: () => {
          tries += 1
          return tries < 3 ? Promise.reject(new Error('no room')) : Promise.resolve(false)
        },
      },
      clock,
      isOurs,
      onFailure: error => told.push((error as Error).message),
      onWorked: nothing,
      onFull: () => told.push('full'),
    })
    const delivered = deliver([item('1')], async (_, what) => void done.push(what), signals)
    await clock.advance(10_000)
    await delivered
    expect(told).toEqual(['no room', 'no room', 'full'])
    expect(done).toEqual([{ sent: 0, quarantined: 1 }])
  })

  test('sends nothing of what cannot be sent as it should be, and the rest in its order', async () => {
    const sent: string[] = []
    const aside: string[] = []
    const deliver = createDeliver({
      sender: { send: async items => void sent.push(...items.map(({ id }) => id)) },
      quarantine: {
        add: async ({ id }, reason) => {
          aside.push(`${id}: ${reason}`)
          return true
        },
      },
      clock: createFakeClock(),
      ...{ onFailure: nothing, onWorked: nothing, onFull: nothing },
    })
    const items = ['1', '2', '3', '4', '5'].map(id => ({
      ...item(id),
      flaw: id === '3' ? 'broken' : undefined,
    }))
    const reached: number[] = []
    await deliver(items, async ({ sequence }) => void reached.push(sequence), signals)
    expect([sent, aside]).toEqual([['1', '2', '4', '5'], ['3: broken']])
    expect(reached).toEqual([2, 3, 5])
  })

  test('waits no longer than five minutes for who does not even listen to being told to stop', async () => {
    const clock = createFakeClock()
    let sends = 0
    const failures: string[] = []
    const deliver = createDeliver({
      sender: {
        send: () => {
          sends += 1
          return sends === 1 ? new Promise(nothing) : Promise.resolve()
        },
      },
      quarantine: { add: () => Promise.resolve(true) },
      clock,
      onFailure: error => failures.push((error as Error).message),
      ...{ isOurs, onWorked: nothing, onFull: nothing },
    })
    const delivered = deliver([item('1')], () => Promise.resolve(), signals)
    await clock.advance(299_999)
    expect(sends).toBe(1)
    await clock.advance(1_000)
    await delivered
    expect([sends, failures]).toEqual([
      2,
      ['The receiver did not take what was sent within 300000 ms'],
    ])
  })
})
