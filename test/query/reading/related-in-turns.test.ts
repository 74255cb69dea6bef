import { expect, it } from 'vitest'
import { readFilter } from '../../../src/filter/read-filter.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { readRelated } from '../../../src/query/reading/read-related.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { Work } from '../../../src/work/work.ts'
import { rowOf } from '../../support/rows.ts'
import { hastyTurns } from '../../support/work.ts'

const apps = Array.from({ length: 3 }, (_, index) => rowOf('apps', { id: `${index}` }))

/** Whatever is looked for around the apps, there is none of it; `onLook` hears of each. */
const readerOf = (work: Work, onLook: () => void): Reader => {
  const table = createTable('accounts', 'epoch')
  return {
    work,
    store: { table: () => table },
    covered: () => undefined,
    knownChildren: () => {
      onLook()
      return []
    },
  } as unknown as Reader
}

it('looks around rows for one relation of a filter after the other, and others have their turn', async () => {
  const relations = 200
  const filter = readFilter(
    'apps',
    {
      or: Array.from({ length: relations }, (_, index) => ({
        accounts: { some: { id: { eq: `x${index}` } } },
      })),
    },
    { now: () => 0 },
  )
  let looks = 0
  const turns = hastyTurns(3)
  const reader = readerOf(new Work({ turns }), () => (looks += 1))
  await readRelated(filter, apps, reader)
  expect(looks).toBe(relations * apps.length)
  expect(turns.number).toBeGreaterThan(50)
})

it('ends where its work does while it waits for its turn, and says why', async () => {
  const work = new Work({ turns: hastyTurns(1_000) })
  while (!work.isOver());
  const filter = readFilter('apps', { accounts: { some: { id: { eq: 'x' } } } }, { now: () => 0 })
  const looking = readRelated(
    filter,
    apps,
    readerOf(work, () => undefined),
  )
  work.end(new Error('Its caller has left'))
  await expect(looking).rejects.toThrow('Its caller has left')
})
