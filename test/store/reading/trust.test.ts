import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createTrust,
  type DriftKind,
  FIRST_DISTRUST_MS,
  GRACE_MS,
  LONGEST_DISTRUST_MS,
  type Trust,
} from '../../../src/store/reading/trust.ts'
import type { CollectionName, Rows } from '../../../src/model/rows.ts'
import { createFakeClock } from '../../support/clock.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

const MINUTE = 60_000

const account = (changed: Partial<Rows['accounts']> = {}): Rows['accounts'] =>
  rowOf('accounts', changed)

/** What outlives a process. */
const memoryForTest = () => {
  const values = new Map<string, { value: number; at: number }>()
  return {
    get: (name: string) => values.get(name),
    set: (name: string, value: number) => void values.set(name, { value, at: 0 }),
  }
}

/** One that was told of an account, and hears of changes of trust. */
const trustForTest = (memory?: ReturnType<typeof memoryForTest>) => {
  const clock = createFakeClock()
  const trust = createTrust(clock, memory)
  trust.resume({ missedAt: 0, settledAt: 0 })
  const heard: CollectionName[] = []
  trust.listen(name => heard.push(name))
  trust.told('accounts', 'first')
  return { clock, trust, heard, now: () => clock.now() }
}

/** A read of the whole finds that; the verdict is in. */
const find = async (
  { clock, trust }: { clock: ReturnType<typeof createFakeClock>; trust: Trust },
  old: Rows['accounts'] | undefined,
  now: Rows['accounts'] | undefined,
): Promise<void> => {
  const comparison = trust.compare('accounts', clock.now())
  comparison?.saw('1', old, now, clock.now())
  comparison?.end(true)
  await clock.advance(GRACE_MS)
}

const driftOf = (trust: Trust): Readonly<Record<string, number>> =>
  Object.fromEntries(trust.drift('accounts'))

describe('trust', () => {
  test('is not there before an event came, and is for that collection alone', () => {
    const clock = createFakeClock()
    const trust = createTrust(clock)
    expect(trust.holds('accounts', clock.now())).toBe(false)
    expect(trust.compare('accounts', clock.now())).toBeUndefined()
    trust.told('accounts', undefined)
    expect(trust.holds('accounts', clock.now())).toBe(true)
    expect(trust.holds('apps', clock.now())).toBe(false)
    // What was read before may lack what nobody told of yet.
    expect(trust.holds('accounts', clock.now() - 1)).toBe(false)
    expect(trust.holds('accounts', undefined)).toBe(false)
  })

  test('begins anew where deliveries may be missing', async () => {
    const { clock, trust, heard } = trustForTest()
    const read = clock.now()
    await clock.advance(1)
    trust.missed()
    expect(heard).toEqual(['accounts'])
    expect(trust.holds('accounts', read)).toBe(false)
    expect(trust.holds('accounts', clock.now())).toBe(true)
  })

  test('begins anew where the clock was set back', async () => {
    const { clock, trust } = trustForTest()
    await clock.advance(MINUTE)
    trust.told('accounts', 'second')
    clock.jump(-10 * MINUTE)
    trust.told('accounts', 'third')
    expect(trust.holds('accounts', clock.now())).toBe(true)
    expect(trust.holds('accounts', clock.now() - 1)).toBe(false)
  })

  test.each<[DriftKind, Rows['accounts'] | undefined, Rows['accounts'] | undefined, boolean]>([
    ['created', undefined, account(), true],
    ['deleted', account(), undefined, true],
    ['changed', account(), account({ email: 'bob@example.com' }), true],
    ['changed', account(), account({ email: 'bob@example.com', lastUsedAt: 5 }), true],
    ['used', account(), account({ lastUsedAt: 5, lastPasswordLoginAt: 5 }), false],
  ])('counts what was %s, and may end', async (kind, old, now, ends) => {
    const all = trustForTest()
    await find(all, old, now)
    expect(driftOf(all.trust)).toEqual({ [kind]: 1 })
    expect(all.trust.holds('accounts', all.now())).toBe(!ends)
  })

  test('says nothing of what did not change', async () => {
    const all = trustForTest()
    await find(all, account(), account())
    await find(all, undefined, undefined)
    expect(driftOf(all.trust)).toEqual({})
  })

  test('is remembered by who takes deliveries from then on, and by nobody else', async () => {
    const memory = memoryForTest()
    const { clock } = trustForTest(memory)
    const told = clock.now()
    await clock.advance(MINUTE)
    const other = createTrust(clock, memory)
    expect(other.holds('accounts', clock.now())).toBe(false)
    // Nor does that one write over it.
    const stranger = createTrust(clock, memory)
    stranger.told('accounts', '1')
    stranger.missed()
    stranger.renewed('accounts', { from: told, until: told })
    other.resume({ missedAt: 0, settledAt: clock.now() })
    expect([other.holds('accounts', told), other.holds('accounts', told - 1)]).toEqual([
      true,
      false,
    ])
    expect(other.holds('apps', clock.now())).toBe(false)
    const missing = createTrust(clock, memory)
    missing.resume({ missedAt: clock.now(), settledAt: clock.now() })
    expect(missing.holds('accounts', clock.now() - 1)).toBe(false)
    expect(missing.holds('accounts', clock.now())).toBe(true)
  })

  test('tells of the last whole read, to whoever looks, as long as events told of all since', async () => {
    const memory = memoryForTest()
    const { clock, trust } = trustForTest(memory)
    const read = (from: number) => ({ from, until: from + 5 })
    const known = () => createTrust(clock, memory).followedRead('accounts')
    trust.renewed('accounts', read(clock.now() - 1))
    expect(known()).toBeUndefined()
    const from = clock.now()
    trust.renewed('accounts', read(from))
    trust.renewed('accounts', read(from - 10))
    expect(known()).toEqual(read(from))
    expect(createTrust(clock, memory).followedRead('apps')).toBeUndefined()
    await clock.advance(MINUTE)
    trust.missed()
    expect(known()).toBeUndefined()
    trust.renewed('accounts', read(clock.now() + MINUTE))
    expect(known()).toEqual(read(clock.now() + MINUTE))
  })

  test('remembers for how long it was ended, and how often that was halved', async () => {
    const memory = memoryForTest()
    const all = trustForTest(memory)
    const { clock } = all
    await find(all, account(), undefined)
    await clock.advance(FIRST_DISTRUST_MS)
    await find(all, account(), undefined)
    await clock.advance(2 * FIRST_DISTRUST_MS)
    await find(all, account(), account())
    const later = { clock, trust: createTrust(clock, memory) }
    later.trust.resume({ missedAt: 0, settledAt: clock.now() })
    await find(later, account(), undefined)
    const foundAt = clock.now()
    expect(later.trust.holds('accounts', foundAt + 2 * FIRST_DISTRUST_MS)).toBe(true)
    expect(later.trust.holds('accounts', foundAt + 2 * FIRST_DISTRUST_MS - 1)).toBe(false)
    // One whose clock is behind goes by its own time.
    clock.jump(-10 * FIRST_DISTRUST_MS)
    const behind = createTrust(clock, memory)
    behind.resume({ missedAt: clock.now(), settledAt: clock.now() })
    expect(behind.holds('accounts', clock.now() + 2 * FIRST_DISTRUST_MS)).toBe(true)
  })

  test('remembers what was missed, which is written down once in ten seconds', async () => {
    const memory = memoryForTest()
    let written = 0
    const counting = {
      ...memory,
      set: (name: string, value: number) => {
        written += 1
        memory.set(name, value)
      },
    }
    const clock = createFakeClock()
    const trust = createTrust(clock, counting)
    trust.resume({ missedAt: 0, settledAt: 0 })
    trust.told('accounts', '1')
    await clock.advance(MINUTE)
    const before = written
    for (let nth = 0; nth < 100; nth += 1) {
      trust.missed()
      await clock.advance(90)
    }
    expect(written - before).toBe(1)
    const later = createTrust(clock, memory)
    later.resume({ missedAt: 0, settledAt: clock.now() })
    expect(later.holds('accounts', clock.now() - 90)).toBe(false)
    expect(later.holds('accounts', clock.now() + 10_000)).toBe(true)
  })

  test('ends for every process on the same memory where one finds what nobody had told', async () => {
    const memory = memoryForTest()
    const one = trustForTest(memory)
    const { clock } = one
    const other = createTrust(clock, memory)
    other.resume({ missedAt: 0, settledAt: 0 })
    other.told('accounts', 'first')
    const readAt = clock.now()
    expect([one.trust, other].map(trust => trust.holds('accounts', readAt))).toEqual([true, true])
    await find(one, undefined, account())
    expect([one.trust, other].map(trust => trust.holds('accounts', readAt))).toEqual([false, false])
    await clock.advance(FIRST_DISTRUST_MS)
    const again = clock.now()
    expect([one.trust, other].map(trust => trust.holds('accounts', again))).toEqual([true, true])
  })

  test('begins anew where another process missed deliveries', async () => {
    const memory = memoryForTest()
    const { clock, trust } = trustForTest(memory)
    const read = clock.now()
    await clock.advance(MINUTE)
    const other = createTrust(clock, memory)
    other.resume({ missedAt: 0, settledAt: 0 })
    expect(trust.holds('accounts', read)).toBe(true)
    other.missed()
    const missedAt = clock.now()
    expect(trust.holds('accounts', missedAt - 1)).toBe(false)
    expect(other.holds('accounts', missedAt - 1)).toBe(false)
    await clock.advance(MINUTE)
    expect(trust.holds('accounts', missedAt)).toBe(false)
    expect(trust.holds('accounts', missedAt + 10_000)).toBe(true)
  })

  test('leaves what is on its way again after a restart its time, too', async () => {
    const all = trustForTest()
    const { clock, trust } = all
    trust.resume({ missedAt: 0, settledAt: clock.now() + MINUTE })
    const comparison = trust.compare('accounts', clock.now())
    for (const id of ['1', '2'])
      comparison?.saw(id, account(), account({ email: 'x@example.com' }), clock.now())
    comparison?.end(true)
    await clock.advance(MINUTE)
    trust.told('accounts', '1')
    expect(driftOf(trust)).toEqual({})
    await clock.advance(GRACE_MS)
    expect(driftOf(trust)).toEqual({ changed: 1 })
  })

  test('leaves events that are under way their time, and no more', async () => {
    const all = trustForTest()
    const { clock, trust } = all
    const compareThen = async (tellAfterMs: number) => {
      const before = trust.drift('accounts').get('changed') ?? 0
      const comparison = trust.compare('accounts', Infinity)
      comparison?.saw('1', account(), account({ email: 'x@example.com' }), clock.now())
      comparison?.end(false)
      await clock.advance(Math.min(tellAfterMs, GRACE_MS))
      if (tellAfterMs <= GRACE_MS) trust.told('accounts', '1')
      await clock.advance(GRACE_MS + 1)
      return (trust.drift('accounts').get('changed') ?? 0) - before
    }
    expect(await compareThen(0)).toBe(0)
    expect(await compareThen(GRACE_MS - 1)).toBe(0)
    expect(await compareThen(GRACE_MS + 1)).toBe(1)
  })

  test('an event that came before does not excuse what a read found after it', async () => {
    const all = trustForTest()
    all.trust.told('accounts', '1')
    await all.clock.advance(1)
    await find(all, account(), account({ email: 'x@example.com' }))
    expect(driftOf(all.trust)).toEqual({ changed: 1 })
  })

  test('ends for a time that doubles up to a day, and halves with each whole read that finds nothing', async () => {
    const all = trustForTest()
    const { clock, trust } = all
    /** How long it is ended now. */
    const endedFor = (): number => {
      let [low, high] = [0, 2 * LONGEST_DISTRUST_MS]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if (trust.holds('accounts', clock.now() + middle)) high = middle
        else low = middle + 1
      }
      return low
    }
    const ended: number[] = []
    for (let time = 0; time < 10; time++) {
      await find(all, account(), undefined)
      ended.push(endedFor())
      await clock.advance(endedFor())
    }
    const doubled = Array.from({ length: 10 }, (_, time) =>
      Math.min(LONGEST_DISTRUST_MS, FIRST_DISTRUST_MS * 2 ** time),
    )
    expect(ended).toEqual(doubled)
    // Halved eight times it is forgotten.
    for (let time = 0; time < 8; time++) await find(all, account(), account())
    await find(all, account(), undefined)
    expect(endedFor()).toBe(FIRST_DISTRUST_MS)
  })

  test('never is a read followed that began before what was found, or before it ended', async () => {
    const step = fc.oneof(
      fc.constant('find' as const),
      fc.constant('agree' as const),
      fc.constant('miss' as const),
      fc.constant('restart' as const),
      fc.constant('missing restart' as const),
      fc.integer({ min: 1, max: 40 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const memory = memoryForTest()
        const { clock, trust: first } = trustForTest(memory)
        let [trust, from, distrust, missedAt] = [first, clock.now(), 0, 0]
        const miss = (): void => {
          from = Math.max(clock.now(), Math.min(from, clock.now() + distrust))
        }
        for (const one of steps) {
          const all = { clock, trust }
          const trusted = clock.now() >= from
          if (one === 'find') {
            await find(all, account(), undefined)
            if (trusted) {
              distrust = Math.min(LONGEST_DISTRUST_MS, Math.max(FIRST_DISTRUST_MS, 2 * distrust))
              from = clock.now() + distrust
            }
          } else if (one === 'agree') {
            await find(all, account(), account())
            if (trusted) distrust = distrust / 2 < FIRST_DISTRUST_MS ? 0 : distrust / 2
          } else if (one === 'miss') {
            trust.missed()
            miss()
          } else if (typeof one === 'string') {
            if (one === 'missing restart') miss()
            trust = createTrust(clock, memory)
            if (one === 'missing restart') missedAt = clock.now()
            trust.resume({ missedAt, settledAt: clock.now() })
            // That something was missed is written down for some seconds ahead.
            const later = [0, 10_000].find(ms => trust.holds('accounts', from + ms))
            expect(trust.holds('accounts', from - 1)).toBe(false)
            expect(later).toBeDefined()
            while (!trust.holds('accounts', from)) from += 1
          } else await clock.advance(one * MINUTE)
          expect(trust.holds('accounts', from - 1)).toBe(false)
          expect(trust.holds('accounts', from)).toBe(true)
        }
      }),
      { numRuns: runsOr(60) },
    )
  })
})
