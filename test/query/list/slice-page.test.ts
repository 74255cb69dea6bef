import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everything } from '../../../src/filter/filter.ts'
import type { Row } from '../../../src/model/rows.ts'
import type { CollectedRows } from '../../../src/query/list/collect.ts'
import type { ListQuery } from '../../../src/query/list/list-query.ts'
import type { ListItem, ListPage } from '../../../src/query/list/page.ts'
import { positioningOf } from '../../../src/query/list/position.ts'
import type { PageRange } from '../../../src/query/list/range.ts'
import { slicePage } from '../../../src/query/list/slice-page.ts'
import type { Operation } from '../../../src/query/operation/operation.ts'
import { Work } from '../../../src/work/work.ts'
import { hastyTurns, workInOneTurn } from '../../support/work.ts'

const query: ListQuery = { collection: 'accounts', filter: everything }
const byId = positioningOf(query, [], false)

const rowOf = (id: string): Row => ({ id }) as Row
const collected = (rows: readonly Row[]): CollectedRows => ({
  parts: [{ connector: 'one', rows }],
  asOf: 0,
  complete: true,
})
const cursorOf = (id: string | undefined) =>
  id === undefined ? undefined : byId.cursor({ connector: 'one', row: rowOf(id) })

const pageOf = async (
  rows: readonly Row[],
  range: Pick<PageRange, 'size' | 'backward' | 'after' | 'before'>,
  work: Work,
): Promise<ListPage<ListItem>> =>
  slicePage(query, { ...range, write: String }, collected(rows), byId, {
    work,
    returned: () => {},
  } as unknown as Operation)

test('is what lies between the cursors when all rows stand in their order', async () => {
  // One letter: ids of many lists lie between one another, and cursors stand on rows that there are and that there are not.
  const id = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(id),
      fc.option(id, { nil: undefined }),
      fc.option(id, { nil: undefined }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      async (ids, after, before, size, backward) => {
        fc.pre(after === undefined || before === undefined || after < before)
        const range = { size, backward, after: cursorOf(after), before: cursorOf(before) }
        const page = await pageOf(ids.map(rowOf), range, new Work({ turns: hastyTurns(2) }))

        const inOrder = ids.toSorted()
        const between = inOrder.filter(of => of > (after ?? '') && of < (before ?? '~'))
        const wanted = backward ? between.slice(-size) : between.slice(0, size)
        expect(page.items.map(({ row }) => row.id)).toEqual(wanted)
        // Relay: whether there is anything beyond the page, not only up to the other cursor.
        const [from, to] = [wanted[0] ?? before ?? '~', wanted.at(-1) ?? after ?? '']
        if (between.length > 0) {
          expect(page.hasPreviousPage).toBe(inOrder.some(of => of < from))
          expect(page.hasNextPage).toBe(inOrder.some(of => of > to))
        }
      },
    ),
    { numRuns: 500 },
  )
})

test.each([false, true])('looks at the time behind every row (backward: %s)', async backward => {
  const work = workInOneTurn()
  let unseen = 0
  let most = 0
  const spend = work.spend.bind(work)
  work.spend = nanoseconds => {
    unseen = 0
    return spend(nanoseconds)
  }
  const rows = Array.from({ length: 3_000 }, (_, index) => rowOf(String(index)))
  // Whoever goes over all of them at once makes others wait for as long as they are many.
  const counted = new Proxy(rows, {
    get: (of, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) most = Math.max(most, ++unseen)
      return Reflect.get(of, key) as unknown
    },
  })
  const page = await pageOf(
    counted,
    { size: 1_000, backward, after: undefined, before: undefined },
    work,
  )
  expect(page.items).toHaveLength(1_000)
  expect(most).toBeLessThanOrEqual(2)
})
