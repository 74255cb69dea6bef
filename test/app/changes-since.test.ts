import { expect, it, onTestFinished } from 'vitest'
import { createChangesSince } from '../../src/app/changes-since.ts'
import { openEvents } from '../../src/events/events.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { Change } from '../../src/store/table/follow.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

const NOW = 1_700_000_000

const eventsForTest = async () => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  const store = (id: string, occurredAt: number, receivedAt: number) =>
    events.append(
      eventOf(
        delivery({
          ...{ id, timestamp: occurredAt, object: 'FINDING', category: 'ENTITY', type: 'UPDATE' },
          new: { id, state: 'OPEN' },
        }),
        { receivedAt },
      ),
    )
  return { events, store }
}

it('tells that a change of which Push told at a later try is older than what was read before that', async () => {
  const { events, store } = await eventsForTest()
  // At once, before the time that is asked for; then one at the second try, a minute later.
  await store('quick', NOW - 100, NOW - 99.5)
  await store('late', NOW, NOW + 60)

  const changes: Change[] = []
  const changesSince = createChangesSince(events, () => undefined)('default')
  const isAll = await changesSince((NOW - 10) * 1_000, change => changes.push(change))
  expect(isAll).toBe(true)
  expect(changes.map(({ at, toldAt }) => [at / 1_000 - NOW, Number(toldAt) / 1_000 - NOW])).toEqual(
    [[1.5, 60]],
  )
})

it.each([
  ['before it was of another tenant', 0, false],
  ['while it was', 15, false],
  ['since it is of the present one', 20, true],
])(
  'tells of a connector what came %s only where no event is of another tenant',
  async (_what, since, isAll) => {
    const { events, store } = await eventsForTest()
    for (const at of [5, 15, 25]) await store(`${at}`, NOW + at, NOW + at)
    const periods = [
      { from: 0, until: (NOW + 10) * 1_000 },
      { from: (NOW + 20) * 1_000, until: Infinity },
    ]
    const told: string[] = []
    const changesSince = createChangesSince(events, () => periods)('default')
    const found = await changesSince((NOW + since) * 1_000, ({ object }) =>
      told.push((object as { readonly id: string }).id),
    )
    expect(found).toBe(isAll)
    expect(told).toEqual(isAll ? ['25'] : [])
  },
)

it('follows ten thousand events, and leaves more of them to a new reading', async () => {
  const { events, store } = await eventsForTest()
  const changesSince = createChangesSince(events, () => undefined)('default')
  const followed = async () => {
    let told = 0
    const isAll = await changesSince(NOW * 1_000, () => (told += 1))
    return { isAll, told }
  }
  await Promise.all(Array.from({ length: 10_000 }, (_, n) => store(`${n}`, NOW + 1, NOW + 1)))
  expect(await followed()).toEqual({ isAll: true, told: 10_000 })
  await store('one more', NOW + 2, NOW + 2)
  expect(await followed()).toMatchObject({ isAll: false })
})
