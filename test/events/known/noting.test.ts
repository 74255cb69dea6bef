/** What is told of rows, one word after the other, and what the file makes of it. */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Told } from '../../../src/model/known-rows.ts'
import type { Detection } from '../../../src/model/rows.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'
import { closeHistories, historyMakers } from './histories.ts'

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

afterAll(closeHistories)

describe.each(historyMakers)('$name', maker => {
  const opened = async () => {
    const history = await maker.open()
    onTestFinished(history.close)
    const { reading, rows } = history
    const world = {
      ...history,
      noting: history.noting(),
      note: (...all: readonly Told[]) => world.noteAt(NOW, ...all),
      noteAt: (now: number, ...all: readonly Told[]) =>
        world.noting.note(all, { maxBytes: 1e9, now }),
      /** Another process, or the same once it was started again. */
      restart: () => {
        world.noting = history.noting()
      },
      changes: async () =>
        (
          await rows(
            () =>
              'SELECT kind, object_id AS id, field, old_value, new_value, at FROM change ORDER BY sequence',
          )
        ).map(({ kind, id, field, old_value: old, new_value: now, at }) =>
          field === null ? [kind, id, at] : [kind, id, at, field, old, now],
        ),
      rowsAt: async (at: number) => {
        const { rows: found } = await reading.rowsThen('default', 'employees', at, '', 100)
        return found.map(text => {
          const { id, department } = JSON.parse(text) as { id: string; department: string | null }
          return [id, department]
        })
      },
      asOf: async (at: number) => (await reading.listThen('default', 'employees', at)).asOf,
      rowsBytes: async () =>
        Number((await rows(table => `SELECT rows_bytes AS bytes FROM ${table}`))[0]?.['bytes']),
    }
    return world
  }

  describe('a row that is told of', () => {
    it('is no news at first, has come once its list was known, and came again where it had gone', async () => {
      const { note, changes } = await opened()
      await note(is('a', 10), whole(10, 1))
      expect(await changes()).toEqual([])
      await note(is('b', 20), isGone('a', 30), is('a', 40))
      expect(await changes()).toEqual([
        ['CREATED', 'b', 20],
        ['DELETED', 'a', 30],
        ['CREATED', 'a', 40],
      ])
    })

    it('differs from what is known, whoever knew it, and is told of once', async () => {
      const { note, changes, restart } = await opened()
      await note(is('a', 10, 'x'))
      restart()
      await note(is('a', 10, 'x', 'two'), is('a', 20, 'y', 'two'), is('a', 25, 'y', 'three'))
      expect(await changes()).toEqual([['UPDATED', 'a', 20, 'department', '"x"', '"y"']])
    })

    it('tells nothing where it is older than what is known', async () => {
      const { note, changes, rowsAt } = await opened()
      await note(is('a', 10, 'x'), is('b', 10), whole(10, 2), isGone('b', 20))
      // Before what is known of it, before it went, and before a list that lacked it.
      await note(is('a', 9, 'y'), is('b', 15), is('c', 9))
      expect(await changes()).toEqual([['DELETED', 'b', 20]])
      expect(await rowsAt(NOW)).toEqual([['a', 'x']])
    })

    it('tells nothing where a list that had it is newer', async () => {
      const { note, rowsAt } = await opened()
      await note(is('a', 10, 'x'), whole(10, 1), whole(30, 1))
      await note(is('a', 20, 'y', 'two'))
      expect(await rowsAt(NOW)).toEqual([['a', 'x']])
    })

    it('is news though what is known is later, where the clock was set back since', async () => {
      const { note, noteAt, changes, asOf } = await opened()
      await noteAt(NOW + 50, is('a', NOW + 50, 'x'), whole(NOW + 50, 1))
      await note(is('a', NOW - 30, 'y'), is('b', NOW - 30), whole(NOW - 20, 3))
      expect(await changes()).toEqual([
        ['UPDATED', 'a', NOW - 30, 'department', '"x"', '"y"'],
        ['CREATED', 'b', NOW - 30],
      ])
      expect(await asOf(NOW)).toBe(NOW - 20)
    })

    it('was there all the same where it became known by a clock that was set back since', async () => {
      const { note, noteAt, rowsAt, reading } = await opened()
      const AHEAD = NOW + 600
      await noteAt(AHEAD, is('a', NOW + 500, 'w'), is('b', NOW + 500, 'x'), whole(NOW + 500, 2))
      await noteAt(AHEAD, is('a', AHEAD, 'x'), is('c', AHEAD, 'x'))
      // What it is like is what it was, of which a table tells nothing.
      await note(whole(NOW - 30, 4))
      expect(await rowsAt(NOW)).toEqual([
        ['a', 'x'],
        ['b', 'x'],
        ['c', 'x'],
      ])
      await note(is('a', NOW - 20, 'y'), isGone('b', NOW - 20), is('a', NOW - 10, 'z'))
      expect(await rowsAt(NOW - 15)).toEqual([
        ['a', 'y'],
        ['c', 'x'],
      ])
      expect(await rowsAt(NOW - 25)).toContainEqual(['b', 'x'])
      expect(await reading.rowThen('default', 'employees', 'a', NOW)).toContain('"z"')
      expect(await reading.rowThen('default', 'employees', 'b', NOW)).toBeNull()
    })

    it('is of now where it waited while the clock was set back', async () => {
      const { note, changes, asOf, reading } = await opened()
      await note(is('a', NOW - 50), whole(NOW - 50, 1))
      await note(is('a', NOW + 500, 'x'), isGone('b', NOW + 500), whole(NOW + 500, 3))
      expect(await changes()).toEqual([['UPDATED', 'a', NOW, 'department', null, '"x"']])
      expect(await asOf(NOW)).toBe(NOW)
      expect(await reading.knownReads()).toMatchObject([{ at: NOW * 1_000, until: NOW * 1_000 }])
    })

    it('is as it was told at each moment, and not there before it was first known', async () => {
      const { note, rowsAt, reading } = await opened()
      await note(is('a', 10, 'x'), is('a', 20, 'y'), isGone('a', 30), is('a', 40, 'z'))
      expect(await Promise.all([9, 10, 19.9, 20, 30, 39, 40].map(rowsAt))).toEqual([
        [],
        [['a', 'x']],
        [['a', 'x']],
        [['a', 'y']],
        [],
        [],
        [['a', 'z']],
      ])
      const rowAt = (at: number) => reading.rowThen('default', 'employees', 'a', at)
      expect(await rowAt(9)).toBeUndefined()
      expect(await rowAt(35)).toBeNull()
      expect(await rowAt(40)).toContain('"z"')
      expect(await reading.rowThen('other', 'employees', 'a', 40)).toBeUndefined()
      // Whoever asks may ask for anything.
      expect(await reading.rowThen('default', 'employees', 'a\0\ud800', 40)).toBeUndefined()
    })

    it('keeps what only a read by id tells, from when that was', async () => {
      const { note, reading, changes } = await opened()
      const detection = (at: number, events: Detection['events'], severity = 'LOW'): Told => ({
        ...{ ...of, kind: 'row', collection: 'detections', id: 'd', at, learntFrom: 'READ' },
        row: JSON.stringify(rowOf('detections', { id: 'd', events, severity })),
      })
      const [first, second] = [[detectionEvent()], [detectionEvent(), detectionEvent()]]
      await note(detection(10, null), detection(20, first), detection(30, null, 'HIGH'))
      await note(detection(40, second, 'HIGH'))
      const eventsAt = async (at: number) => {
        const row = await reading.rowThen('default', 'detections', 'd', at)
        const { events } = JSON.parse(row ?? '{}') as {
          events: readonly unknown[] | null
        }
        return events?.length
      }
      expect(await Promise.all([10, 19, 20, 30, 39, 40].map(eventsAt))).toEqual([
        ...[undefined, undefined, 1, 1, 1, 2],
      ])
      expect((await changes()).map(([, , at, field]) => [at, field])).toEqual([
        [30, 'severity'],
        [40, 'events'],
      ])
    })
  })

  it('changes that go for room leave the moments that have been to be told of, whatever clock noted them', async () => {
    const { noting, noteAt, note, rows, asOf } = await opened()
    const ahead = NOW + 7_200
    await noteAt(NOW - 100, is('a', NOW - 100, 'u'), whole(NOW - 100, 1))
    await noteAt(ahead, is('a', ahead, 'v'))
    await noting.note([whole(NOW - 50, 1)], { maxBytes: 1, now: NOW })
    expect((await rows(table => `SELECT cut_at FROM ${table}`))[0]).toEqual({ cut_at: NOW })
    expect(await rows(() => 'SELECT * FROM change')).toEqual([])
    await note({ ...of, kind: 'again' }, is('a', NOW, 'v'), whole(NOW, 1))
    expect(await asOf(NOW)).toBe(NOW)
  })

  describe('a time of use', () => {
    it('is one change a day, whoever tells of it next, from the first value to the last', async () => {
      const { note, restart, changes } = await opened()
      const NOON = 20_000 * 86_400 + 43_200
      const used = (at: number, lastUsedAt: number): Told => ({
        ...{ ...of, kind: 'row', collection: 'accounts', id: 'a', at, learntFrom: 'READ' },
        row: JSON.stringify(rowOf('accounts', { id: 'a', lastUsedAt, createdAt: 1 })),
      })
      await note(used(NOON - 100_000, 5))
      for (const [later, value] of [60, 120, 180, 43_200].entries()) {
        restart()
        expect((await note(used(NOON + value, later + 10))).stored).toBe([1, 0, 0, 1][later])
      }
      expect(await changes()).toEqual([
        ['UPDATED', 'a', NOON + 60, 'lastUsedAt', '5', '12'],
        ['UPDATED', 'a', NOON + 43_200, 'lastUsedAt', '12', '13'],
      ])
    })

    it('never shows one of the future, though those of a day are one change', async () => {
      const { note, reading } = await opened()
      const NOON = 20_000 * 86_400 + 43_200
      const used = (at: number, lastUsedAt: number): Told => ({
        ...{ ...of, kind: 'row', collection: 'accounts', id: 'a', at, learntFrom: 'READ' },
        row: JSON.stringify(rowOf('accounts', { id: 'a', lastUsedAt, createdAt: 1 })),
      })
      await note(used(NOON - 100_000, 5), used(NOON, NOON - 10), used(NOON + 200, NOON + 150))
      const usedAt = async (at: number) => {
        const row = await reading.rowThen('default', 'accounts', 'a', at)
        return (JSON.parse(row ?? '{}') as { lastUsedAt: number }).lastUsedAt
      }
      const moments = [NOON - 1, NOON + 100, NOON + 150, NOON + 300]
      expect(await Promise.all(moments.map(usedAt))).toEqual([5, 5, NOON + 150, NOON + 150])
    })
  })

  describe('a list that is whole', () => {
    it('has lost what a table without gaps does not have, also what went while nobody read it', async () => {
      const { note, changes, restart } = await opened()
      await note(is('a', 10), is('b', 10), whole(10, 2))
      restart()
      // What came since the list began to be read may be in no page of it.
      await note(is('new', 21, null, 'other process'))
      await note(is('b', 20, null, 'two'), whole(20, 1, 'two'))
      const until20 = [
        ['CREATED', 'new', 21],
        ['DELETED', 'a', 20],
      ]
      expect(await changes()).toEqual(until20)
      await note(whole(30, 1, 'two'))
      expect(await changes()).toEqual([...until20, ['DELETED', 'new', 30]])
    })

    it('has lost a row from when its read was over on, and hears of one that came meanwhile', async () => {
      const { note, changes, rowsAt, reading } = await opened()
      await note(is('a', 10), is('b', 10), is('c', 10), whole(10, 3))
      const gone = (id: string): Told => ({ ...isGone(id, 20), ...{ overAt: 50 } })
      await note(gone('a'), gone('b'))
      expect((await note({ ...whole(20, 5), ...{ until: 50 } })).answer).toBe('known')
      expect(await changes()).toEqual([
        ['DELETED', 'a', 50],
        ['DELETED', 'b', 50],
      ])
      const idsAt = async (at: number) => (await rowsAt(at)).map(([id]) => id)
      expect(await Promise.all([49, 50].map(idsAt))).toEqual([['a', 'b', 'c'], ['c']])
      expect(await reading.rowThen('default', 'employees', 'a', 49)).toContain('"a"')
      // Another process was told of it after the list was begun.
      await note(is('b', 30, 'x', 'two'))
      expect(await Promise.all([29, 30, 60].map(rowsAt))).toEqual([
        [
          ['a', null],
          ['b', null],
          ['c', null],
        ],
        [
          ['a', null],
          ['b', 'x'],
          ['c', null],
        ],
        [
          ['b', 'x'],
          ['c', null],
        ],
      ])
    })

    it('has lost what no table told of from then on, too', async () => {
      const { note, changes, restart } = await opened()
      await note(is('a', 10), is('b', 10), whole(10, 2))
      restart()
      await note(is('b', 20, null, 'two'), { ...whole(20, 1, 'two'), ...{ until: 50 } })
      expect(await changes()).toEqual([['DELETED', 'a', 50]])
    })

    it('is known from when its read was over, and as of when it began', async () => {
      const { note, asOf, reading } = await opened()
      const readUntil = (at: number, until: number, told: number): Told => ({
        ...whole(at, told),
        ...{ until },
      })
      await note(is('a', 10), is('b', 40), readUntil(10, 40, 2))
      expect(await Promise.all([9, 39.9, 40, 100].map(asOf))).toEqual([
        undefined,
        undefined,
        10,
        10,
      ])
      await note(readUntil(1_000, 1_030, 2))
      expect(await Promise.all([1_029, 1_030].map(asOf))).toEqual([10, 1_000])
      expect(await reading.listThen('default', 'employees', 0)).toEqual({
        ...{ asOf: undefined, cutAt: undefined, wholeSince: 10 },
      })
      // One that is not known is no list without rows.
      expect(await reading.rowThen('default', 'employees', 'c', 39)).toBeUndefined()
      expect(await reading.rowThen('default', 'employees', 'c', 40)).toBeNull()
    })

    it('keeps the newest moment at which it agreed, and of older ones one in 15 minutes', async () => {
      const { note, rows } = await opened()
      await note(is('a', 0))
      for (let at = 60; at <= 3_600; at += 60) await note(whole(at, 1, 'one', at === 60))
      const moments = await rows(() => 'SELECT at FROM known_whole ORDER BY at')
      expect(moments.map(({ at }) => at)).toEqual([60, 960, 1_860, 2_760, 3_600])
    })

    it('is not known where a table has told of more than came', async () => {
      const { note, asOf, restart } = await opened()
      await note(is('a', 10), is('b', 10))
      restart()
      expect((await note(is('c', 11), whole(10, 3))).answer).toBe('unsure')
      expect(await asOf(NOW)).toBeUndefined()
      await note({ ...of, kind: 'again' }, is('c', 20), is('b', 20))
      expect((await note(whole(20, 2))).answer).toBe('known')
      expect(await asOf(NOW)).toBe(20)
    })

    it('is known no more where something of it was missed after the clock was set back', async () => {
      const { note, noteAt, asOf } = await opened()
      await note(is('a', 10), whole(10, 1))
      await noteAt(NOW + 500, is('a', NOW + 500, 'x'), whole(NOW + 500, 2))
      await note({ ...of, kind: 'missed' })
      expect(await asOf(NOW)).toBeUndefined()
      expect(await asOf(NOW - 100)).toBe(10)
    })

    it('is known no more where something of it was missed, until a table tells all of it', async () => {
      const { note, asOf, changes, reading } = await opened()
      await note(is('a', 10), whole(10, 1), is('b', 20), { ...of, kind: 'missed' })
      expect(await Promise.all([15, 20, 30].map(asOf))).toEqual([10, undefined, undefined])
      expect((await note(whole(30, 2))).answer).toBe('unsure')
      // It may have come in between; nobody can say.
      await note({ ...of, kind: 'again' }, is('a', 40), is('b', 40), is('c', 40), whole(40, 3))
      expect(await changes()).toEqual([['CREATED', 'b', 20]])
      expect(await Promise.all([15, 39, 40].map(asOf))).toEqual([10, undefined, 40])
      expect((await reading.listThen('default', 'employees', NOW)).wholeSince).toBe(40)
    })

    it('asks a table for what others told of since it was whole', async () => {
      const { note, asOf } = await opened()
      await note(is('a', 10, 'x'), is('b', 10), whole(10, 2))
      await note(is('a', 20, 'y', 'two'), isGone('b', 20, 'two'))
      expect((await note(whole(30, 2))).answer).toEqual(['a', 'b'])
      expect(await asOf(NOW)).toBe(10)
      expect((await note(is('a', 31, 'x'), isGone('b', 30), whole(30, 4))).answer).toBe('known')
      expect(await asOf(NOW)).toBe(30)
    })

    it('asks for that, too, where it came along with the word that it is whole', async () => {
      const { note } = await opened()
      await note(is('a', 10, 'x'), is('b', 10), whole(10, 2))
      const others = [is('a', 20, 'y', 'two'), isGone('b', 20, 'two'), is('c', 20, 'x', 'two')]
      expect((await note(...others, whole(30, 2))).answer).toEqual(['a', 'b', 'c'])
    })

    it('asks once more with the next list what a probe could not see', async () => {
      const { note } = await opened()
      await note(whole(10, 0))
      await note(is('e', 20, null, 'two'), whole(20, 1, 'two'))
      expect((await note(whole(30, 0, 'one', false))).answer).toEqual(['e'])
      expect((await note(whole(30, 0, 'one', false))).answer).toBe('known')
      expect((await note(whole(40, 0))).answer).toEqual(['e'])
      expect((await note(isGone('e', 40), whole(40, 1))).answer).toBe('known')
    })

    it('asks once more with the next list what came while it was read', async () => {
      const { note, changes } = await opened()
      await note(whole(10, 0))
      await note(is('d', 25, null, 'two'))
      expect((await note(whole(20, 0))).answer).toEqual(['d'])
      expect((await note(isGone('d', 20), whole(20, 1))).answer).toBe('known')
      expect((await note(whole(30, 1))).answer).toEqual(['d'])
      expect((await note(isGone('d', 30), whole(30, 2))).answer).toBe('known')
      expect((await changes()).at(-1)).toEqual(['DELETED', 'd', 30])
      expect((await note(whole(40, 2))).answer).toBe('known')
    })

    it('asks for what others told of while it was read, also of rows that it has', async () => {
      const { note } = await opened()
      await note(is('a', 20, 'x'))
      await note(is('a', 25, 'y', 'two'))
      expect((await note(whole(20, 1))).answer).toEqual(['a'])
    })

    it('is not read anew by a probe, which does not see all that is new', async () => {
      const { note, rowsAt } = await opened()
      await note(is('a', 10), whole(10, 1), whole(30, 1, 'one', false))
      await note(is('b', 20, null, 'two'))
      expect((await rowsAt(NOW)).map(([id]) => id)).toEqual(['a', 'b'])
    })

    it('has not been compared where that could not be stored', async () => {
      const { note, full, changes, restart } = await opened()
      await note(is('a', 10), is('b', 10), whole(10, 2))
      restart()
      await note(is('b', 20, null, 'two'))
      const free = await full('UPDATE ON known_list')
      await expect(note(whole(20, 1, 'two'))).rejects.toThrow('full')
      await free()
      expect((await note(whole(20, 1, 'two'))).answer).toBe('unsure')
      await note(
        { ...of, table: 'two', kind: 'again' },
        is('b', 30, null, 'two'),
        whole(30, 1, 'two'),
      )
      expect(await changes()).toEqual([['DELETED', 'a', 30]])
    })

    it('is known no more where there is no room for a row of it', async () => {
      const { noting, note, asOf, changes, rowsBytes } = await opened()
      await note(is('a', 10), whole(10, 1))
      // No second row, but when the list agreed.
      const terms = { maxBytes: 2 * (await rowsBytes()) - 1, now: NOW }
      expect(await noting.note([is('b', 20)], terms)).toMatchObject({
        refused: 1,
        full: [{ connector: 'default', collection: 'employees', isUnknown: false }],
      })
      expect((await noting.note([whole(30, 2)], terms)).answer).toBe('unsure')
      expect(await Promise.all([19, 30].map(asOf))).toEqual([10, undefined])
      // Nobody knows whether it has come since.
      await note({ ...of, kind: 'again' }, is('a', 40), is('b', 40), whole(40, 2))
      expect(await changes()).toEqual([])
      expect(await asOf(40)).toBe(40)
    })

    it('is unknown as long as no row of it had room, be it one that was told of with those that have none', async () => {
      const { noting } = await opened()
      const fullOf = async (maxBytes: number, ...all: readonly Told[]) =>
        (await noting.note(all, { maxBytes, now: NOW })).full.map(({ isUnknown }) => isUnknown)
      expect(await fullOf(100, is('a', 10), is('b', 10))).toEqual([true])
      expect(await fullOf(500, is('a', 10), is('b', 10))).toEqual([false])
      expect(await fullOf(500, is('a', 10))).toEqual([])
    })

    it('of many rows is compared in steps', async () => {
      const { note, changes, restart } = await opened()
      const ids = Array.from({ length: 4_500 }, (_, index) => String(index + 10_000))
      await note(...ids.map(id => is(id, 10)), whole(10, ids.length))
      restart()
      const kept = ids.filter((_, index) => index % 1_000 !== 0)
      await note(...kept.map(id => is(id, 20, null, 'two')))
      const word = whole(20, kept.length, 'two')
      for (const answer of ['more', 'more', 'known']) expect((await note(word)).answer).toBe(answer)
      expect((await changes()).map(([kind, id]) => [kind, id])).toEqual(
        ids.filter((_, index) => index % 1_000 === 0).map(id => ['DELETED', id]),
      )
    })
  })

  describe('what is past its time', () => {
    it('goes in steps: rows that went, and lists of which nobody told for so long', async () => {
      const { note, purging, rows, rowsBytes, rowsAt } = await opened()
      await note(
        is('a', 10),
        is('b', 10),
        is('c', 10),
        whole(10, 3),
        isGone('a', 20),
        isGone('b', 30),
      )
      const { purgeKnown, purgeChanges } = purging
      const purgeOne = () => purgeKnown(100, 1)
      // As long as it is known how it went, it is known what it was.
      expect(await purgeKnown(25, 10)).toBe(0)
      await purgeChanges(100, 10)
      expect(await purgeKnown(25, 10)).toBe(1)
      expect(await rowsAt(NOW)).toEqual([['c', null]])
      expect(await purgeOne()).toBe(1)
      // When the list agreed goes before what is left of it.
      expect([await purgeOne(), (await rows(() => 'SELECT * FROM known_whole')).length]).toEqual([
        1, 0,
      ])
      expect(await purgeOne()).toBe(1)
      expect(await purgeOne()).toBe(0)
      for (const table of ['known_row', 'known_list', 'known_whole'])
        expect(await rows(() => `SELECT * FROM ${table}`)).toEqual([])
      expect(await rowsBytes()).toBe(0)
    })

    it('leaves nothing to tell of a day of which a time of use went, up to that', async () => {
      const { note, purging, reading } = await opened()
      const NOON = 20_000 * 86_400 + 43_200
      const used = (at: number, lastUsedAt: number): Told => ({
        ...{ ...of, kind: 'row', collection: 'accounts', id: 'a', at, learntFrom: 'READ' },
        row: JSON.stringify(rowOf('accounts', { id: 'a', lastUsedAt, createdAt: 1 })),
      })
      await note(used(NOON - 10, 5), used(NOON, NOON - 5), used(NOON + 200, NOON + 150))
      await purging.purgeChanges(NOON + 1, 10)
      const rowAt = (at: number) => reading.rowThen('default', 'accounts', 'a', at)
      expect(await rowAt(NOON + 149)).toBeUndefined()
      expect(await rowAt(NOON + 150)).toContain(`${NOON + 150}`)
    })

    it('leaves nothing to tell of what was before', async () => {
      const { note, purging, rowsAt, asOf, reading } = await opened()
      await note(is('a', 10, 'x'), whole(10, 1), is('a', 20, 'y'), is('a', 30, 'z'))
      await purging.purgeChanges(25, 10)
      expect((await reading.listThen('default', 'employees', 19)).cutAt).toBe(20)
      expect(await Promise.all([rowsAt(19), asOf(19)])).toEqual([[], undefined])
      expect(await reading.rowThen('default', 'employees', 'a', 19)).toBeUndefined()
      expect(await Promise.all([rowsAt(20), asOf(20)])).toEqual([[['a', 'y']], 10])
      await expect(reading.rowsThen('default', 'employees', 19, 'a', 10)).rejects.toThrow(/deleted/)
    })
  })

  it('nothing is stored, nor remembered as told, where it fails', async () => {
    const { note, full, rows, rowsBytes, rowsAt, asOf } = await opened()
    await note(is('a', 10))
    const free = await full('INSERT ON known_row')
    const all = [is('a', 20, 'y'), is('b', 20)]
    await expect(note(...all)).rejects.toThrow('full')
    await free()
    expect(await rowsAt(NOW)).toEqual([['a', null]])
    const before = await rowsBytes()
    // Who told cannot know; what came before is counted no more.
    expect((await note(...all, whole(20, 3))).answer).toBe('unsure')
    expect(await asOf(NOW)).toBeUndefined()
    const [counted] = await rows(
      () =>
        'SELECT sum(150 + 2 * octet_length(object_id) + octet_length(row)) AS bytes FROM known_row',
    )
    expect(await rowsBytes()).toBe(Number(counted?.['bytes']))
    expect(before).toBeLessThan(await rowsBytes())
  })

  describe('a read that is known', () => {
    const isKnown = (at: number, until: number, told: number, table: string): Told =>
      ({ ...whole(at, told, table), until, isKnown: true }) as Told

    it('makes a table that has told nothing one that has told all', async () => {
      const { note, changes, reading, rowsAt } = await opened()
      await note(is('a', 10, 'x'), is('b', 12, 'x'), is('c', 12), {
        ...whole(10, 3),
        until: 12,
      } as Told)
      expect(await reading.knownReads()).toEqual([
        { connector: 'default', collection: 'employees', at: 10_000, until: 12_000 },
      ])
      expect((await note(isKnown(10, 12, 3, 'two'))).answer).toBe('known')
      // It has read all again: one differs, which it tells, one has gone, and one is as it was.
      await note(is('a', 20, 'y', 'two'), isGone('b', 20, 'two'))
      expect((await note(whole(20, 5, 'two'))).answer).toBe('known')
      expect(await changes()).toEqual([
        ['UPDATED', 'a', 20, 'department', '"x"', '"y"'],
        ['DELETED', 'b', 20],
      ])
      expect(await rowsAt(NOW)).toEqual([
        ['a', 'y'],
        ['c', null],
      ])
    })

    it.each([
      ['another read', (): Told => isKnown(9, 12, 2, 'two')],
      ['where others have told of more since', (): Told => isKnown(10, 11, 2, 'two')],
    ])('is not taken for %s', async (_, told) => {
      const { note } = await opened()
      await note(is('a', 10, 'x'), is('b', 12, 'x'), { ...whole(10, 2), until: 12 } as Told)
      expect((await note(told())).answer).toBe('unsure')
    })

    it('is none of a list that is not known as a whole any more', async () => {
      const { note, reading } = await opened()
      await note(is('a', 10, 'x'), whole(10, 1))
      await note({ connector: 'default', collection: 'employees', kind: 'missed' })
      expect(await reading.knownReads()).toEqual([])
      expect((await note(isKnown(10, 10, 1, 'two'))).answer).toBe('unsure')
    })
  })
})
