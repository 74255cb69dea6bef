import { expect, it } from 'vitest'
import { readFilter } from '../../../src/filter/read-filter.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { sift } from '../../../src/query/reading/matching-rows.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { Work } from '../../../src/work/work.ts'
import { rowOf } from '../../support/rows.ts'
import { hastyTurns, workInOneTurn } from '../../support/work.ts'

const rows = ['a', 'b'].map(id => rowOf('apps', { id }))
const filter = readFilter('apps', { id: { in: ['b', 'c'] } }, { now: () => 0 })

const siftBy = (work: Work) => {
  const table = createTable('apps', 'epoch')
  const reader = { alias: 'default', work, store: { table: () => table } } as unknown as Reader
  return sift('apps', filter, rows, reader)
}

it('makes no test of a filter where the turn is over, as it is for most lists that waited for the same rows', async () => {
  const later: (() => void)[] = []
  let isOver = true
  const work = Object.assign(workInOneTurn(), {
    isOver: () => isOver,
    next: (isLast = false) =>
      isLast
        ? new Promise<void>(resolve => later.push(resolve))
        : // Whoever has begun already would ask for it.
          Promise.reject(new Error('A test was made')),
  })
  const lists = Array.from({ length: 3 }, () => siftBy(work))
  expect(later).toHaveLength(3)
  isOver = false
  for (const goOn of later) goOn()
  for (const passing of await Promise.all(lists.map(async list => list)))
    expect(passing).toEqual([rows[1]])
})

it('ends where its work does while it waits for its turn, and says why', async () => {
  const work = new Work({ turns: hastyTurns(1_000) })
  while (!work.isOver());
  const sifting = siftBy(work)
  work.end(new Error('Its caller has left'))
  await expect(sifting).rejects.toThrow('Its caller has left')
})
