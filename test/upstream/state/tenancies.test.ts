import { describe, expect, it } from 'vitest'
import { createTenancies, periodsOf, type Tenancy } from '../../../src/upstream/state/tenancies.ts'

const tenanciesForTest = () => {
  const kept = new Map<string, string>()
  return createTenancies({ get: name => kept.get(name), set: (name, text) => kept.set(name, text) })
}

describe('the tenants of a connector', () => {
  it('are remembered in their order, the first one and those of late', () => {
    const { all, begin } = tenanciesForTest()
    expect(all()).toEqual([])
    const begun = Array.from({ length: 150 }, (_, n): Tenancy => ({ tenant: `t${n}`, from: n }))
    begun.forEach(begin)
    expect(all()).toEqual([begun[0], ...begun.slice(-100)])
  })

  it.each<[string, string, ReturnType<typeof periodsOf>]>([
    ['none', 'a', undefined],
    ['a', 'a', undefined],
    ['a b', 'b', [{ from: 1, until: Infinity }]],
    ['a b', 'a', [{ from: 0, until: 1 }]],
    [
      'a b a c a',
      'a',
      [
        { from: 0, until: 1 },
        { from: 2, until: 3 },
        { from: 4, until: Infinity },
      ],
    ],
    ['a b', 'c', []],
  ])('that were %s: it was of %s at these times', (tenants, of, periods) => {
    const all = tenants === 'none' ? [] : tenants.split(' ')
    const tenancies = all.map((tenant, from) => ({ tenant, from }))
    expect(periodsOf(tenancies, id => id === of)).toEqual(periods)
  })
})
