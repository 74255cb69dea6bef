import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EventsUnavailable } from '../../src/events/events.ts'
import type { EventRow, NewEvent } from '../../src/model/events.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createFakeClock } from '../support/clock.ts'
import { delivery, SECRET } from '../support/deliveries.ts'

/** The signature as Push documents it, made without the code under test. */
const signed = (body: Uint8Array, t: number, secret = SECRET): string =>
  `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex')}`

/** A receiver with a file that is a list. */
const receiverForTest = ({
  append,
  onStored,
}: {
  append?: () => never
  onStored?: () => never
} = {}) => {
  const clock = createFakeClock()
  const nowSeconds = clock.now() / 1_000
  const file: EventRow[] = []
  const told: (readonly [id: string, happenedAt: number])[] = []
  const problems: string[] = []
  const receiver = createReceiver({
    secretsOf: connector =>
      new Map([
        ['default', [SECRET, 'psws_older']],
        ['silent', []],
      ]).get(connector),
    events: {
      append: async (event: NewEvent): Promise<EventRow | null> => {
        append?.()
        if (file.some(({ id }) => id === event.id)) return Promise.resolve(null)
        const stored = { ...event, sequence: file.length + 1 }
        file.push(stored)
        return Promise.resolve(stored)
      },
    },
    clock,
    onStored: (event, happenedAt) => {
      told.push([event.id, happenedAt])
      onStored?.()
    },
    onProblem: message => problems.push(message),
  })
  const receive = (body: Uint8Array, signedAt = nowSeconds, connector = 'default') =>
    receiver.receive(connector, signed(body, signedAt), body)
  return { clock, nowSeconds, file, told, problems, receiver, receive }
}

describe('a delivery', () => {
  it.each([
    [-2_101, { kind: 'refused', reason: 'too old' }],
    [-2_100, { kind: 'stored' }],
    [2_100, { kind: 'stored' }],
    [2_101, { kind: 'refused', reason: 'too new' }],
  ])('signed %i s from now by our clock comes to %o', async (apart, outcome) => {
    const { nowSeconds, file, told, receive } = receiverForTest()
    expect(await receive(delivery({ id: 'one' }), nowSeconds + apart)).toEqual(outcome)
    const stored = outcome.kind === 'stored' ? 1 : 0
    expect([file.length, told.length]).toEqual([stored, stored])
  })

  it('is followed once, however often it comes, and whichever secret signed it', async () => {
    const { clock, nowSeconds, told, receiver, receive } = receiverForTest()
    const body = delivery({ id: 'one', timestamp: nowSeconds })
    expect(await receive(body)).toEqual({ kind: 'stored' })
    expect(await receive(body)).toEqual({ kind: 'known' })
    const older = signed(body, nowSeconds, 'psws_older')
    expect(await receiver.receive('default', older, body)).toEqual({ kind: 'known' })
    expect(told).toEqual([['one', clock.now()]])
  })

  it.each([
    ['is missing', undefined],
    ['lies far ahead', 4_070_908_800],
  ])('whose time %s is news when it is signed, however old its object is', async (_, timestamp) => {
    const { clock, nowSeconds, file, told, receive } = receiverForTest()
    const { timestamp: __, ...made } = JSON.parse(delivery({ id: 'one' }).toString()) as {
      timestamp: number
    }
    const body = Buffer.from(
      JSON.stringify({
        ...made,
        ...(timestamp === undefined ? {} : { timestamp }),
        object: 'ACCOUNT',
        category: 'ENTITY',
        type: 'DELETE',
        old: { id: 'a1', lastUsedTimestamp: nowSeconds - 8_640_000 },
      }),
    )
    expect(await receive(body)).toEqual({ kind: 'stored' })
    expect(told).toEqual([['one', clock.now()]])
    const [event] = file
    expect(event?.occurredAt).toBe(
      Math.floor(timestamp === undefined ? nowSeconds - 8_640_000 : nowSeconds),
    )
  })

  it('that was on its way for a while tells of what happened so long before, to the second', async () => {
    const { clock, nowSeconds, told, receive } = receiverForTest()
    // Both times are cut to whole seconds: between them may lie a second less than they differ by.
    for (const [id, age] of [
      ['now', 0],
      ['a second', 1],
      ['a minute', 60],
      ['ahead', -5],
    ] as const)
      await receive(delivery({ id, timestamp: nowSeconds - age }))
    expect(told).toEqual([
      ['now', clock.now()],
      ['a second', clock.now()],
      ['a minute', clock.now() - 59_000],
      ['ahead', clock.now()],
    ])
  })

  it('stays stored where what follows from it fails', async () => {
    const { file, problems, receive } = receiverForTest({
      onStored: () => {
        throw new Error('broken')
      },
    })
    expect(await receive(delivery({ id: 'one' }))).toEqual({ kind: 'stored' })
    expect([file.length, problems]).toEqual([1, ['A stored event could not be followed']])
  })

  it('is to be sent again where the file cannot be written; a bug does not pass for that', async () => {
    const full = receiverForTest({
      append: () => {
        throw new EventsUnavailable('disk full')
      },
    })
    expect(await full.receive(delivery({ id: 'one' }))).toEqual({ kind: 'unavailable' })
    expect([full.told, full.problems.length]).toEqual([[], 1])
    const broken = receiverForTest({
      append: () => {
        throw new TypeError('a bug')
      },
    })
    await expect(broken.receive(delivery({ id: 'one' }))).rejects.toThrow('a bug')
  })
})

describe('counts', () => {
  it('are by connector and outcome, and never by a name that only a caller knows', async () => {
    const { nowSeconds, receiver, receive } = receiverForTest()
    const body = delivery({ id: 'one' })
    await receive(body)
    await receive(body)
    await receive(body, nowSeconds - 9_999)
    await receive(body, nowSeconds, 'silent')
    await receive(body, nowSeconds, 'guessed')
    await receive(body, nowSeconds, 'guessed too')
    expect(receiver.counts()).toEqual(
      new Map([
        [
          'default',
          new Map([
            ['stored', 1],
            ['known', 1],
            ['refused', 1],
          ]),
        ],
        ['silent', new Map([['refused', 1]])],
        ['', new Map([['unknown connector', 2]])],
      ]),
    )
  })
})
