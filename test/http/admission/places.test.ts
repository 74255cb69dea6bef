/** Which operations run, which wait for their turn, and which are refused. */
import { describe, expect, it } from 'vitest'
import { overLimit } from '../../../src/http/admission/limits.ts'
import { createPlaces, type OperationPlace } from '../../../src/http/admission/places.ts'
import { createFakeClock } from '../../support/clock.ts'
import { wideLimits } from '../../support/door.ts'

const createForTest = (
  operations: { perCaller: number; inAll: number },
  waiting = { perCaller: 100, inAll: 100 },
  isLate?: () => boolean,
  now?: () => number,
) => {
  const clock = createFakeClock()
  const limits = { ...wideLimits, operations, waiting, maxWaitMs: 1_000 }
  const places = createPlaces(limits, clock, (...of) => overLimit(limits, ...of), isLate, now)
  /** In the order in which they got in. */
  const ran: string[] = []
  const enter = (caller: string, name = caller): OperationPlace => {
    const place = places.enter(caller)
    if (place.ready === undefined) ran.push(name)
    else
      place.ready.then(
        isIn => ran.push(isIn ? name : `${name} left`),
        () => ran.push(`${name} refused`),
      )
    return place
  }
  return { clock, places, ran, enter }
}

/** Lets promises tell what they came to. */
const settle = async () => {
  for (let turn = 0; turn < 2; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

describe('an operation', () => {
  it('runs beside as many of its caller as are allowed, and waits beyond', async () => {
    const { places, enter, ran } = createForTest({ perCaller: 2, inAll: 100 })
    const [first] = [enter('a', '1'), enter('a', '2'), enter('a', '3')]
    expect([ran, places.counts()]).toEqual([['1', '2'], { running: 2, waiting: 1 }])
    enter('b', 'other')
    first?.leave()
    await settle()
    expect([ran, places.counts()]).toEqual([['1', '2', 'other', '3'], { running: 3, waiting: 0 }])
  })

  it('waits where all callers have all places, and runs when one comes free', async () => {
    const { enter, ran } = createForTest({ perCaller: 5, inAll: 2 })
    const first = enter('a')
    enter('b')
    enter('c')
    expect(ran).toEqual(['a', 'b'])
    first.leave()
    await settle()
    expect(ran).toEqual(['a', 'b', 'c'])
  })

  it('finds a place though others take all that they can', () => {
    const { enter, ran } = createForTest({ perCaller: 8, inAll: 8 })
    for (const caller of ['a', 'b']) for (let at = 0; at < 20; at += 1) enter(caller)
    enter('honest')
    expect(ran).toEqual([...'aaaa', ...'bb', 'honest'])
  })

  it('has its turn after one of each caller that waits, however many those have', async () => {
    const { enter, ran } = createForTest({ perCaller: 1, inAll: 1 })
    let running = enter('z')
    const waiting = new Map<string, OperationPlace>()
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'])
      waiting.set(name, enter(name.charAt(0), name))
    for (let at = 0; at < 6; at += 1) {
      running.leave()
      await settle()
      running = waiting.get(ran.at(-1) ?? '') ?? running
    }
    expect(ran).toEqual(['z', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  it('may wait where as many wait as are allowed, and is refused beyond', () => {
    const { enter } = createForTest({ perCaller: 1, inAll: 9 }, { perCaller: 2, inAll: 100 })
    for (let at = 0; at < 3; at += 1) enter('a')
    expect(() => enter('a')).toThrow(
      expect.objectContaining({
        code: 'RATE_LIMITED',
        fields: { limit: 'PUSHGRAPH_MAX_WAITING', max: 2, retryAfterMs: 1_000 },
      }),
    )
    expect(() => enter('b')).not.toThrow()
  })

  it('is refused where all callers together wait too often', () => {
    const { enter } = createForTest({ perCaller: 1, inAll: 1 }, { perCaller: 9, inAll: 2 })
    for (const caller of ['a', 'b', 'c']) enter(caller)
    expect(() => enter('d')).toThrow(
      expect.objectContaining({
        fields: { limit: 'PUSHGRAPH_MAX_WAITING_ALL', max: 2, retryAfterMs: 1_000 },
      }),
    )
  })

  it('is refused when it has waited for so long, and not before', async () => {
    const { clock, places, enter, ran } = createForTest({ perCaller: 1, inAll: 9 })
    enter('a')
    const waiting = enter('a', 'late')
    await clock.advance(999)
    await settle()
    expect(ran).toEqual(['a'])
    await clock.advance(1)
    await settle()
    expect([ran, places.counts()]).toEqual([['a', 'late refused'], { running: 1, waiting: 0 }])
    await expect(waiting.ready).rejects.toThrow('PUSHGRAPH_MAX_OPERATIONS')
    waiting.leave()
    expect(places.counts()).toEqual({ running: 1, waiting: 0 })
  })

  it('does not run where its caller leaves at the moment at which it is let in', async () => {
    const { places, enter, ran } = createForTest({ perCaller: 1, inAll: 9 })
    const first = enter('a')
    const next = enter('a', 'next')
    first.leave()
    next.leave()
    await settle()
    expect([ran, places.counts()]).toEqual([['a', 'next left'], { running: 0, waiting: 0 }])
  })

  it('does not wait for a caller who has left, and leaves only once', async () => {
    const { places, enter, ran } = createForTest({ perCaller: 1, inAll: 9 })
    const first = enter('a')
    const gone = enter('a', 'gone')
    enter('a', 'next')
    gone.leave()
    gone.leave()
    first.leave()
    first.leave()
    await settle()
    expect([ran, places.counts()]).toEqual([['a', 'gone left', 'next'], { running: 1, waiting: 0 }])
  })

  it('waits for the next pass of the event loop where this one lasts long already', async () => {
    let isLate = false
    const wide = { perCaller: 9, inAll: 9 }
    let time = 0
    const { places, enter, ran } = createForTest(
      wide,
      wide,
      () => isLate,
      () => (time += 10),
    )
    enter('a', 'in time')
    isLate = true
    for (const name of ['a1', 'a2', 'b1']) enter(name.charAt(0), name)
    expect([ran, places.counts()]).toEqual([['in time'], { running: 4, waiting: 0 }])
    // However much they do at once, others come between them, and callers take turns.
    for (const told of [['a1'], ['a1', 'b1'], ['a1', 'b1', 'a2']]) {
      await new Promise(resolve => setImmediate(resolve))
      expect(ran.slice(1)).toEqual(told)
    }
    isLate = false
    enter('b', 'in time again')
    expect(ran.at(-1)).toBe('in time again')
  })

  it('begins beside others in one pass as long as those take little, callers in turn', async () => {
    const wide = { perCaller: 99, inAll: 99 }
    let time = 0
    const { enter, ran } = createForTest(
      wide,
      wide,
      () => true,
      () => time,
    )
    const taking = async (name: string, ms: number) =>
      await enter(name.charAt(0), name).ready?.then(() => (time += ms))
    const begun = [
      taking('a1', 1),
      taking('a2', 9),
      taking('a3', 0),
      taking('b1', 1),
      taking('c1', 1),
      taking('b2', 0),
    ]
    // Four milliseconds are more than a pass has for them.
    for (const told of [
      ['a1', 'b1', 'c1', 'a2'],
      ['b2', 'a3'],
    ]) {
      await new Promise(resolve => setImmediate(resolve))
      expect(ran.splice(0)).toEqual(told)
    }
    await Promise.all(begun)
  })

  it('is not refused for coming late where there is a place, though nobody may wait', async () => {
    const { places, enter, ran } = createForTest(
      { perCaller: 2, inAll: 9 },
      { perCaller: 0, inAll: 0 },
      () => true,
    )
    enter('a', '1')
    const gone = enter('a', '2')
    expect(() => enter('a', '3')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
    gone.leave()
    enter('a', '4')
    await settle()
    expect([ran, places.counts()]).toEqual([['2 left', '1', '4'], { running: 2, waiting: 0 }])
  })
})
