import { describe, expect, test } from 'vitest'
import type { StandIn, StandInOptions } from '../../../src/demo/stand-in.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { collectionOfEvent, type Members } from '../../../src/model/events.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { createFakeClock } from '../../support/clock.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { webhookServerForTest } from '../../support/webhook-server.ts'

const MINUTE = 60_000
const SLICE = 4_000

const lifeForTest = async (switches: StandInOptions['switches'] = {}) => {
  const clock = createFakeClock()
  const server = await webhookServerForTest(clock)
  const standIn = await standInForTest({ clock, switches })
  standIn.sendWebhooks(server.target)
  /** Lets time pass until all that is due in it was answered. */
  const pass = async (ms: number): Promise<void> => {
    // Less at a time than the stand-in waits for an answer.
    for (let left = ms; left >= 0; left -= SLICE) {
      await clock.advance(Math.min(left, SLICE))
      await standIn.webhooksSettled()
    }
  }
  const steps = async (count: number): Promise<void> => {
    for (let step = 0; step < count; step++) {
      standIn.step()
      await pass(0)
    }
  }
  return { clock, server, standIn, pass, steps }
}

const rowsOf = (standIn: StandIn, name: CollectionName): readonly object[] => standIn.data[name]

describe('a tenant that lives', () => {
  test('tells of each change as Push does, so that who follows has what its lists give', async () => {
    const { clock, server, standIn, pass } = await lifeForTest()
    const told = new Map<CollectionName, Map<unknown, object>>(
      collectionNames.map(name => [name, new Map(standIn.data[name].map(row => [row.id, row]))]),
    )
    const seen = new Set<string>()
    const happened = new Set<string>()
    while (happened.size < 3 * collectionNames.length) {
      const change = standIn.step()
      if (change === undefined) throw new Error('nothing happens')
      happened.add(
        `${change.collection} ${String(change.old === null)} ${String(change.new === null)}`,
      )
      // Of changes within a second nobody knows the order.
      await clock.advance(1_000)
      if (standIn.changes.length % 4 === 0) await standIn.webhooksSettled()
    }
    await pass(0)
    expect(server.arrived.every(({ isGenuine }) => isGenuine)).toBe(true)
    const inOrder = server.arrived
      .map(({ payload }) => payload)
      .toSorted((a, b) => Number(a['timestamp']) - Number(b['timestamp']))
    for (const payload of inOrder) {
      const delivery = readDelivery(Buffer.from(JSON.stringify(payload)), clock.now() / 1_000)
      if (!delivery.ok) throw new Error(delivery.problem)
      expect(delivery.event.inferred).toEqual([])
      const collection = collectionOfEvent(delivery.event)
      if (collection === undefined) throw new Error(`about nothing: ${delivery.event.object}`)
      const { type, new: now, old } = payload as Record<'new' | 'old', Members | null> & Members
      seen.add(`${collection} ${String(type)}`)
      expect([now === null, old === null]).toEqual([type === 'DELETE', type === 'CREATE'])
      if (now === null) told.get(collection)?.delete(old?.['id'])
      else told.get(collection)?.set(now['id'], now)
    }
    expect(seen).toEqual(
      new Set(
        collectionNames.flatMap(name =>
          ['CREATE', 'UPDATE', 'DELETE'].map(type => `${name} ${type}`),
        ),
      ),
    )
    for (const name of collectionNames) {
      // Of those, webhooks tell by the id in the browser's store.
      if (name === 'browserExtensions') continue
      const rows = [...(told.get(name)?.values() ?? [])].map(row => {
        const { events: _events, employee: _employee, ...plain } = row as Members
        return name === 'detections' ? plain : row
      })
      const expected = rowsOf(standIn, name).map(row => {
        const { events: _, ...plain } = row as Members
        return name === 'detections' ? plain : row
      })
      expect(new Set(rows), name).toEqual(new Set(expected))
    }
  })

  test('names an extension by its id in the store, and whose it is', async () => {
    const { server, standIn, steps } = await lifeForTest()
    while (!server.arrived.some(({ payload }) => payload['object'] === 'BROWSER_EXTENSION'))
      await steps(10)
    const change = standIn.changes.find(({ collection }) => collection === 'browserExtensions')
    const row = (change?.new ?? change?.old) as Members | undefined
    const told = server.arrived.find(({ payload }) => payload['object'] === 'BROWSER_EXTENSION')
    const subject = (told?.payload['new'] ?? told?.payload['old']) as Members
    expect(subject).toMatchObject({ id: row?.['extensionId'], name: row?.['name'] })
    for (const name of ['extensionId', 'employeeId', 'browserId'])
      expect(subject).not.toHaveProperty(name)
  })

  test('changes at the rate that is set, is still without one, and stops when told', async () => {
    const { clock, standIn, pass } = await lifeForTest()
    await pass(60 * MINUTE)
    expect(standIn.changes).toEqual([])
    expect(clock.waiting()).toBe(0)
    standIn.sendWebhooks(undefined)
    standIn.set({ changesPerMinute: 6 })
    await pass(100 * MINUTE)
    expect(standIn.changes.length).toBeGreaterThan(550)
    expect(standIn.changes.length).toBeLessThan(650)
    standIn.set({ changesPerMinute: 0 })
    expect(clock.waiting()).toBe(0)
    const { length } = standIn.changes
    await pass(60 * MINUTE)
    expect(standIn.changes.length).toBe(length)
  })

  test('has logins and deeds of administrators beside, which no list shows', async () => {
    const { server, standIn, pass } = await lifeForTest({ activityPerMinute: 60 })
    for (let minute = 0; minute < 3; minute++) await pass(MINUTE)
    const {
      ACTIVITY = [],
      AUDIT = [],
      ...others
    } = Object.groupBy(server.arrived, ({ payload }) => String(payload['category']))
    expect(Object.keys(others)).toEqual([])
    expect(ACTIVITY.length).toBeGreaterThan(AUDIT.length)
    expect(AUDIT.length).toBeGreaterThan(0)
    expect(standIn.changes).toEqual([])
    const ids = new Set(server.arrived.map(({ payload }) => payload['id']))
    expect(ids.size).toBe(server.arrived.length)
  })

  test('does the same for the same seed and time, and other things at another', async () => {
    const changesOf = async (startMs: number) => {
      const standIn = await standInForTest({ clock: createFakeClock({ startMs }) })
      for (let step = 0; step < 20; step++) standIn.step()
      return standIn.changes.map(({ collection, new: now, old }) => ({ collection, now, old }))
    }
    const [first, same, other] = [
      await changesOf(1e12),
      await changesOf(1e12),
      await changesOf(2e12),
    ]
    expect(same).toEqual(first)
    expect(other).not.toEqual(first)
  })
})

describe('webhooks by switches', () => {
  test('are lost', async () => {
    const { server, standIn, steps } = await lifeForTest({ webhookLoss: 1 })
    await steps(5)
    expect([server.arrived.length, standIn.webhookCounts.lost]).toEqual([0, 5])
    expect(standIn.untoldChanges).toEqual(standIn.changes)
    standIn.set({ webhookLoss: 0.5 })
    await steps(100)
    const { lost, taken } = standIn.webhookCounts
    expect(taken).toBe(server.arrived.length)
    expect(lost + taken).toBe(105)
    expect(standIn.untoldChanges.length).toBe(lost)
    expect(standIn.changes).toEqual(expect.arrayContaining([...standIn.untoldChanges]))
    expect(Math.min(lost, taken)).toBeGreaterThan(30)
  })

  test('are late, by no more than was said, and tell when it happened', async () => {
    const { clock, server, steps, pass } = await lifeForTest({ webhookDelayMs: 10_000 })
    const happened = clock.now()
    await steps(30)
    expect(server.arrived.length).toBeLessThan(5)
    await pass(5_000)
    const half = server.arrived.length
    expect(half).toBeGreaterThan(5)
    expect(half).toBeLessThan(25)
    await pass(5_000)
    expect(server.arrived.length).toBe(30)
    for (const { payload } of server.arrived) expect(payload['timestamp']).toBe(happened / 1_000)
  })

  test('overtake one another', async () => {
    const { server, standIn, steps } = await lifeForTest({ webhookReorder: 0.5 })
    await steps(40)
    standIn.set({ webhookReorder: 0 })
    await steps(1)
    const ids = server.arrived.map(({ payload }) => (payload['new'] ?? payload['old']) as Members)
    expect(ids.length).toBe(41)
    const inOrder = standIn.changes.map(({ new: now, old }) => (now ?? old)?.id)
    const told = ids.filter(({ id }) => inOrder.includes(String(id))).map(({ id }) => id)
    expect(told).not.toEqual(inOrder.filter(id => told.includes(id)))
    expect(new Set(told)).toEqual(new Set(inOrder.filter(id => told.includes(id))))
  })

  test('come twice, with the same id and a signature of their own', async () => {
    const { server, standIn, steps, pass } = await lifeForTest({ webhookRepeats: 1 })
    await steps(10)
    await pass(1_000)
    expect(server.arrived.length).toBe(20)
    expect(new Set(server.arrived.map(({ payload }) => payload['id'])).size).toBe(10)
    expect(server.arrived.every(({ isGenuine }) => isGenuine)).toBe(true)
    expect(standIn.webhookCounts).toMatchObject({ taken: 10, repeated: 10 })
  })

  test('tell one member wrongly, but never which object it is', async () => {
    const { server, standIn, steps } = await lifeForTest({ webhookMisreports: 1 })
    await steps(60)
    let wrong = 0
    server.arrived.forEach(({ payload }, index) => {
      const { new: now } = standIn.changes[index] ?? { new: null }
      const told = payload['new'] as Members | null
      if (now === null || told === null || payload['object'] === 'BROWSER_EXTENSION') return
      const row = now as unknown as Members
      const differing = Object.keys({ ...row, ...told }).filter(
        name =>
          !['events', 'employee'].includes(name) &&
          JSON.stringify(row[name]) !== JSON.stringify(told[name]),
      )
      // Of what was first written down just now, nothing else is known that might be told.
      expect(differing.length).toBeLessThan(2)
      expect(told['id']).toBe(now.id)
      wrong += differing.length
    })
    expect(wrong).toBeGreaterThan(30)
    expect(standIn.webhookCounts.misreported).toBeGreaterThanOrEqual(wrong)
  })

  test('are sent four times where nobody takes them, and then no more', async () => {
    const { server, standIn, steps, pass } = await lifeForTest()
    server.status = 503
    await steps(1)
    const sends = [1]
    for (const minutes of [1, 5, 15, 60]) {
      await pass(minutes * MINUTE - 1)
      expect(server.arrived.length).toBe(sends.at(-1))
      await pass(1)
      sends.push(server.arrived.length)
    }
    expect(sends).toEqual([1, 2, 3, 4, 4])
    expect(server.arrived.every(({ isGenuine }) => isGenuine)).toBe(true)
    expect(new Set(server.arrived.map(({ signature }) => signature)).size).toBe(4)
    expect(standIn.webhookCounts).toMatchObject({ taken: 0, refused: 1 })
  })

  test('count as taken where a later send was, as not taken after five seconds', async () => {
    const { clock, server, standIn, pass } = await lifeForTest()
    server.status = null
    standIn.step()
    await expect.poll(() => server.arrived.length).toBe(1)
    await clock.advance(4_999)
    expect(clock.waiting()).toBe(1)
    await pass(1)
    server.status = 204
    await pass(MINUTE)
    expect(server.arrived.length).toBe(2)
    expect(standIn.webhookCounts).toMatchObject({ taken: 1, refused: 0 })
  })

  test('go nowhere once nobody is named, not even those that wait', async () => {
    const { clock, server, standIn, steps } = await lifeForTest({ webhookDelayMs: 10_000 })
    await steps(5)
    const before = server.arrived.length
    standIn.sendWebhooks(undefined)
    expect(clock.waiting()).toBe(0)
    await steps(5)
    expect(server.arrived.length).toBe(before)
  })
})
