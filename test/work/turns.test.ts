import { describe, expect, it } from 'vitest'
import { Turns } from '../../src/work/turns.ts'
import { Work } from '../../src/work/work.ts'
import { hastyTurns } from '../support/work.ts'

const nextTick = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve)
  })

/** A time that is set by hand; turns are begun by hand, too. */
const byHand = () => {
  const time = { now: 0, cpu: 0 }
  const deferred: (() => void)[] = []
  const turns = new Turns({
    now: () => time.now,
    cpu: () => time.cpu,
    defer: callback => deferred.push(callback),
  })
  return { turns, time, deferred }
}

describe('turns', () => {
  it('last for 5 ms, looked at from their beginning', () => {
    const { turns, time } = byHand()
    expect(turns.look()).toBe(0)
    time.now = 5
    expect([turns.look(), turns.isOver()]).toEqual([5, false])
    time.now = 5.5
    expect([turns.look(), turns.isOver(), turns.isOver(2)]).toEqual([0.5, true, false])
  })

  it('begin anew once whatever waits has had its turn', () => {
    const { turns, time, deferred } = byHand()
    turns.look()
    time.now = 100
    turns.look()
    expect(turns.isOver()).toBe(true)
    for (const callback of deferred.splice(0)) callback()
    expect([turns.look(), turns.isOver()]).toEqual([0, false])
  })

  it('are told to be late without a share in them', () => {
    const { turns, time, deferred } = byHand()
    expect(turns.isLate()).toBe(false)
    time.now = 5
    expect(turns.isLate()).toBe(false)
    time.now = 5.5
    expect(turns.isLate()).toBe(true)
    // Who works in it is charged for all of it all the same.
    expect(turns.look()).toBe(5.5)
    for (const callback of deferred.splice(0)) callback()
    expect(turns.isLate()).toBe(false)
  })

  it('are short for a while after somebody came by a new connection', () => {
    const { turns, time, deferred } = byHand()
    const lengthAt = (now: number): number => {
      for (const callback of deferred.splice(0)) callback()
      time.now = now
      turns.look()
      for (let ms = 0.5; ; ms += 0.5) {
        time.now = now + ms
        turns.look()
        expect(turns.isLate()).toBe(turns.isOver())
        if (turns.isOver()) return ms
      }
    }
    expect(lengthAt(0)).toBe(5.5)
    turns.giveWay()
    expect(lengthAt(10)).toBe(1.5)
    expect(lengthAt(15)).toBe(1.5)
    expect(lengthAt(16)).toBe(5.5)
    turns.giveWay()
    expect(lengthAt(17)).toBe(1.5)
  })

  it('are had at once by who comes behind those who wait for theirs', async () => {
    const { turns, time, deferred } = byHand()
    const waiting = new Work({ turns, caller: 'waiting' })
    const next = (): void => {
      for (const callback of deferred.splice(0)) callback()
    }
    const goesOn = async (): Promise<void> => {
      for (;;) {
        await waiting.next()
        time.now += 6
        waiting.isOver()
      }
    }
    void goesOn()
    next()
    await nextTick()
    // Its turn is over, and the next one has not come yet.
    expect(time.now).toBe(6)
    const fresh = new Work({ turns, caller: 'fresh' })
    expect([turns.isLate(), fresh.isOver()]).toEqual([false, false])
    time.now += 6
    // That is over, too: it waits, and comes first.
    expect([turns.isLate(), fresh.isOver()]).toEqual([true, true])
    let came = NaN
    const coming = fresh.next().then(() => (came = time.now))
    next()
    await coming
    expect(came).toBe(12)
  })

  it('let somebody go on in each, though it is late before anybody has', async () => {
    const work = new Work({ turns: hastyTurns(100) })
    let steps = 0
    for (; steps < 5; steps += 1) await work.next()
    expect(steps).toBe(5)
  })

  it('leave whatever else waits in the event loop its turn', async () => {
    const work = new Work({ turns: hastyTurns(3) })
    const order: string[] = []
    const others = (async () => {
      for (let turn = 0; turn < 4; turn += 1) {
        await nextTick()
        order.push('-')
      }
    })()
    const steps = async (): Promise<void> => {
      for (let step = 0; step < 8; step += 1) {
        await work.next()
        order.push('w')
      }
    }
    await Promise.all([steps(), others])
    const runs = order
      .join('')
      .split('-')
      .filter(run => run !== '')
    expect(order.filter(step => step === 'w')).toHaveLength(8)
    expect(Math.max(...runs.map(({ length }) => length))).toBeLessThan(8)
  })

  it('go to the caller who had least of them', async () => {
    const turns = hastyTurns(3)
    const greedy = new Work({ turns, caller: 'greedy' })
    const modest = new Work({ turns, caller: 'modest' })
    const order: string[] = []
    const take = async (name: string, work: Work, steps: number): Promise<void> => {
      for (let step = 0; step < steps; step += 1) {
        await work.next()
        order.push(name)
        while (!work.isOver());
      }
    }
    const all = Array.from({ length: 20 }, () => take('g', greedy, 3))
    await greedy.next()
    await Promise.all([...all, take('m', modest, 3)])
    // It comes late, and is through long before the other, who has twenty times as much to do.
    expect(order.lastIndexOf('m')).toBeLessThan(12)
  })

  it.each([
    ['two', ['a', 'a']],
    ['three', ['a', 'a', 'a']],
    ['two beside those of another', ['a', 'a', 'b', 'b']],
  ])('go round among the works of a caller: %s', async (_, callers) => {
    const time = { now: 0 }
    const turns = new Turns({
      now: () => time.now,
      cpu: () => time.now,
      defer: callback => setImmediate(callback),
    })
    const stretches = callers.map(() => 0)
    /** How many each had when the first had all of its own. */
    let beside: readonly number[] = []
    const steps = function* (index: number): Generator<void, void> {
      for (let had = 1; had <= 50; had += 1) {
        time.now += 6
        stretches[index] = had
        yield
      }
      if (beside.length === 0) beside = [...stretches]
    }
    const run = async (caller: string, index: number) =>
      new Work({ turns, caller }).run(steps(index))
    await Promise.all(callers.map(run))
    expect(Math.min(...beside)).toBeGreaterThanOrEqual(48)
  })

  it('count what is taken without a look at the time, for whoever took it', async () => {
    const { turns, time, deferred } = byHand()
    const greedy = new Work({ turns, caller: 'greedy' })
    const modest = new Work({ turns, caller: 'modest' })
    const order: string[] = []
    const take = async (name: string, work: Work): Promise<void> => {
      await work.next()
      order.push(name)
      time.now += 1
    }
    const all = Array.from({ length: 100 }, () => take('g', greedy))
    const late = take('m', modest).then(() => take('m', modest))
    while (deferred.length > 0) {
      for (const callback of deferred.splice(0)) callback()
      await nextTick()
    }
    await Promise.all([...all, late])
    expect(order.lastIndexOf('m')).toBeLessThan(6)
    expect(greedy.spentMs).toBe(100)
    expect(modest.spentMs).toBe(2)
  })
})
