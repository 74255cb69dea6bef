import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SinkPlace } from '../../src/model/sinks/sink.ts'
import { movedTo, nextStretch } from '../../src/sinks/position.ts'

test('reads those that are furthest behind first, up to where others stand', () => {
  const place = { sequence: 9, behind: { a: 3, b: 5, c: 3 } }
  const all = ['a', 'b', 'c', 'd']
  expect(nextStretch(place, all, 12)).toEqual({ connectors: ['a', 'c'], from: 3, until: 5 })
  expect(nextStretch(place, ['b', 'd'], 12)).toEqual({ connectors: ['b'], from: 5, until: 9 })
  expect(nextStretch(place, ['d'], 12)).toEqual({ connectors: ['d'], from: 9, until: 12 })
  expect(nextStretch(place, ['d'], 9)).toBeUndefined()
  expect(nextStretch(place, [], 12)).toBeUndefined()
})

test('whichever connectors are certain in each step, each of them passes every sequence once and none moves back', () => {
  const aliases = ['a', 'b', 'constructor']
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.subarray(aliases), fc.nat(5), fc.nat(3)), { maxLength: 60 }),
      steps => {
        let place: SinkPlace = { sequence: 0, behind: {} }
        let newest = 0
        const passed = new Map(aliases.map(alias => [alias, 0]))
        const step = (certain: readonly string[], most: number): boolean => {
          const stretch = nextStretch(place, certain, newest)
          if (stretch === undefined) return false
          for (const alias of stretch.connectors) expect(passed.get(alias)).toBe(stretch.from)
          const reached = Math.min(stretch.until, stretch.from + most)
          for (const alias of stretch.connectors) passed.set(alias, reached)
          const before = place.sequence
          place = movedTo(place, stretch.connectors, reached, aliases)
          expect(place.sequence).toBeGreaterThanOrEqual(before)
          return true
        }
        for (const [certain, more, most] of steps) {
          newest += more
          step(certain, most + 1)
        }
        while (step(aliases, 100));
        expect(place).toEqual({ sequence: newest, behind: {} })
        for (const at of passed.values()) expect(at).toBe(newest)
      },
    ),
  )
})

test('one that is served no more keeps its place where it is kept, and for good', () => {
  const place = { sequence: 9, behind: { a: 3 } }
  const moved = movedTo(place, ['b'], 12, ['b', 'gone'])
  expect(moved).toEqual({ sequence: 12, behind: { a: 3, gone: 9 } })
  // Whoever meets nothing more of it leaves it where it is.
  expect(movedTo(moved, ['b'], 15, ['b'])).toEqual({ sequence: 15, behind: { a: 3, gone: 9 } })
  expect(movedTo(moved, ['a'], 12, ['a', 'b'])).toEqual({ sequence: 12, behind: { gone: 9 } })
})
