import { expect, it } from 'vitest'
import { readFilter } from '../../../src/filter/read-filter.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { sift } from '../../../src/query/reading/matching-rows.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { rowOf } from '../../support/rows.ts'
import { workInOneTurn } from '../../support/work.ts'

it('makes no test of a filter where the turn is over, as it is for most lists that waited for the same rows', async () => {
  const later: (() => unknown)[] = []
  const work = Object.assign(workInOneTurn(), {
    // Whoever has begun already would ask for it.
    next: async () => Promise.reject(new Error('A test was made')),
    later: (go: () => unknown) => new Promise(resolve => later.push(() => resolve(go()))),
  })
  let isOver = true
  Object.defineProperty(work, 'isKnownOver', { get: () => isOver })
  const table = createTable('apps', 'epoch')
  const reader = { alias: 'default', work, store: { table: () => table } } as unknown as Reader
  const rows = ['a', 'b'].map(id => rowOf('apps', { id }))
  const filter = readFilter('apps', { id: { in: ['b', 'c'] } }, { now: () => 0 })
  const lists = Array.from({ length: 3 }, () => sift('apps', filter, rows, reader))
  expect(later).toHaveLength(3)
  isOver = false
  for (const goOn of later) goOn()
  for (const passing of await Promise.all(lists.map(async list => list)))
    expect(passing).toEqual([rows[1]])
})
