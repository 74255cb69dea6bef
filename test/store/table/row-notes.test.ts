/** What a table tells of its rows, and what two copies of one come to. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Notice, WholeAnswer } from '../../../src/model/known-rows.ts'
import { changesOf } from '../../../src/model/row-changes.ts'
import type { Account, Detection } from '../../../src/model/rows.ts'
import { createFollower } from '../../../src/store/table/follow.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

const account = (id: string, given: Partial<Account> = {}): Account =>
  rowOf('accounts', { id, ...given })

/** A table of accounts, and what it tells. */
const noted = () => {
  const notices: Notice[] = []
  const table = createTable('accounts', 'epoch', notice => notices.push(notice))
  const follow = createFollower(name => (name === 'accounts' ? (table as never) : undefined))
  const take = () =>
    notices.splice(0).map(notice => {
      const { kind } = notice
      if (kind === 'whole') return ['whole', notice.at, notice.until, notice.told]
      if (kind !== 'row') return [kind]
      return [notice.row === undefined ? 'gone' : 'is', notice.id, notice.at, notice.learntFrom]
    })
  /** Reads the whole list: those rows are in it. */
  const readAll = (rows: readonly Account[], at: number, hasGaps = false): void => {
    for (const row of rows) table.put(row, at)
    table.gaps = hasGaps ? ['shifted'] : []
    table.sweep(at, hasGaps)
    table.whole = at
    table.readBeforeProbes = undefined
  }
  /** What comes of the word that the table is whole. */
  const answer = (of: WholeAnswer): void => {
    const whole = notices.findLast(({ kind }) => kind === 'whole')
    notices.length = 0
    if (whole?.kind === 'whole') whole.answered(of)
  }
  return { table, follow, take, readAll, notices, answer }
}

describe('a row', () => {
  test('is told of where it is not known here, or is another one, and not where it is the same', () => {
    const { table, take } = noted()
    table.put(account('a', { mfaRegistered: true }), 100)
    table.put(account('a', { mfaRegistered: true }), 200)
    expect(take()).toEqual([['is', 'a', 100, 'READ']])
    table.put(account('a', { mfaRegistered: false }), 300)
    expect(take()).toEqual([['is', 'a', 300, 'READ']])
    // An answer that Push gave before tells nothing.
    table.put(account('a', { mfaRegistered: true }), 150)
    expect(take()).toEqual([])
  })

  test('is told of with the moment at which an event arrived, and not again where it is then read so', () => {
    const { table, follow, take, readAll } = noted()
    readAll([account('a', { mfaRegistered: true }), account('b')], 100)
    take()
    const when = { at: 200, occurredAt: 200, toldAt: 350 }
    const of = { collection: 'accounts', ...when } as const
    follow({ ...of, type: 'UPDATE', object: { id: 'a', mfaRegistered: false } })
    follow({ ...of, type: 'UPDATE', object: { id: 'a', mfaRegistered: false } })
    follow({ ...of, type: 'DELETE', object: { id: 'b' } })
    table.put(account('a', { mfaRegistered: false }), 400)
    expect(take()).toEqual([
      ['is', 'a', 350, 'EVENT'],
      ['gone', 'b', 350, 'EVENT'],
    ])
  })

  test('that is read with what an event has told since, is known from then on', () => {
    const { table, follow, take, readAll } = noted()
    const when = { at: 200, occurredAt: 200, toldAt: 350 }
    const of = { collection: 'accounts', type: 'UPDATE', ...when } as const
    // Of a row that is not here yet, as its page is on its way or was kept.
    follow({ ...of, object: { id: 'a', mfaRegistered: false } })
    readAll([account('a', { mfaRegistered: true }), account('b')], 100)
    expect(take()).toEqual([
      ['is', 'a', 350, 'EVENT'],
      ['is', 'b', 100, 'READ'],
      ['whole', 100, 350, 2],
    ])
    follow({ ...of, object: { id: 'b', mfaRegistered: false } })
    take()
    // What had changed before, and no event told.
    table.put(account('b', { mfaRegistered: true, passwordId: 'other' }), 150)
    expect(take()).toEqual([['is', 'b', 350, 'READ']])
    // The page has it by now.
    table.put(account('a', { mfaRegistered: false, passwordId: 'other' }), 400)
    expect(take()).toEqual([['is', 'a', 400, 'READ']])
  })

  test('is gone where the whole list lacks it, an event says so, or it is not found by its id', () => {
    const { table, follow, readAll, take } = noted()
    readAll([account('a'), account('b'), account('c')], 100)
    take()
    readAll([account('b'), account('c')], 200)
    expect(take()).toEqual([
      ['gone', 'a', 200, 'READ'],
      ['whole', 200, 200, 4],
    ])
    const gone = { collection: 'accounts', type: 'DELETE', at: 300, occurredAt: 300 } as const
    follow({ ...gone, object: { id: 'b' } })
    expect(take()).toEqual([['gone', 'b', 300, 'EVENT']])
    table.remove('c', 400)
    expect(take()).toEqual([['gone', 'c', 400, 'READ']])
    // It may have been known before the table was.
    follow({ ...gone, object: { id: 'never' } })
    table.remove('never', 500)
    expect(take()).toEqual([
      ['gone', 'never', 300, 'EVENT'],
      ['gone', 'never', 500, 'READ'],
    ])
  })

  test('is known to have gone when the list that lacks it was read to its end', () => {
    const { table, notices, readAll, answer } = noted()
    readAll([account('a'), account('b'), account('c')], 100)
    table.remove('b')
    notices.length = 0
    table.put(account('c'), 250)
    table.sweep(200, false, 250)
    const told = () =>
      notices.map(of =>
        of.kind === 'row' ? [of.id, of.at, of.overAt] : [of.kind, 'at' in of && of.at],
      )
    expect(told()).toEqual([
      ['a', 200, 250],
      ['b', 200, 250],
      ['whole', 200],
    ])
    expect(notices.at(-1)).toMatchObject({ until: 250 })
    // Others told of it meanwhile, and it is not here.
    answer(['d'])
    expect(told()).toEqual([
      ['d', 200, 250],
      ['whole', 200],
    ])
  })

  test('that left without word on where it is, is gone once a whole list lacks it', () => {
    const { table, readAll, take } = noted()
    readAll([account('a'), account('b'), account('c')], 100)
    take()
    table.remove('a')
    table.remove('b')
    expect(take()).toEqual([])
    table.put(account('a'), 150)
    readAll([account('a'), account('c')], 200)
    expect(take()).toEqual([
      ['is', 'a', 150, 'READ'],
      ['gone', 'b', 200, 'READ'],
      ['whole', 200, 200, 5],
    ])
  })

  test('is not gone where a list lacks it of which something could not be read', () => {
    const { readAll, take } = noted()
    readAll([account('a'), account('b')], 100)
    take()
    readAll([account('a')], 200, true)
    expect(take()).toEqual([])
    readAll([account('a')], 300)
    expect(take()).toEqual([
      ['gone', 'b', 300, 'READ'],
      ['whole', 300, 300, 3],
    ])
  })
})

describe('a table', () => {
  test('is whole from when the last of its rows was read, and where a probe agrees', () => {
    const { table, take } = noted()
    table.put(account('a'), 100)
    table.put(account('b'), 140)
    table.sweep(100)
    table.whole = 100
    expect(take().at(-1)).toEqual(['whole', 100, 140, 2])
    table.agree(200)
    expect(take()).toEqual([['whole', 200, 200, 2]])
    expect([table.whole, table.readBeforeProbes]).toEqual([200, 100])
    table.agree(150)
    expect(take()).toEqual([])
  })

  test('of which something could not be read is not whole, whatever a probe says', () => {
    const { table, readAll, take } = noted()
    readAll([account('a')], 100, true)
    table.agree(200)
    expect(take()).toEqual([['is', 'a', 100, 'READ']])
  })

  test('tells all of it again with the next whole list where not all had come', () => {
    const { readAll, take, answer } = noted()
    readAll([account('a'), account('b')], 100)
    answer('unsure')
    readAll([account('a'), account('b')], 200, true)
    expect(take()).toEqual([])
    readAll([account('a'), account('b')], 300)
    expect(take()).toEqual([
      ['again'],
      ['is', 'a', 300, 'READ'],
      ['is', 'b', 300, 'READ'],
      ['whole', 300, 300, 2],
    ])
    answer('known')
    readAll([account('a'), account('b')], 400)
    expect(take()).toEqual([['whole', 400, 400, 2]])
  })

  test('says what it knows of what others told of meanwhile, and that it is whole once more', () => {
    const { readAll, table, take, answer } = noted()
    readAll([account('a')], 100)
    answer(['a', 'gone'])
    expect(take()).toEqual([
      ['is', 'a', 100, 'READ'],
      ['gone', 'gone', 100, 'READ'],
      ['whole', 100, 100, 3],
    ])
    // A probe does not see what has gone.
    table.agree(200)
    answer(['a', 'gone'])
    expect(take()).toEqual([
      ['is', 'a', 100, 'READ'],
      ['whole', 200, 200, 4],
    ])
  })

  test('does not answer for what it knew when it was whole before', () => {
    const { readAll, take, notices } = noted()
    readAll([account('a')], 100)
    const first = notices.findLast(({ kind }) => kind === 'whole')
    readAll([account('a')], 200)
    take()
    if (first?.kind === 'whole') first.answered(['gone'])
    expect(take()).toEqual([])
  })

  test('tells of all where more rows left than it remembers', () => {
    const { table, readAll, take } = noted()
    const many = Array.from({ length: 10_001 }, (_, id) => account(`${id}`))
    readAll(many, 100)
    take()
    for (const { id } of many) table.remove(id)
    readAll([account('a')], 200)
    expect(take().slice(-3)).toEqual([['again'], ['is', 'a', 200, 'READ'], ['whole', 200, 200, 1]])
  })

  test('says that it is no more', () => {
    const { table, take } = noted()
    table.leave()
    expect(take()).toEqual([['left']])
  })
})

describe('the changes of two copies', () => {
  const between = (before: Account | Detection, after: Account | Detection) =>
    changesOf({
      connector: 'default',
      collection: 'events' in before ? 'detections' : 'accounts',
      before,
      after,
      at: 2.5,
      learntFrom: 'READ',
    })

  test('are one for each field, by its path in the graph, with times of use marked', () => {
    const after = account('a', { mfaMethods: ['SMS'], samlLogin: 'OKTA', lastUsedAt: 9 })
    const of = { connector: 'default', collection: 'accounts', objectId: 'a', kind: 'UPDATED' }
    const told = { ...of, at: 2.5, learntFrom: 'READ', old: null }
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
    // A version of the program that did not know a field yet.
    const { passwordId: _, ...former } = account('a')
    expect(between(former as Account, account('a', { passwordId: 'x' }))).toEqual([])
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

test('whatever comes in whatever order, who follows what is told has what the table has', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), happenings => {
      const { table, follow, readAll, notices } = noted()
      const followed = new Map<string, Account>()
      const lost = new Set<string>()
      let now = 1_000
      let told = 0
      const copy = (id: string, value: number): Account => account(id, { passwordId: `${value}` })
      for (const it of happenings) {
        now += 10
        const before = new Set(ids.filter(id => table.get(id) !== undefined))
        let mayLose = false
        if (it.kind === 'read') table.put(copy(it.id, it.value), now - it.ago * 15)
        else if ('rows' in it) {
          readAll(
            it.rows.map(id => copy(id, it.value)),
            now,
            it.gaps,
          )
          mayLose = it.gaps
        } else if (!('ago' in it)) {
          table.remove(it.id, it.kind === 'absent' ? now : undefined)
          if (it.kind === 'lost') table.whole = undefined
          mayLose = it.kind === 'lost'
        } else {
          const at = now - it.ago * 15
          const object = { ...copy(it.id, it.value), creationTimestamp: 1 }
          follow({ collection: 'accounts', type: it.kind, object, at, occurredAt: at })
        }
        let isWhole = false
        for (const notice of notices.splice(0)) {
          if (notice.kind === 'whole') {
            isWhole = true
            expect(notice).toMatchObject({ at: now, told })
          }
          if (notice.kind !== 'row') continue
          told += 1
          expect(notice.at).toBeLessThanOrEqual(now)
          lost.delete(notice.id)
          if (notice.row === undefined) followed.delete(notice.id)
          else followed.set(notice.id, notice.row as Account)
        }
        expect(isWhole).toBe('rows' in it && !it.gaps)
        for (const id of ids) {
          const row = table.get(id)
          if (mayLose && row === undefined && before.has(id)) lost.add(id)
          if (!lost.has(id)) expect(followed.get(id)).toEqual(row)
        }
        if (isWhole) expect(lost).toEqual(new Set())
      }
    }),
    { numRuns: runsOr(300) },
  )
})
