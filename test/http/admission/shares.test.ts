/** How much of something callers hold: each of them, and all together. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Shares } from '../../../src/http/admission/shares.ts'

describe('a share', () => {
  it('is as large as one caller may have, and not by one larger', () => {
    const shares = new Shares({ perCaller: 3, inAll: 100 })
    expect(shares.take('a', 3)).toBeUndefined()
    expect(shares.take('a')).toBe('perCaller')
    shares.give('a')
    expect([shares.heldBy('a'), shares.take('a')]).toEqual([2, undefined])
  })

  it('is refused where all callers have all, and not one before', () => {
    const shares = new Shares({ perCaller: 10, inAll: 3 })
    expect(['a', 'b', 'c', 'd'].map(caller => shares.take(caller))).toEqual([
      undefined,
      undefined,
      undefined,
      'inAll',
    ])
    shares.give('b')
    expect(shares.take('d')).toBeUndefined()
  })

  it('grows no larger than what is free, so that the next finds something', () => {
    const shares = new Shares({ perCaller: 10, inAll: 10 })
    expect([shares.take('a', 5), shares.take('a')]).toEqual([undefined, 'inAll'])
    expect([shares.take('b', 3), shares.take('b')]).toEqual([undefined, 'inAll'])
    expect([shares.take('c', 3), shares.take('c', 2)]).toEqual(['inAll', undefined])
  })

  it('never exceeds a bound, and comes to nothing once all is given back', () => {
    const caller = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(caller, fc.integer({ min: 1, max: 4 }), fc.boolean())),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (steps, perCaller, inAll) => {
          const shares = new Shares({ perCaller, inAll })
          const held = new Map<string, number>()
          for (const [who, amount, gives] of steps) {
            const before = held.get(who) ?? 0
            if (gives) {
              if (before < amount) continue
              shares.give(who, amount)
              held.set(who, before - amount)
            } else if (shares.take(who, amount) === undefined) held.set(who, before + amount)
            const all = [...held.values()].reduce((sum, each) => sum + each, 0)
            expect([shares.total, shares.heldBy(who)]).toEqual([all, held.get(who) ?? 0])
            expect(all).toBeLessThanOrEqual(inAll)
            expect(held.get(who) ?? 0).toBeLessThanOrEqual(perCaller)
          }
        },
      ),
    )
  })
})
