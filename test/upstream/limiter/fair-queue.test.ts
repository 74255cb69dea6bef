import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Waiting } from '../../../src/upstream/limiter/fair-queue.ts'
import { createFairQueue } from '../../../src/upstream/limiter/fair-queue.ts'

type Entry = Waiting & { readonly n: number }

const queueOf = (...entries: readonly [string, Waiting['priority']][]) => {
  const queue = createFairQueue<Entry>()
  for (const [n, [owner, priority]] of entries.entries()) queue.add({ owner, priority, n })
  return queue
}

const drain = (queue: ReturnType<typeof queueOf>): number[] => {
  const order: number[] = []
  for (let entry = queue.next(); entry !== undefined; entry = queue.next()) order.push(entry.n)
  return order
}

const anyEntry: fc.Arbitrary<[string, Waiting['priority']]> = fc.tuple(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.constantFrom('interactive', 'background'),
)

describe('a fair queue', () => {
  it('serves interactive requests before background ones', () => {
    const queue = queueOf(['a', 'background'], ['a', 'interactive'], ['b', 'background'])
    expect(drain(queue)).toEqual([1, 0, 2])
  })

  it('goes round the owners, so that a look-up does not wait behind a scan', () => {
    const scan = Array.from({ length: 90 }, () => ['scan', 'interactive'] as const)
    const queue = queueOf(
      ...scan.map(([owner, priority]) => [owner, priority] as [string, 'interactive']),
    )
    queue.next()
    queue.add({ owner: 'look-up', priority: 'interactive', n: 1000 })
    expect(drain(queue).indexOf(1000)).toBe(0)
  })

  it('lets a scan go on while one look-up after another comes', () => {
    const scan = Array.from({ length: 90 }, (): [string, 'interactive'] => ['scan', 'interactive'])
    const queue = queueOf(...scan)
    const owners = Array.from({ length: 40 }, (_, n) => {
      if (n % 2 === 0) queue.add({ owner: `look-up ${n}`, priority: 'interactive', n: 100 + n })
      return queue.next()?.owner
    })
    expect(owners.filter(owner => owner === 'scan').length).toBeGreaterThanOrEqual(18)
  })

  it('serves one owner in the order of asking', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), entries => {
        const served = drain(queueOf(...entries)).map(n => entries[n] as (typeof entries)[number])
        expect(served.length).toBe(entries.length)
        const order = drain(queueOf(...entries))
        for (const owner of ['a', 'b', 'c', 'd'])
          for (const priority of ['interactive', 'background']) {
            const own = order.filter(n => entries[n]?.[0] === owner && entries[n][1] === priority)
            expect(own).toEqual(own.toSorted((one, other) => one - other))
          }
      }),
    )
  })

  it('never serves an owner twice while another of the same priority has not been served', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), entries => {
        const owners = drain(queueOf(...entries))
          .map(n => entries[n] as (typeof entries)[number])
          .filter(([, priority]) => priority === 'interactive')
          .map(([owner]) => owner)
        for (const [index, owner] of owners.entries()) {
          const again = owners.indexOf(owner, index + 1)
          if (again < 0) continue
          const between = new Set(owners.slice(index + 1, again))
          for (const other of new Set(owners.slice(again)))
            if (other !== owner) expect(between).toContain(other)
        }
      }),
    )
  })

  it('tells exactly how many come before a newcomer, and before each who waits', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), fc.nat(5), anyEntry, (entries, served, [owner, priority]) => {
        const fill = () => {
          const queue = queueOf(...entries)
          for (let n = 0; n < served; n += 1) queue.next()
          return queue
        }
        const queue = fill()
        const ahead = queue.ahead({ owner, priority })
        queue.add({ owner, priority, n: -1 })
        const positions = [...queue.entries()].map(entry => [entry.n, queue.before(entry)] as const)
        const order = drain(queue)
        expect(order.indexOf(-1)).toBe(ahead)
        for (const [n, before] of positions) expect(order.indexOf(n)).toBe(before)
      }),
    )
  })

  it('forgets who leaves', () => {
    const queue = queueOf(['a', 'interactive'])
    const leaving: Entry = { owner: 'b', priority: 'interactive', n: 7 }
    queue.add(leaving)
    queue.remove(leaving)
    queue.remove(leaving)
    expect(queue.size).toBe(1)
    expect(drain(queue)).toEqual([0])
    expect(queue.size).toBe(0)
  })
})
