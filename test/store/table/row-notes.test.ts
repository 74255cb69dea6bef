/** What is noted of rows, against a plain memory of all that was ever known of them. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesOf, type RowChange } from '../../../src/model/row-changes.ts'
import type { Account, Detection } from '../../../src/model/rows.ts'
import { createFollower } from '../../../src/store/table/follow.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

const account = (id: string, given: Partial<Account> = {}): Account =>
  rowOf('accounts', { id, ...given })

/** A table of accounts, and what is noted of it. */
const noted = () => {
  const noticed: RowChange[] = []
  const table = createTable('accounts', 'epoch', change => noticed.push(change))
  const follow = createFollower(name => (name === 'accounts' ? (table as never) : undefined))
  const take = () =>
    noticed.splice(0).map(({ before, after, since, at, learntFrom }) => {
      const kind = before === undefined ? 'CREATED' : after === undefined ? 'DELETED' : 'UPDATED'
      return [kind, (after ?? before)?.id, since, at, learntFrom]
    })
  /** Reads the whole list: those rows are in it. */
  const readAll = (rows: readonly Account[], at: number, hasGaps = false): void => {
    for (const row of rows) table.put(row, at)
    table.sweep(at, hasGaps)
    table.whole = at
  }
  return { table, follow, take, readAll, noticed }
}

describe('the first reading of a list', () => {
  test('is no news, whether all of it was read or a part', () => {
    const { table, readAll, take } = noted()
    table.put(account('a'), 100)
    readAll([account('b'), account('c')], 200)
    expect(take()).toEqual([['DELETED', 'a', 100, 200, 'READ']])
  })

  test('nor what comes of an answer that was known before', () => {
    const { table, readAll, take } = noted()
    readAll([account('a', { mfaRegistered: true })], 200)
    table.put(account('a', { mfaRegistered: false }), 100)
    table.put(account('gone'), 100)
    expect(take()).toEqual([])
  })
})

describe('a row that was known', () => {
  test('is noted where it is read with another value, and not where with the same', () => {
    const { table, take } = noted()
    table.put(account('a', { mfaRegistered: true }), 100)
    table.put(account('a', { mfaRegistered: true }), 200)
    expect(take()).toEqual([])
    table.put(account('a', { mfaRegistered: false }), 300)
    expect(take()).toEqual([['UPDATED', 'a', 200, 300, 'READ']])
  })

  test('is noted where an event tells of it, and not again where it is then read so', () => {
    const { table, follow, take } = noted()
    table.put(account('a', { mfaRegistered: true }), 100)
    const told = { collection: 'accounts', type: 'UPDATE', at: 200, occurredAt: 200 } as const
    follow({ ...told, object: { id: 'a', mfaRegistered: false } })
    follow({ ...told, object: { id: 'a', mfaRegistered: false } })
    table.put(account('a', { mfaRegistered: false }), 300)
    expect(take()).toEqual([['UPDATED', 'a', 100, 200, 'EVENT']])
    // An answer that Push gave before tells nothing.
    table.put(account('a', { mfaRegistered: true }), 150)
    expect(take()).toEqual([])
  })

  test('is noted with the moment at which the event arrived, whatever it says of when it was', () => {
    const { table, follow, take, readAll } = noted()
    readAll([account('a', { mfaRegistered: true }), account('b')], 100)
    const when = { at: 200, occurredAt: 200, toldAt: 350 }
    const of = { collection: 'accounts', ...when } as const
    follow({ ...of, type: 'UPDATE', object: { id: 'a', mfaRegistered: false } })
    follow({ ...of, type: 'DELETE', object: { id: 'b' } })
    expect(take()).toEqual([
      ['UPDATED', 'a', 100, 350, 'EVENT'],
      ['DELETED', 'b', 100, 350, 'EVENT'],
    ])
    // An answer from before it came, and after it happened, has it already.
    table.put(account('a', { mfaRegistered: false }), 250)
    expect(take()).toEqual([])
  })

  test('is gone where the whole list lacks it, an event says so, or it is not found by its id', () => {
    const { table, follow, readAll, take } = noted()
    readAll([account('a'), account('b'), account('c'), account('d')], 100)
    readAll([account('b'), account('c'), account('d')], 200)
    expect(take()).toEqual([['DELETED', 'a', 100, 200, 'READ']])
    const object = { id: 'b' }
    const type = 'DELETE'
    follow({ collection: 'accounts', type, object, at: 300, occurredAt: 300 })
    expect(take()).toEqual([['DELETED', 'b', 200, 300, 'EVENT']])
    table.remove('c', 400)
    expect(take()).toEqual([['DELETED', 'c', 200, 400, 'READ']])
    follow({ collection: 'accounts', type, object: { id: 'never' }, at: 500, occurredAt: 500 })
    table.remove('never', 500)
    expect(take()).toEqual([])
  })
})

describe('a row that was not known', () => {
  test('has come once all were known, be it read or told', () => {
    const { table, follow, readAll, take } = noted()
    readAll([account('a')], 100)
    table.put(account('b'), 200)
    expect(take()).toEqual([['CREATED', 'b', 100, 200, 'READ']])
    const object = {
      id: 'c',
      employeeId: 'e',
      appType: 'SLACK',
      appId: 's',
      email: 'c@example.com',
    }
    const told = { collection: 'accounts', type: 'CREATE', at: 300, occurredAt: 300 } as const
    follow({ ...told, object: { ...object, creationTimestamp: 300 } })
    expect(take()).toEqual([['CREATED', 'c', 100, 300, 'EVENT']])
  })
})

describe('a row that left without word on where it is', () => {
  test('is what it was where it comes again, and differs where it does', () => {
    const { table, readAll, take } = noted()
    readAll([account('a', { mfaRegistered: true }), account('b')], 100)
    table.remove('a')
    table.remove('b')
    table.whole = undefined
    expect(take()).toEqual([])
    table.put(account('a', { mfaRegistered: false }), 200)
    table.put(account('b'), 200)
    expect(take()).toEqual([['UPDATED', 'a', 100, 200, 'READ']])
  })

  test('is gone where the next whole list lacks it, and where it is not found by its id', () => {
    const { table, readAll, take } = noted()
    readAll([account('a'), account('b')], 100)
    table.remove('a')
    table.remove('b')
    table.remove('b', 150)
    expect(take()).toEqual([['DELETED', 'b', 100, 150, 'READ']])
    readAll([account('c')], 200)
    expect(take()).toEqual([
      ['CREATED', 'c', 100, 200, 'READ'],
      ['DELETED', 'a', 100, 200, 'READ'],
    ])
  })

  test('is not gone where a deletion comes late that was before', () => {
    const { table, follow, take } = noted()
    table.put(account('a'), 100)
    table.remove('a')
    const gone = { collection: 'accounts', type: 'DELETE', object: { id: 'a' } } as const
    follow({ ...gone, at: 99, occurredAt: 99 })
    expect(take()).toEqual([])
    follow({ ...gone, at: 100, occurredAt: 100 })
    expect(take()).toEqual([['DELETED', 'a', 100, 100, 'EVENT']])
  })

  test('is not gone where a list lacks it of which something could not be read', () => {
    const { readAll, take } = noted()
    readAll([account('a'), account('b', { mfaRegistered: true })], 100)
    readAll([account('a')], 200, true)
    expect(take()).toEqual([])
    readAll([account('a'), account('b', { mfaRegistered: false })], 300)
    expect(take()).toEqual([['UPDATED', 'b', 100, 300, 'READ']])
  })
})

test('a clock that was set back leaves no row known later than now', () => {
  const { table, readAll, take } = noted()
  readAll([account('a')], 1_000)
  table.notAfter(500)
  table.put(account('a', { mfaRegistered: true }), 600)
  table.put(account('b'), 600)
  expect(take()).toEqual([
    ['UPDATED', 'a', 500, 600, 'READ'],
    ['CREATED', 'b', 500, 600, 'READ'],
  ])
})

describe('the changes of two copies', () => {
  const between = (before: Account | Detection, after: Account | Detection) =>
    changesOf('default', {
      collection: 'events' in before ? 'detections' : 'accounts',
      before,
      after,
      since: 1_000,
      at: 2_500,
      learntFrom: 'READ',
    })

  test('are one for each field, by its path in the graph, with times of use marked', () => {
    const after = account('a', { mfaMethods: ['SMS'], samlLogin: 'OKTA', lastUsedAt: 9 })
    const of = { connector: 'default', collection: 'accounts', objectId: 'a', kind: 'UPDATED' }
    const told = { ...of, since: 1, at: 2.5, learntFrom: 'READ', old: null }
    expect(between(account('a'), after)).toEqual([
      { ...told, field: 'mfaMethods', new: ['SMS'], isOfUse: false },
      { ...told, field: 'loginMethods.samlLogin', new: 'OKTA', isOfUse: false },
      { ...told, field: 'lastUsedAt', new: 9, isOfUse: true },
    ])
  })

  test('are none for lists of the same, nor for what one of the copies does not have', () => {
    const events = [detectionEvent()]
    expect(
      between(account('a', { mfaMethods: ['U2F'] }), account('a', { mfaMethods: ['U2F'] })),
    ).toEqual([])
    const [whole, part] = [rowOf('detections', { events }), rowOf('detections', { events: null })]
    expect(between(whole, part)).toEqual([])
    expect(between(part, whole)).toEqual([])
    expect(between(whole, rowOf('detections', { events: [] }))).toMatchObject([{ field: 'events' }])
  })
})

const ids = ['a', 'b', 'c', 'd']

type Happening =
  | { kind: 'read' | 'UPDATE' | 'CREATE' | 'DELETE'; id: string; value: number; ago: number }
  | { kind: 'all'; rows: string[]; value: number; gaps: boolean }
  | { kind: 'absent' | 'lost'; id: string }

/** What may come of Push, in any order and as often as it likes. */
const happening = fc.oneof<fc.MaybeWeightedArbitrary<Happening>[]>(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      id: fc.constantFrom(...ids),
      value: fc.integer({ min: 0, max: 2 }),
      ago: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('UPDATE' as const, 'CREATE' as const, 'DELETE' as const),
      id: fc.constantFrom(...ids),
      value: fc.integer({ min: 0, max: 2 }),
      ago: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('all' as const),
      rows: fc.uniqueArray(fc.constantFrom(...ids)),
      value: fc.integer({ min: 0, max: 2 }),
      gaps: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('absent' as const, 'lost' as const),
      id: fc.constantFrom(...ids),
    }),
  },
)

test('whatever comes in whatever order, the notes say how each row came to be what it is', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), happenings => {
      const { table, follow, readAll, noticed } = noted()
      // The last that was known of each row, for good; undefined once it is known that there is none.
      const known = new Map<string, Account>()
      let wasWhole = false
      let now = 1_000
      const copy = (id: string, value: number): Account => account(id, { passwordId: `${value}` })
      for (const it of happenings) {
        now += 10
        let [mayGo, mayBeLost] = [true, false]
        if (it.kind === 'read') table.put(copy(it.id, it.value), now - it.ago * 15)
        else if ('rows' in it) {
          readAll(
            it.rows.map(id => copy(id, it.value)),
            now,
            it.gaps,
          )
          mayBeLost = it.gaps
        } else if (!('ago' in it)) {
          table.remove(it.id, it.kind === 'absent' ? now : undefined)
          if (it.kind === 'lost') table.whole = undefined
          mayBeLost = it.kind === 'lost'
        } else {
          const at = now - it.ago * 15
          const object = { ...copy(it.id, it.value), creationTimestamp: 1 }
          follow({ collection: 'accounts', type: it.kind, object, at, occurredAt: at })
        }
        if (mayBeLost) mayGo = false
        for (const id of ids) {
          const [before, after] = [known.get(id), table.get(id)]
          const notes = noticed.filter(note => (note.before ?? note.after)?.id === id)
          if (after === undefined) {
            // Lost ones are remembered; they may be found to be gone later, by whatever shows it.
            if (before === undefined || notes.length === 0) {
              if (before !== undefined && mayGo && it.kind === 'all')
                expect([id, notes.length]).toEqual([id, 1])
              else expect(notes).toEqual([])
            } else {
              expect(notes).toMatchObject([{ before, after: undefined }])
              known.delete(id)
            }
            continue
          }
          if (before === undefined) expect(notes.length).toBe(wasWhole ? 1 : 0)
          else if (before.passwordId === after.passwordId && notes.length === 0)
            expect(notes).toEqual([])
          else {
            // It may have gone and come again in one reading of the list.
            let last: Account | undefined = before
            for (const note of notes) {
              expect(note.before).toEqual(last)
              last = note.after as Account | undefined
            }
            expect(last).toEqual(after)
          }
          known.set(id, after)
        }
        noticed.length = 0
        if (it.kind === 'all' && !it.gaps) wasWhole = true
      }
    }),
    { numRuns: runsOr(300) },
  )
})
