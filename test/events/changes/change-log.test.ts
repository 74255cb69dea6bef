/** Changes in the file, and no more of them than may be. */
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createChangeLog } from '../../../src/events/changes/change-log.ts'
import {
  createChangePurging,
  createChangesInFile,
} from '../../../src/events/changes/changes-in-file.ts'
import { openEventFile } from '../../../src/events/event-file.ts'
import { resultNow } from '../../../src/events/known/later.ts'
import type { NewChange } from '../../../src/model/row-changes.ts'
import { inTransaction } from '../../../src/model/sqlite-file.ts'
import { runsOr } from '../../support/runs.ts'

const DAY = 86_400
const NOON = 20_000 * DAY + DAY / 2

const change = (given: Partial<NewChange> = {}): NewChange => ({
  connector: 'default',
  collection: 'accounts',
  objectId: 'a',
  kind: 'UPDATED',
  field: 'mfaRegistered',
  old: true,
  new: false,
  at: NOON,
  learntFrom: 'READ',
  isOfUse: false,
  ...given,
})

const opened = () => {
  const file = openEventFile(':memory:')
  onTestFinished(() => {
    file.close()
  })
  const { add, makeRoom } = createChangeLog(createChangesInFile(file))
  const log = {
    add: (of: NewChange) => resultNow(add(of)),
    makeRoom: (most: number) => resultNow(makeRoom(most, NOON + DAY)),
    ...createChangePurging(file),
  }
  const stored = () =>
    file
      .prepare(
        'SELECT field, old_value AS old, new_value AS new, at FROM change ORDER BY at, sequence',
      )
      .all()
      .map(({ field, old, new: now, at }) => [field, old, now, Number(at) - NOON])
  const store = (column: string) =>
    file.prepare(`SELECT ${column} AS it FROM store`).get()?.['it'] as number | null
  const bytes = () => store('changes_bytes')
  const note = (changes: readonly NewChange[], most = 1e9) =>
    inTransaction(file, () => ({
      stored: changes.filter(log.add).length,
      cut: log.makeRoom(most),
    }))
  const clear = (): void => {
    file.exec('DELETE FROM change; UPDATE store SET changes_bytes = 0, changes_gone = 0')
  }
  return { file, log, note, stored, store, bytes, clear }
}

describe('changes of a time of use', () => {
  const used = (at: number, old: number, now: number) =>
    change({ field: 'lastUsedAt', isOfUse: true, old, new: now, at })

  it('are one a day, from the first value to the last', () => {
    const { note, stored, bytes } = opened()
    note([used(NOON, 5, 10), used(NOON + 60, 10, 200), used(NOON + 120, 200, 30_000)])
    expect(note([used(NOON + DAY / 2 - 0.001, 30_000, 30_001)]).stored).toBe(0)
    expect(note([used(NOON + DAY / 2, 30_001, 30_002)]).stored).toBe(1)
    expect(stored()).toEqual([
      ['lastUsedAt', '5', '30001', 0],
      ['lastUsedAt', '30001', '30002', DAY / 2],
    ])
    expect(bytes()).toBe(2 * (200 + 2) + '530001'.length + '3000130002'.length)
  })

  it('never go back, whichever is told first', () => {
    const { note, stored } = opened()
    note([used(NOON, 5, 100), used(NOON + 60, 5, 50)])
    expect(stored()).toEqual([['lastUsedAt', '5', '100', 0]])
  })
})

describe('the room for changes', () => {
  const some = (count: number): NewChange[] =>
    Array.from({ length: count }, (_, index) =>
      change({ objectId: String(index % 10) + 'x', at: NOON + index }),
    )
  const each = 200 + 2 * 2 + 'truefalse'.length

  it('may be filled to the last byte; one more makes the oldest go', () => {
    const { note, stored, store, bytes } = opened()
    expect(note(some(5), 5 * each)).toEqual({ stored: 5, cut: 0 })
    expect(bytes()).toBe(5 * each)
    const more = change({ objectId: 'xx', at: NOON + 9 })
    expect(note([more], 6 * each - 1)).toEqual({ stored: 1, cut: 1 })
    expect(bytes()).toBe(5 * each)
    expect(stored().map(([, , , at]) => at)).toEqual([1, 2, 3, 4, 9])
    expect(store('cut_at')).toBe(NOON)
    expect(note([change({ objectId: 'yy', at: NOON + 10 })], 5 * each)).toMatchObject({ cut: 1 })
    expect(bytes()).toBe(5 * each)
  })

  it('is counted as it is, whatever comes and goes', () => {
    const { file, log, clear } = opened()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 20 }), fc.string({ unit: 'grapheme' }), fc.boolean()), {
          maxLength: 30,
        }),
        fc.nat({ max: 3_000 }),
        (given, most) => {
          clear()
          const all = given.map(([id, value, isOfUse], index) =>
            change({
              objectId: `é${id}`,
              old: isOfUse ? index : value,
              new: isOfUse ? index + id : value + '!',
              field: isOfUse ? 'lastUsedAt' : 'notes',
              isOfUse,
              at: NOON + index,
            }),
          )
          all.forEach(log.add)
          log.makeRoom(most)
          log.purgeChanges(NOON + 5, 3)
          const told = file
            .prepare('SELECT changes_bytes AS bytes, changes_gone AS gone FROM store')
            .get()
          const found = file
            .prepare(
              'SELECT count(*) AS n, coalesce(sum(200 + 2 * octet_length(object_id) + octet_length(old_value) + octet_length(new_value)), 0) AS bytes FROM change',
            )
            .get()
          expect(told?.['bytes']).toBe(found?.['bytes'])
          expect(Number(found?.['bytes'])).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: runsOr(50) },
    )
  })

  it('is made of what is older than the moment, no more than that and no more than so many at once', () => {
    const { log, note, stored, store } = opened()
    note(some(6))
    expect(log.purgeChanges(NOON + 3, 2)).toBe(2)
    expect(log.purgeChanges(NOON + 3, 2)).toBe(1)
    expect(log.purgeChanges(NOON + 3, 2)).toBe(0)
    expect(stored().map(([, , , at]) => at)).toEqual([3, 4, 5])
    expect(store('cut_at')).toBe(NOON + 2)
  })
})
