import { describe, expect, test } from 'vitest'
import type { ListItem } from '../../../src/query/list/page.ts'
import { everything } from '../../../src/filter/filter.ts'
import type { ListQuery, RowOrdering } from '../../../src/query/list/list-query.ts'
import { positioningOf } from '../../../src/query/list/position.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { rowOf } from '../../support/rows.ts'

/** Two connectors over tenants that have ids in common, the second read in another order. */
const readersOf = (...ids: readonly (readonly string[])[]) =>
  ids.map((of, index) => {
    const alias = ['zulu', 'alfa'][index] ?? ''
    const table = createTable('apps', `epoch of ${alias}`)
    for (const id of of) {
      table.put(rowOf('apps', { id }), 1)
      table.place(id)
    }
    return { alias, store: { table: () => table } } as unknown as Reader
  })

const byName: RowOrdering = {
  key: 'name',
  counted: [],
  over: () => ({
    keysOf: () => ['same'],
    rowOf: id => rowOf('apps', { id }),
    compare: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  }),
}

const item = (connector: string, id: string): ListItem => ({
  connector,
  row: rowOf('apps', { id }),
})

const sorted = (query: Partial<ListQuery>, positioned: boolean) => {
  const readers = readersOf(['c', 'a', 'b'], ['b', 'a'])
  const whole: ListQuery = { collection: 'apps', filter: everything, ...query }
  const positioning = positioningOf(whole, readers, positioned)
  const items = readers.flatMap(({ alias, store }) =>
    [...store.table('apps').values()].map(({ id }) => item(alias, id)),
  )
  return { positioning, items: items.sort(positioning.compare) }
}

describe.each<[order: string, query: Partial<ListQuery>, positioned: boolean, ids: string[]]>([
  ['by id', {}, false, ['alfa a', 'zulu a', 'alfa b', 'zulu b', 'zulu c']],
  ['by keys', { order: byName }, false, ['alfa a', 'zulu a', 'alfa b', 'zulu b', 'zulu c']],
  ['as read', {}, true, ['zulu c', 'zulu a', 'zulu b', 'alfa b', 'alfa a']],
])('the order %s', (_order, query, positioned, expected) => {
  test('has each row of each connector in a position of its own', () => {
    const { positioning, items } = sorted(query, positioned)
    expect(items.map(({ connector, row }) => `${connector} ${row.id}`)).toEqual(expected)
    for (const [index, one] of items.entries())
      for (const [at, other] of items.entries())
        expect(Math.sign(positioning.compare(one, other))).toBe(Math.sign(index - at))
  })

  test('has the position of a cursor at its own row, behind those before and before those behind', () => {
    const { positioning, items } = sorted(query, positioned)
    for (const [index, one] of items.entries()) {
      const stand = positioning.toCursor(positioning.cursor(one))
      expect(items.map(other => Math.sign(stand(other)))).toEqual(
        items.map((_other, at) => Math.sign(at - index)),
      )
    }
  })
})
