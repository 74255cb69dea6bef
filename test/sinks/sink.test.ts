import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { quarantineOf } from '../../src/sinks/quarantine.ts'
import { createRandom } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { storedEvent } from '../support/rows.ts'
import { runsOr } from '../support/runs.ts'
import { type Behaviour, createScriptedReceiver } from '../support/sinks/scripted-sender.ts'
import {
  quickClock,
  sinkSettings,
  type SinkStore,
  sinkStores,
  startSinkOn,
} from '../support/sinks/sink-store.ts'

const plain = { ocsf: undefined, send: ['events'] } as const

const eventOf = (number: number, connector = 'acme'): NewEvent =>
  storedEvent({ id: `e${number}`, connector, occurredAt: 1_767_225_600 + number })

const waitFor = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 })

const placesIn = async ({ events }: SinkStore, name = 'siem') =>
  (await events.sinkPlaces())
    .filter(({ sink }) => sink === name)
    .map(({ sequence, behind }) => [sequence, behind])

describe.each(Object.keys(sinkStores))('over %s', kind => {
  const open = (folder: string) => {
    const openStore = sinkStores[kind]
    if (openStore === undefined) throw new Error(kind)
    return openStore(folder)
  }

  test('whatever the receiver does and however often the sink begins anew, nothing is lost or out of order, and what is repeated was not known to be taken', async () => {
    for (let run = 1; run <= runsOr(3); run += 1) {
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
          clock: quickClock(random, 2_000),
          settings,
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
      // That it was taken is written down after it was.
      expect(sink.standing().places).toEqual([{ stream: 'events', sequence: 5 }])
    })
    await sink.close(0)
    expect(await placesIn(store)).toEqual([[5, {}]])
    expect(await store.events.sinkPlaces()).toMatchObject([{ sent: 5 }])
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

  test('what comes of a connector while one sends that does not serve it waits, is told once, and is sent by one that does', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    const receiver = createScriptedReceiver({ next: () => 'take' })
    const said: string[] = []
    const start = async (served: readonly string[], settings = sinkSettings(plain)) =>
      startSinkOn({
        store: await store.claims(),
        sender: receiver.sender,
        folder,
        settings,
        more: { connectors: () => served, say: (level, message) => said.push(level, message) },
      })
    const both = await start(['acme', 'globex'])
    await store.events.append(eventOf(1, 'globex'))
    await waitFor(() => {
      expect(both.standing().places).toEqual([{ stream: 'events', sequence: 1 }])
    })
    await both.close(0)
    await store.events.append(eventOf(2, 'globex'))
    const without = await start(['acme'])
    for (const number of [3, 4, 5])
      await store.events.append(eventOf(number, number === 4 ? 'globex' : 'acme'))
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e1', 'e3', 'e5'])
      expect(without.standing().places).toEqual([{ stream: 'events', sequence: 5 }])
    })
    await without.close(0)
    expect(said).toEqual([
      'warn',
      'Sink siem: what is stored of connector globex, which is not served here, waits until it is',
    ])
    const last = await start(['acme', 'globex'])
    await waitFor(() => {
      expect(receiver.taken).toEqual(['e1', 'e3', 'e5', 'e2', 'e4'])
      expect(last.standing().lagSeconds).toBe(0)
    })
    await last.close(0)
    // What is not in its list is none of the sink's: nothing of it waits.
    const listed = await start(
      ['acme'],
      sinkSettings({ ...plain, name: 'listed', connectors: ['acme'] }),
    )
    await waitFor(() => {
      expect(receiver.taken.slice(5)).toEqual(['e3', 'e5'])
      expect(listed.standing().places).toEqual([{ stream: 'events', sequence: 5 }])
    })
    await listed.close(0)
    expect(await placesIn(store, 'listed')).toEqual([[5, {}]])
    expect(said).toHaveLength(2)
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

  test('what is refused is said with the reason and without any of it, and told apart where the quarantine does not keep it', async () => {
    const folder = directoryForTest()
    const store = await open(folder)
    const said: string[] = []
    let isFull = false
    const sink = startSinkOn({
      store: await store.claims(),
      sender: createScriptedReceiver({ next: () => 'take', refuses: () => true }).sender,
      folder,
      settings: sinkSettings(plain),
      more: {
        quarantine: { add: () => Promise.resolve(!isFull) },
        say: (level, message) => said.push(`${level}: ${message}`),
      },
    })
    await store.events.append({ ...eventOf(1), body: '{"text":"of a customer"}' })
    await waitFor(() => {
      expect(said).toEqual([
        'warn: Sink siem: refused for good and set aside in the quarantine: 1 (400: malformed)',
      ])
    })
    isFull = true
    await store.events.append(eventOf(2))
    await waitFor(() => {
      expect(said.slice(1)).toEqual([
        'error: Sink siem: refused for good: 1, of which 1 are not kept, since the quarantine is full: move its file away (400: malformed)',
      ])
      expect(sink.standing().totals).toMatchObject({ sent: 0, quarantined: 2 })
    })
    expect(sink.standing().counts).toMatchObject({ quarantined: 2, unkept: 1 })
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
