/** What is told of rows, one word after the other, and what the file makes of it. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../../src/events/event-file.ts'
import { createKnownReading } from '../../../src/events/known/known-reading.ts'
import { createFileNoting } from '../../../src/events/known/noting-in-file.ts'
import { createKnownPurging } from '../../../src/events/known/purging.ts'
import { createChangePurging } from '../../../src/events/changes/changes-in-file.ts'
import { finish } from '../../../src/events/question-work.ts'
import type { Told } from '../../../src/model/known-rows.ts'
import type { Detection } from '../../../src/model/rows.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'

const NOW = 1_800_000_000
const of = { connector: 'default', collection: 'employees', table: 'one' } as const

/** The employee is that from the moment on (UNIX seconds). */
const is = (id: string, at: number, department: string | null = null, table = 'one'): Told => ({
  ...{ ...of, kind: 'row', table, id, at, learntFrom: 'READ' },
  row: JSON.stringify(rowOf('employees', { id, department, createdAt: 1 })),
})
const isGone = (id: string, at: number, table = 'one'): Told => ({
  ...{ ...of, kind: 'row', table, id, at, row: null, learntFrom: 'READ' },
})
const whole = (at: number, told: number, table = 'one', isRead = true): Told => ({
  ...{ ...of, kind: 'whole', table, at, until: at, isRead, told },
})

const opened = () => {
  const file = openEventFile(':memory:')
  onTestFinished(() => {
    file.close()
  })
  const reading = createKnownReading(file)
  const world = {
    file,
    reading,
    noting: createFileNoting(file),
    note: (...all: readonly Told[]) => world.noting.note(all, { maxBytes: 1e9, now: NOW }),
    /** Another process, or the same once it was started again. */
    restart: () => {
      world.noting = createFileNoting(file)
    },
    changes: () =>
      file
        .prepare('SELECT kind, object_id AS id, field, old_value, new_value, at FROM change')
        .all()
        .map(({ kind, id, field, old_value: old, new_value: now, at }) =>
          field === null ? [kind, id, at] : [kind, id, at, field, old, now],
        ),
    then: (at: number) => {
      const { rows } = finish(reading.rowsThen('default', 'employees', at, '', 100))
      return rows.map(text => {
        const { id, department } = JSON.parse(text) as { id: string; department: string | null }
        return [id, department]
      })
    },
    asOf: (at: number) => reading.listThen('default', 'employees', at).asOf,
  }
  return world
}

describe('a row that is told of', () => {
  it('is no news at first, has come once its list was known, and came again where it had gone', () => {
    const { note, changes } = opened()
    note(is('a', 10), whole(10, 1))
    expect(changes()).toEqual([])
    note(is('b', 20), isGone('a', 30), is('a', 40))
    expect(changes()).toEqual([
      ['CREATED', 'b', 20],
      ['DELETED', 'a', 30],
      ['CREATED', 'a', 40],
    ])
  })

  it('differs from what is known, whoever knew it, and is told of once', () => {
    const { note, changes, restart } = opened()
    note(is('a', 10, 'x'))
    restart()
    note(is('a', 10, 'x', 'two'), is('a', 20, 'y', 'two'), is('a', 25, 'y', 'three'))
    expect(changes()).toEqual([['UPDATED', 'a', 20, 'department', '"x"', '"y"']])
  })

  it('tells nothing where it is older than what is known', () => {
    const { note, changes, then } = opened()
    note(is('a', 10, 'x'), is('b', 10), whole(10, 2), isGone('b', 20))
    // Before what is known of it, before it went, and before a list that lacked it.
    note(is('a', 9, 'y'), is('b', 15), is('c', 9))
    expect(changes()).toEqual([['DELETED', 'b', 20]])
    expect(then(NOW)).toEqual([['a', 'x']])
  })

  it('tells nothing where a list that had it is newer', () => {
    const { note, then } = opened()
    note(is('a', 10, 'x'), whole(10, 1), whole(30, 1))
    note(is('a', 20, 'y', 'two'))
    expect(then(NOW)).toEqual([['a', 'x']])
  })

  it('is news though what is known is later, where the clock was set back since', () => {
    const { note, changes, asOf } = opened()
    note(is('a', NOW + 50, 'x'), whole(NOW + 50, 1))
    note(is('a', 30, 'y'), is('b', 30), whole(40, 3))
    expect(changes()).toEqual([
      ['UPDATED', 'a', 30, 'department', '"x"', '"y"'],
      ['CREATED', 'b', 30],
    ])
    expect(asOf(NOW)).toBe(40)
  })

  it('is as it was told at each moment, and not there before it was first known', () => {
    const { note, then, reading } = opened()
    note(is('a', 10, 'x'), is('a', 20, 'y'), isGone('a', 30), is('a', 40, 'z'))
    expect([9, 10, 19.9, 20, 30, 39, 40].map(then)).toEqual([
      [],
      [['a', 'x']],
      [['a', 'x']],
      [['a', 'y']],
      [],
      [],
      [['a', 'z']],
    ])
    const rowAt = (at: number) => reading.rowThen('default', 'employees', 'a', at)
    expect(rowAt(9)).toBeUndefined()
    expect(rowAt(35)).toBeNull()
    expect(rowAt(40)).toContain('"z"')
    expect(reading.rowThen('other', 'employees', 'a', 40)).toBeUndefined()
  })

  it('keeps what only a read by id tells, from when that was', () => {
    const { note, reading, changes } = opened()
    const detection = (at: number, events: Detection['events'], severity = 'LOW'): Told => ({
      ...{ ...of, kind: 'row', collection: 'detections', id: 'd', at, learntFrom: 'READ' },
      row: JSON.stringify(rowOf('detections', { id: 'd', events, severity })),
    })
    const [first, second] = [[detectionEvent()], [detectionEvent(), detectionEvent()]]
    note(detection(10, null), detection(20, first), detection(30, null, 'HIGH'))
    note(detection(40, second, 'HIGH'))
    const eventsAt = (at: number) => {
      const { events } = JSON.parse(reading.rowThen('default', 'detections', 'd', at) ?? '{}') as {
        events: readonly unknown[] | null
      }
      return events?.length
    }
    expect([10, 19, 20, 30, 39, 40].map(eventsAt)).toEqual([undefined, undefined, 1, 1, 1, 2])
    expect(changes().map(([, , at, field]) => [at, field])).toEqual([
      [30, 'severity'],
      [40, 'events'],
    ])
  })
})

describe('a time of use', () => {
  it('never shows one of the future, though those of a day are one change', () => {
    const { note, reading } = opened()
    const NOON = 20_000 * 86_400 + 43_200
    const used = (at: number, lastUsedAt: number): Told => ({
      ...{ ...of, kind: 'row', collection: 'accounts', id: 'a', at, learntFrom: 'READ' },
      row: JSON.stringify(rowOf('accounts', { id: 'a', lastUsedAt, createdAt: 1 })),
    })
    note(used(NOON - 100_000, 5), used(NOON, NOON - 10), used(NOON + 200, NOON + 150))
    const usedAt = (at: number) =>
      (
        JSON.parse(reading.rowThen('default', 'accounts', 'a', at) ?? '{}') as {
          lastUsedAt: number
        }
      ).lastUsedAt
    expect([NOON - 1, NOON + 100, NOON + 150, NOON + 300].map(usedAt)).toEqual([
      5,
      5,
      NOON + 150,
      NOON + 150,
    ])
  })
})

describe('a list that is whole', () => {
  it('has lost what a table without gaps does not have, also what went while nobody read it', () => {
    const { note, changes, restart } = opened()
    note(is('a', 10), is('b', 10), whole(10, 2))
    restart()
    // What came since the list began to be read may be in no page of it.
    note(is('new', 21, null, 'other process'))
    note(is('b', 20, null, 'two'), whole(20, 1, 'two'))
    const until20 = [
      ['CREATED', 'new', 21],
      ['DELETED', 'a', 20],
    ]
    expect(changes()).toEqual(until20)
    note(whole(30, 1, 'two'))
    expect(changes()).toEqual([...until20, ['DELETED', 'new', 30]])
  })

  it('is known from when its read was over, and as of when it began', () => {
    const { note, asOf, reading } = opened()
    const readUntil = (at: number, until: number, told: number): Told => ({
      ...whole(at, told),
      ...{ until },
    })
    note(is('a', 10), is('b', 40), readUntil(10, 40, 2))
    expect([9, 39.9, 40, 100].map(asOf)).toEqual([undefined, undefined, 10, 10])
    note(readUntil(1_000, 1_030, 2))
    expect([1_029, 1_030].map(asOf)).toEqual([10, 1_000])
    expect(reading.listThen('default', 'employees', 0)).toEqual({
      ...{ asOf: undefined, cutAt: undefined, wholeSince: 10 },
    })
    // One that is not known is no list without rows.
    expect(reading.rowThen('default', 'employees', 'c', 39)).toBeUndefined()
    expect(reading.rowThen('default', 'employees', 'c', 40)).toBeNull()
  })

  it('keeps the newest moment at which it agreed, and of older ones one in 15 minutes', () => {
    const { note, file } = opened()
    note(is('a', 0))
    for (let at = 60; at <= 3_600; at += 60) note(whole(at, 1, 'one', at === 60))
    const moments = file.prepare('SELECT at FROM known_whole ORDER BY at').all()
    expect(moments.map(({ at }) => at)).toEqual([60, 960, 1_860, 2_760, 3_600])
  })

  it('is not known where a table has told of more than came', () => {
    const { note, asOf, restart } = opened()
    note(is('a', 10), is('b', 10))
    restart()
    expect(note(is('c', 11), whole(10, 3)).answer).toBe('unsure')
    expect(asOf(NOW)).toBeUndefined()
    note({ ...of, kind: 'again' }, is('c', 20), is('b', 20))
    expect(note(whole(20, 2)).answer).toBe('known')
    expect(asOf(NOW)).toBe(20)
  })

  it('is known no more where something of it was missed, until a table tells all of it', () => {
    const { note, asOf, changes, reading } = opened()
    note(is('a', 10), whole(10, 1), is('b', 20), { ...of, kind: 'missed' })
    expect([15, 20, 30].map(asOf)).toEqual([10, undefined, undefined])
    expect(note(whole(30, 2)).answer).toBe('unsure')
    // It may have come in between; nobody can say.
    note({ ...of, kind: 'again' }, is('a', 40), is('b', 40), is('c', 40), whole(40, 3))
    expect(changes()).toEqual([['CREATED', 'b', 20]])
    expect([15, 39, 40].map(asOf)).toEqual([10, undefined, 40])
    expect(reading.listThen('default', 'employees', NOW).wholeSince).toBe(40)
  })

  it('asks a table for what others told of since it was whole', () => {
    const { note, asOf } = opened()
    note(is('a', 10, 'x'), is('b', 10), whole(10, 2))
    note(is('a', 20, 'y', 'two'), isGone('b', 20, 'two'))
    expect(note(whole(30, 2)).answer).toEqual(['a', 'b'])
    expect(asOf(NOW)).toBe(10)
    expect(note(is('a', 31, 'x'), isGone('b', 30), whole(30, 4)).answer).toBe('known')
    expect(asOf(NOW)).toBe(30)
  })

  it('asks once more with the next list what a probe could not see', () => {
    const { note } = opened()
    note(whole(10, 0))
    note(is('e', 20, null, 'two'), whole(20, 1, 'two'))
    expect(note(whole(30, 0, 'one', false)).answer).toEqual(['e'])
    expect(note(whole(30, 0, 'one', false)).answer).toBe('known')
    expect(note(whole(40, 0)).answer).toEqual(['e'])
    expect(note(isGone('e', 40), whole(40, 1)).answer).toBe('known')
  })

  it('asks once more with the next list what came while it was read', () => {
    const { note, changes } = opened()
    note(whole(10, 0))
    note(is('d', 25, null, 'two'))
    expect(note(whole(20, 0)).answer).toEqual(['d'])
    expect(note(isGone('d', 20), whole(20, 1)).answer).toBe('known')
    expect(note(whole(30, 1)).answer).toEqual(['d'])
    expect(note(isGone('d', 30), whole(30, 2)).answer).toBe('known')
    expect(changes().at(-1)).toEqual(['DELETED', 'd', 30])
    expect(note(whole(40, 2)).answer).toBe('known')
  })

  it('asks for what others told of while it was read, also of rows that it has', () => {
    const { note } = opened()
    note(is('a', 20, 'x'))
    note(is('a', 25, 'y', 'two'))
    expect(note(whole(20, 1)).answer).toEqual(['a'])
  })

  it('is not read anew by a probe, which does not see all that is new', () => {
    const { note, then } = opened()
    note(is('a', 10), whole(10, 1), whole(30, 1, 'one', false))
    note(is('b', 20, null, 'two'))
    expect(then(NOW).map(([id]) => id)).toEqual(['a', 'b'])
  })

  it('has not been compared where that could not be stored', () => {
    const { note, file, changes, restart } = opened()
    note(is('a', 10), is('b', 10), whole(10, 2))
    restart()
    note(is('b', 20, null, 'two'))
    file.exec(
      "CREATE TRIGGER full BEFORE UPDATE ON known_list BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    expect(() => note(whole(20, 1, 'two'))).toThrow('full')
    file.exec('DROP TRIGGER full')
    expect(note(whole(20, 1, 'two')).answer).toBe('unsure')
    note({ ...of, table: 'two', kind: 'again' }, is('b', 30, null, 'two'), whole(30, 1, 'two'))
    expect(changes()).toEqual([['DELETED', 'a', 30]])
  })

  it('is known no more where there is no room for a row of it', () => {
    const { noting, note, asOf, changes } = opened()
    note(is('a', 10), whole(10, 1))
    const terms = { maxBytes: 500, now: NOW }
    expect(noting.note([is('b', 20)], terms).refused).toBe(1)
    expect(noting.note([whole(30, 2)], terms).answer).toBe('unsure')
    expect([19, 30].map(asOf)).toEqual([10, undefined])
    // Nobody knows whether it has come since.
    note({ ...of, kind: 'again' }, is('a', 40), is('b', 40), whole(40, 2))
    expect(changes()).toEqual([])
    expect(asOf(40)).toBe(40)
  })

  it('of many rows is compared in steps', () => {
    const { note, changes, restart } = opened()
    const ids = Array.from({ length: 4_500 }, (_, index) => String(index + 10_000))
    note(...ids.map(id => is(id, 10)), whole(10, ids.length))
    restart()
    const kept = ids.filter((_, index) => index % 1_000 !== 0)
    note(...kept.map(id => is(id, 20, null, 'two')))
    const word = whole(20, kept.length, 'two')
    expect([note(word), note(word), note(word)].map(({ answer }) => answer)).toEqual([
      ...['more', 'more', 'known'],
    ])
    expect(changes().map(([kind, id]) => [kind, id])).toEqual(
      ids.filter((_, index) => index % 1_000 === 0).map(id => ['DELETED', id]),
    )
  })
})

describe('what is past its time', () => {
  it('goes in steps: rows that went, and lists of which nobody told for so long', () => {
    const { note, file, then } = opened()
    note(is('a', 10), is('b', 10), is('c', 10), whole(10, 3), isGone('a', 20), isGone('b', 30))
    const { purgeKnown } = createKnownPurging(file)
    // As long as it is known how it went, it is known what it was.
    expect(purgeKnown(25, 10)).toBe(0)
    createChangePurging(file).purgeChanges(100, 10)
    expect(purgeKnown(25, 10)).toBe(1)
    expect(then(NOW)).toEqual([['c', null]])
    expect(purgeKnown(100, 1)).toBe(1)
    expect(purgeKnown(100, 1)).toBe(1)
    expect(purgeKnown(100, 1)).toBe(0)
    const left = (table: string) => file.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']
    expect(['known_row', 'known_list', 'known_whole'].map(left)).toEqual([0, 0, 0])
    expect(file.prepare('SELECT rows_bytes AS bytes FROM store').get()).toEqual({ bytes: 0 })
  })

  it('leaves nothing to tell of a day of which a time of use went, up to that', () => {
    const { note, file, reading } = opened()
    const NOON = 20_000 * 86_400 + 43_200
    const used = (at: number, lastUsedAt: number): Told => ({
      ...{ ...of, kind: 'row', collection: 'accounts', id: 'a', at, learntFrom: 'READ' },
      row: JSON.stringify(rowOf('accounts', { id: 'a', lastUsedAt, createdAt: 1 })),
    })
    note(used(NOON - 10, 5), used(NOON, NOON - 5), used(NOON + 200, NOON + 150))
    createChangePurging(file).purgeChanges(NOON + 1, 10)
    const rowAt = (at: number) => reading.rowThen('default', 'accounts', 'a', at)
    expect(rowAt(NOON + 149)).toBeUndefined()
    expect(rowAt(NOON + 150)).toContain(`${NOON + 150}`)
  })

  it('leaves nothing to tell of what was before', () => {
    const { note, file, then, asOf, reading } = opened()
    note(is('a', 10, 'x'), whole(10, 1), is('a', 20, 'y'), is('a', 30, 'z'))
    createChangePurging(file).purgeChanges(25, 10)
    expect(reading.listThen('default', 'employees', 19).cutAt).toBe(20)
    expect([then(19), asOf(19)]).toEqual([[], undefined])
    expect(reading.rowThen('default', 'employees', 'a', 19)).toBeUndefined()
    expect([then(20), asOf(20)]).toEqual([[['a', 'y']], 10])
    expect(() => finish(reading.rowsThen('default', 'employees', 19, 'a', 10))).toThrow(/deleted/)
  })
})

it('nothing is stored, nor remembered as told, where it fails', () => {
  const { note, file, noting, then, asOf } = opened()
  note(is('a', 10))
  file.exec("CREATE TRIGGER full BEFORE INSERT ON known_row BEGIN SELECT RAISE(ABORT, 'full'); END")
  const all = [is('a', 20, 'y'), is('b', 20)]
  expect(() => noting.note(all, { maxBytes: 1e9, now: NOW })).toThrow('full')
  file.exec('DROP TRIGGER full')
  expect(then(NOW)).toEqual([['a', null]])
  const bytes = () => file.prepare('SELECT rows_bytes AS bytes FROM store').get()?.['bytes']
  const before = Number(bytes())
  // Who told cannot know; what came before is counted no more.
  expect(note(...all, whole(20, 3)).answer).toBe('unsure')
  expect(asOf(NOW)).toBeUndefined()
  expect(Number(bytes())).toBe(
    Number(
      file
        .prepare(
          'SELECT sum(150 + 2 * octet_length(object_id) + octet_length(row)) AS bytes FROM known_row',
        )
        .get()?.['bytes'],
    ),
  )
  expect(before).toBeLessThan(Number(bytes()))
})

describe('a read that is known', () => {
  const isKnown = (at: number, until: number, told: number, table: string): Told =>
    ({ ...whole(at, told, table), until, isKnown: true }) as Told

  it('makes a table that has told nothing one that has told all', () => {
    const { note, changes, reading, then } = opened()
    note(is('a', 10, 'x'), is('b', 12, 'x'), is('c', 12), { ...whole(10, 3), until: 12 } as Told)
    expect(reading.knownReads()).toEqual([
      { connector: 'default', collection: 'employees', at: 10_000, until: 12_000 },
    ])
    expect(note(isKnown(10, 12, 3, 'two')).answer).toBe('known')
    // It has read all again: one differs, which it tells, one has gone, and one is as it was.
    note(is('a', 20, 'y', 'two'), isGone('b', 20, 'two'))
    expect(note(whole(20, 5, 'two')).answer).toBe('known')
    expect(changes()).toEqual([
      ['UPDATED', 'a', 20, 'department', '"x"', '"y"'],
      ['DELETED', 'b', 20],
    ])
    expect(then(NOW)).toEqual([
      ['a', 'y'],
      ['c', null],
    ])
  })

  it.each([
    ['another read', (): Told => isKnown(9, 12, 2, 'two')],
    ['where others have told of more since', (): Told => isKnown(10, 11, 2, 'two')],
  ])('is not taken for %s', (_, told) => {
    const { note } = opened()
    note(is('a', 10, 'x'), is('b', 12, 'x'), { ...whole(10, 2), until: 12 } as Told)
    expect(note(told()).answer).toBe('unsure')
  })

  it('is none of a list that is not known as a whole any more', () => {
    const { note, reading } = opened()
    note(is('a', 10, 'x'), whole(10, 1))
    note({ connector: 'default', collection: 'employees', kind: 'missed' })
    expect(reading.knownReads()).toEqual([])
    expect(note(isKnown(10, 10, 1, 'two')).answer).toBe('unsure')
  })
})
