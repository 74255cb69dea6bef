import { expect, it } from 'vitest'
import { createLastRows } from '../../src/paging/last-rows.ts'
import type { Page } from '../../src/upstream/contract/contract.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { rowOf } from '../support/rows.ts'

const pageOf = (ids: string): Page<CollectionName> => ({
  rows: [...ids].map(id => rowOf('apps', { id })),
  ...{ unreadable: [], nextToken: undefined, promisesMore: false, readAt: 0, sent: ids.length },
})

it('a row that comes once more stands where it came last', () => {
  const rows = createLastRows(() => false)
  rows.note([...'abcdefghij'], true, 12)
  rows.note([...'ak'], false, 12)
  expect(rows.are(pageOf('ijak'))).toBe(true)
  expect(rows.are(pageOf('hijk'))).toBe(false)
  expect(rows.indexBehind(pageOf('cdefghijakl'), false)).toBe(10)
  rows.note([...'lmnc'], false, 12)
  expect(rows.are(pageOf('efghijaklmnc'))).toBe(true)
})

it('as many rows are remembered as a page may hold', () => {
  const rows = createLastRows(() => false)
  rows.note([...'abcd'], true, 3)
  rows.note([...'e'], false, 3)
  expect(rows.isMet('b')).toBe(false)
  expect(rows.are(pageOf('cde'))).toBe(true)
})
