import { describe, expect, test } from 'vitest'
import { createEventOverlay } from '../../../src/store/table/event-overlay.ts'
import { rowOf } from '../../support/rows.ts'

const app = rowOf('apps', { id: 'a', notes: 'read' })
const overlay = () => createEventOverlay<typeof app>()

describe('what was told of a field', () => {
  test('gives way to what a later event told, in whatever order they arrive', () => {
    const told = overlay()
    expect(told.note('a', { notes: 'second' }, { occurredAt: 20, at: 200 })).toEqual({
      notes: 'second',
    })
    const late = { notes: 'first', website: 'first' }
    expect(told.note('a', late, { occurredAt: 10, at: 300 })).toEqual({ website: 'first' })
    expect(told.over(app, 100)).toEqual({ ...app, notes: 'second', website: 'first' })
  })

  test('gives way to what arrived later where both happened in the same second', () => {
    const told = overlay()
    told.note('a', { notes: 'one' }, { occurredAt: 10, at: 200 })
    told.note('a', { notes: 'two' }, { occurredAt: 10, at: 200 })
    expect(told.over(app, 100).notes).toBe('two')
  })

  test('outlives a reading of the same moment, and no later one', () => {
    const told = overlay()
    told.note('a', { notes: 'told' }, { occurredAt: 10, at: 200 })
    expect(told.latest('a')).toBe(200)
    expect(told.over(app, 199).notes).toBe('told')
    expect(told.over(app, 200).notes).toBe('told')
    expect(told.over(app, 201).notes).toBe('read')
    // The row has it from then on.
    expect(told.over(app, 100).notes).toBe('read')
    expect(told.latest('a')).toBe(0)
  })

  test('counts as told now at the latest, once the clock was set back', () => {
    const told = overlay()
    told.note('a', { notes: 'told' }, { occurredAt: 10, at: 900 })
    told.notAfter(500)
    expect(told.latest('a')).toBe(500)
    expect(told.over(app, 501).notes).toBe('read')
  })
})

describe('an object that went', () => {
  test('has gone unless something later was told of it; of the same second, it went last', () => {
    for (const [occurredAt, isGone] of [
      [9, true],
      [10, true],
      [11, false],
    ] as const) {
      const told = overlay()
      told.note('a', { notes: 'told' }, { occurredAt, at: 100 })
      expect(told.noteGone('a', { occurredAt: 10, at: 200 })).toBe(isGone)
      expect(told.over(app, 0).notes).toBe(isGone ? 'read' : 'told')
    }
  })

  test('went later than what happened before, and not than what is told of the same second', () => {
    const told = overlay()
    told.noteGone('a', { occurredAt: 10, at: 200 })
    told.noteGone('a', { occurredAt: 5, at: 300 })
    const since = [9, 10, 11].map(occurredAt => told.hasGoneSince('a', { occurredAt, at: 400 }))
    expect(since).toEqual([true, false, false])
    expect(told.hasGoneSince('b', { occurredAt: 0, at: 0 })).toBe(false)
  })
})
