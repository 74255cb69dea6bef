/** A connector that is pointed at another tenant: what is known of the one before ends there, and nothing of it has changed. */
import * as fc from 'fast-check'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { rowBytesInSql } from '../../../src/events/known/tell-row.ts'
import type { TenantOfRows, Told } from '../../../src/model/known-rows.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'
import { closeHistories, type HistoryMaker, historyMakers } from './histories.ts'
import { createReference } from './reference.ts'

const of = { connector: 'default', collection: 'employees' } as const

const isAs = (tenant: TenantOfRows | undefined, table: string, id: string, at: number): Told => ({
  ...{ ...of, tenant, kind: 'row', table, id, at, learntFrom: 'READ' },
  row: JSON.stringify(rowOf('employees', { id, department: `${at}`, createdAt: 1 })),
})
const wholeAs = (
  tenant: TenantOfRows | undefined,
  table: string,
  at: number,
  told: number,
): Told => ({ ...of, tenant, kind: 'whole', table, at, until: at, isRead: true, told })

const before: TenantOfRows = { id: 'before', sinceSeconds: 0 }
const after: TenantOfRows = { id: 'after', sinceSeconds: 100 }

const openWorld = async (maker: HistoryMaker) => {
  const { reading, purging, rows, ...history } = await maker.open()
  let noting = history.noting()
  return {
    ...{ reading, purging, rows, close: history.close },
    another: history.noting,
    restart: (): void => {
      noting = history.noting()
    },
    note: (now: number, ...all: readonly Told[]) => noting.note(all, { maxBytes: 1e9, now }),
    noteWithin: (maxBytes: number, now: number, ...all: readonly Told[]) =>
      noting.note(all, { maxBytes, now }),
    changes: async () =>
      (await rows(() => 'SELECT kind, object_id AS id FROM change ORDER BY sequence')).map(
        ({ kind, id }) => [kind, id],
      ),
    rowsAt: async (at: number) => {
      const found = await reading.rowsThen('default', 'employees', at, '', 100)
      return found.rows.map(text => (JSON.parse(text) as { id: string }).id)
    },
    rowAt: (id: string, at: number) => reading.rowThen('default', 'employees', id, at),
    listAt: (at: number) => reading.listThen('default', 'employees', at),
  }
}

afterAll(closeHistories)

describe.each(historyMakers)('kept $name', maker => {
  const openedWorld = async () => {
    const world = await openWorld(maker)
    onTestFinished(world.close)
    return world
  }

  /** The list of the tenant before is known as a whole from 10 on, and the connector pointed at another one at 100. */
  const pointed = async () => {
    const world = await openedWorld()
    await world.note(11, isAs(before, 'one', 'a', 10), isAs(before, 'one', 'b', 10))
    await world.note(12, wholeAs(before, 'one', 10, 2))
    await world.note(50, isAs(before, 'one', 'c', 50))
    world.restart()
    await world.note(105, isAs(after, 'two', 'x', 101))
    return world
  }

  it('notes nothing as gone or new', async () => {
    const world = await pointed()
    expect((await world.note(106, wholeAs(after, 'two', 101, 1))).answer).toBe('known')
    await world.note(120, isAs(after, 'two', 'y', 120))
    expect(await world.changes()).toEqual([
      ['CREATED', 'c'],
      ['CREATED', 'y'],
    ])
  })

  it('has the list of before as it was up to then, and no more', async () => {
    const { rowsAt, rowAt, listAt } = await pointed()
    expect(await Promise.all([49, 50, 99].map(rowsAt))).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    expect((await listAt(99)).asOf).toBe(10)
    expect((await listAt(99)).wholeSince).toBeUndefined()
    expect(await rowAt('x', 99)).toBeNull()
    expect(await rowsAt(101)).toEqual(['x'])
    expect(await rowAt('a', 100)).toBeUndefined()
  })

  it('knows the new list as a whole once that was read, and not from before', async () => {
    const { note, listAt, reading } = await pointed()
    expect(await listAt(105)).toMatchObject({ asOf: undefined, wholeSince: undefined })
    expect(await reading.knownReads()).toEqual([])
    // Of what was asked for before the connector was pointed there.
    await note(106, wholeAs(after, 'two', 90, 1))
    expect(await listAt(106)).toMatchObject({ asOf: 90, wholeSince: 100 })
    expect((await listAt(99)).asOf).toBe(10)
    expect(await reading.knownReads()).toHaveLength(1)
  })

  it('takes a list of which nobody said whose it is for that of who comes first', async () => {
    const { note, restart, changes, rowsAt } = await openedWorld()
    await note(11, isAs(undefined, 'one', 'a', 10), wholeAs(undefined, 'one', 10, 1))
    restart()
    await note(105, isAs(after, 'two', 'b', 101), wholeAs(after, 'two', 101, 1))
    expect(await changes()).toEqual([
      ['CREATED', 'b'],
      ['DELETED', 'a'],
    ])
    await note(200, isAs({ id: 'third', sinceSeconds: 199 }, 'three', 'c', 200))
    expect(await rowsAt(200)).toEqual(['c'])
  })

  it('takes nothing in of a tenant that nobody knows, and does not count the list as known any more', async () => {
    const { note, restart, changes, rowsAt, listAt } = await pointed()
    await note(106, wholeAs(after, 'two', 101, 1))
    restart()
    await note(120, isAs(undefined, 'three', 'u', 119))
    expect(await rowsAt(120)).toEqual(['x'])
    expect((await listAt(120)).asOf).toBeUndefined()
    await note(130, isAs(after, 'three', 'x', 125), isAs(after, 'three', 'u', 125))
    expect((await note(130, wholeAs(after, 'three', 125, 3))).answer).toBe('unsure')
    expect(await changes()).toEqual([
      ['CREATED', 'c'],
      ['UPDATED', 'x'],
    ])
  })

  it('is told nothing by who was there before, as long as somebody newer tells of it', async () => {
    const { note, rowsAt, changes } = await pointed()
    const { answer } = await note(
      200,
      isAs(before, 'one', 'd', 199),
      wholeAs(before, 'one', 199, 4),
    )
    expect(answer).toBe('unsure')
    expect(await rowsAt(200)).toEqual(['x'])
    // As a command that was given another key: whoever goes on has the list again.
    await note(1_200, isAs(before, 'one', 'd', 1_199))
    expect(await rowsAt(1_200)).toEqual(['d'])
    await note(1_201, isAs(after, 'two', 'y', 1_201))
    expect(await rowsAt(1_201)).toEqual(['d'])
    expect(await changes()).toEqual([['CREATED', 'c']])
    // All that it tells counts once more.
    expect((await note(1_202, wholeAs(before, 'one', 1_202, 5))).answer).toBe('unsure')
  })

  it('takes what a table told of the list of before for nothing that it knows of the list of now', async () => {
    const { note, restart, another, rowsAt } = await pointed()
    const first = another()
    const again = { id: before.id, sinceSeconds: 200 }
    const told = [isAs(again, 'three', 'a', 205), isAs(again, 'three', 'z', 205)]
    await note(206, ...told)
    const terms = { maxBytes: 1e9, now: 300 }
    await first.note([isAs(before, 'four', 'a', 300), isAs(before, 'four', 'b', 300)], terms)
    await first.note([wholeAs(before, 'four', 300, 2)], terms)
    expect(await rowsAt(300)).toEqual(['a', 'b'])
    // Pointed elsewhere and back, by others, who have told of as many rows since.
    restart()
    await note(400, isAs({ id: 'after', sinceSeconds: 399 }, 'five', 'x', 400))
    const back = { id: before.id, sinceSeconds: 500 }
    const rows = ['a', 'b', 'y', 'z'].map(id => isAs(back, 'six', id, 501))
    await note(502, ...rows, wholeAs(back, 'six', 501, 4))
    const probe: Told = { ...wholeAs(before, 'four', 510, 2), isRead: false } as Told
    expect((await first.note([probe], { ...terms, now: 510 })).answer).toBe('unsure')
  })

  it('lets go what has ended before a row of now goes without room', async () => {
    const { noteWithin, rows, rowsAt, listAt, purging } = await pointed()
    const taken = async (): Promise<number> =>
      Number((await rows(table => `SELECT rows_bytes AS bytes FROM ${table}`))[0]?.['bytes'])
    const full = await taken()
    const noted = await noteWithin(full, 110, isAs(after, 'two', 'y', 110))
    expect(noted.refused).toBe(0)
    expect(await rowsAt(110)).toEqual(['x', 'y'])
    expect((await listAt(50)).asOf).toBeUndefined()
    const [left] = await rows(() => `SELECT sum(${rowBytesInSql}) AS bytes FROM known_row`)
    expect(await taken()).toBe(Number(left?.['bytes']))
    await purging.purgeKnown(60, 100)
    expect(await rows(() => 'SELECT DISTINCT list FROM known_row')).toHaveLength(1)
    expect(await rows(() => 'SELECT id FROM known_list')).toHaveLength(1)
  })

  it('lets go what ended before the oldest change that is kept', async () => {
    const { note, purging, rows, rowsAt } = await pointed()
    await note(106, wholeAs(after, 'two', 101, 1), isAs(after, 'two', 'y', 120))
    await purging.purgeChanges(200, 100)
    await purging.purgeKnown(0, 100)
    expect(await rows(() => 'SELECT id FROM known_list')).toHaveLength(1)
    expect(await rowsAt(130)).toEqual(['x', 'y'])
  })

  it('is that of now though the clock was set back since', async () => {
    const { note, rowsAt } = await pointed()
    await note(60, isAs({ id: 'third', sinceSeconds: 59 }, 'three', 't', 60))
    expect(await Promise.all([58, 60, 110].map(rowsAt))).toEqual([['a', 'b', 'c'], ['t'], ['t']])
  })

  it('ends the list of before now where that cannot be since its own start', async () => {
    const { note, rowsAt } = await pointed()
    await note(60, isAs({ id: 'third', sinceSeconds: 5 }, 'three', 't', 60))
    expect(await Promise.all([55, 60].map(rowsAt))).toEqual([['a', 'b', 'c'], ['t']])
  })

  it('has each tenant apart, however often the connector is pointed elsewhere and back', async () => {
    const ids = ['1', '2', '3']
    const step = fc.record({
      tenant: fc.constantFrom('a', 'b'),
      has: fc.subarray(ids),
      isRestarted: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async steps => {
        const { note, restart, rowsAt, rowAt, listAt, close } = await openWorld(maker)
        const reference = createReference()
        /** A list of its own for each time that the connector was pointed somewhere. */
        const eras: { readonly id: string; readonly from: number }[] = []
        for (const [index, { tenant: id, has, isRestarted }] of steps.entries()) {
          const now = 1_000 * (index + 1)
          if (isRestarted) restart()
          if (eras.at(-1)?.id !== id) eras.push({ id, from: now })
          const tenant = { id, sinceSeconds: eras.at(-1)?.from ?? 0 }
          const table = `${index}`
          const all = has.map(each => isAs(tenant, table, each, now - 1))
          all.push(wholeAs(tenant, table, now - 1, has.length))
          expect((await note(now, ...all)).answer).toBe('known')
          for (const told of all)
            reference.tell({ ...told, connector: `${eras.length}` }, true, each =>
              has.includes(each),
            )
        }
        for (const [index] of [...steps, undefined].entries())
          for (const at of [1_000 * index - 1, 1_000 * index, 1_000 * index + 500]) {
            const era = eras.findLastIndex(({ from }) => from <= at) + 1
            const list = reference.listOf({ ...of, connector: `${Math.max(1, era)}` })
            const then = (each: string) => reference.rowThen(list, each, at)
            expect(await rowsAt(at)).toEqual(ids.filter(each => (then(each) ?? null) !== null))
            for (const each of ids)
              expect(JSON.parse((await rowAt(each, at)) ?? 'null')).toEqual(then(each) ?? null)
            expect((await listAt(at)).asOf === undefined).toBe(
              reference.asOf(list, at) === undefined,
            )
          }
        await close()
      }),
      { numRuns: runsOr(Math.ceil(maker.runs / 2)) },
    )
  })
})
