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

/** One that was told of an account, and hears of changes of trust. */
const trustForTest = () => {
  const clock = createFakeClock()
  const trust = createTrust(clock)
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
      fc.integer({ min: 1, max: 40 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const all = trustForTest()
        const { clock, trust } = all
        let [from, distrust] = [clock.now(), 0]
        for (const one of steps) {
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
            from = Math.max(clock.now(), Math.min(from, clock.now() + distrust))
          } else await clock.advance(one * MINUTE)
          expect(trust.holds('accounts', from - 1)).toBe(false)
          expect(trust.holds('accounts', from)).toBe(true)
        }
      }),
      { numRuns: runsOr(60) },
    )
  })
})
