import { expect, test } from 'vitest'
import type { PlacedItem } from '../../src/sinks/batch.ts'
import { createDeliver } from '../../src/sinks/delivery.ts'
import { ClaimLostError } from '../../src/sinks/place-book.ts'
import { NotNowError, RefusedError } from '../../src/sinks/sender.ts'
import { createFakeClock } from '../support/clock.ts'

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
    ...{ isOurs, onFailure: nothing, onWorked: nothing, onAside: nothing },
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
    ...{ onFailure: nothing, onWorked: nothing, onAside: nothing },
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
    onAside: aside => told.push(aside),
  })
  const delivered = deliver([item('1')], async (_, what) => void done.push(what), signals)
  await clock.advance(10_000)
  await delivered
  expect(told).toEqual([
    ...['no room', 'no room'],
    { items: 1, unkept: 1, reasons: new Set(['400']) },
  ])
  expect(done).toEqual([{ sent: 0, quarantined: 1 }])
})

test('tells once of what was set aside of a batch, also where it ends before its end', async () => {
  const told: unknown[] = []
  const soon = new AbortController()
  const deliver = createDeliver({
    sender: {
      send: async ([first, ...others]) => {
        if (others.length > 0 || Number(first?.id) < 3) throw new RefusedError(`no ${first?.id}`)
      },
    },
    quarantine: { add: ({ id }) => Promise.resolve(id === '1') },
    clock: createFakeClock(),
    ...{ isOurs, onFailure: nothing, onWorked: nothing },
    onAside: aside => told.push(aside),
  })
  const items = ['1', '2', '3', '4'].map(item)
  const delivered = deliver(
    items,
    async ({ sequence }) => {
      if (sequence === 3) soon.abort(new Error('ended'))
    },
    { ...signals, soon: soon.signal },
  )
  await expect(delivered).rejects.toThrow('ended')
  expect(told).toEqual([{ items: 2, unkept: 1, reasons: new Set(['no 1', 'no 2']) }])
  await deliver(items.slice(2, 3), () => Promise.resolve(), signals)
  expect(told).toHaveLength(1)
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
    ...{ isOurs, onFailure: nothing, onWorked: nothing, onAside: nothing },
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
    ...{ isOurs, onWorked: nothing, onAside: nothing },
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
