import { describe, expect, test } from 'vitest'
import { createEventOverlay } from '../../../src/store/table/event-overlay.ts'
import { rowOf } from '../../support/rows.ts'

const app = rowOf('apps', { id: 'a', notes: 'read' })
const overlay = () => createEventOverlay<typeof app>()

describe('what an event changed of a field', () => {
  test('gives way to what a later event changed, in whatever order they arrive', () => {
    const changes = overlay()
    expect(changes.change('a', { notes: 'second' }, { occurredAt: 20, at: 200 })).toEqual({
      notes: 'second',
    })
    const late = { notes: 'first', website: 'first' }
    expect(changes.change('a', late, { occurredAt: 10, at: 300 })).toEqual({ website: 'first' })
    expect(changes.applyTo(app, 100)).toEqual({ ...app, notes: 'second', website: 'first' })
  })

  test('gives way to what arrived later where both happened in the same second', () => {
    const changes = overlay()
    changes.change('a', { notes: 'one' }, { occurredAt: 10, at: 200 })
    changes.change('a', { notes: 'two' }, { occurredAt: 10, at: 200 })
    expect(changes.applyTo(app, 100).notes).toBe('two')
  })

  test('outlives a reading of the same moment, and no later one', () => {
    const changes = overlay()
    changes.change('a', { notes: 'changed' }, { occurredAt: 10, at: 200 })
    expect(changes.changedAt('a')).toBe(200)
    expect(changes.applyTo(app, 199).notes).toBe('changed')
    expect(changes.applyTo(app, 200).notes).toBe('changed')
    expect(changes.applyTo(app, 201).notes).toBe('read')
    // The row has it from then on.
    expect(changes.applyTo(app, 100).notes).toBe('read')
    expect(changes.changedAt('a')).toBe(0)
  })

  test('counts as changed now at the latest, once the clock was set back', () => {
    const changes = overlay()
    changes.change('a', { notes: 'changed' }, { occurredAt: 10, at: 900 })
    changes.notAfter(500)
    expect(changes.changedAt('a')).toBe(500)
    expect(changes.applyTo(app, 501).notes).toBe('read')
  })
})

describe('an object that went', () => {
  test('has gone unless something later changed it; of the same second, it went last', () => {
    for (const [occurredAt, isGone] of [
      [9, true],
      [10, true],
      [11, false],
    ] as const) {
      const changes = overlay()
      changes.change('a', { notes: 'changed' }, { occurredAt, at: 100 })
      expect(changes.delete('a', { occurredAt: 10, at: 200 })).toBe(isGone)
      expect(changes.applyTo(app, 0).notes).toBe(isGone ? 'read' : 'changed')
    }
  })

  test('went later than what happened before, and not than what changed in the same second', () => {
    const changes = overlay()
    changes.delete('a', { occurredAt: 10, at: 200 })
    changes.delete('a', { occurredAt: 5, at: 300 })
    const since = [9, 10, 11].map(occurredAt =>
      changes.isDeletedSince('a', { occurredAt, at: 400 }),
    )
    expect(since).toEqual([true, false, false])
    expect(changes.isDeletedSince('b', { occurredAt: 0, at: 0 })).toBe(false)
  })
})
