import { describe, expect, test } from 'vitest'
import { lastOf, START } from '../../src/paging/resume-point.ts'
import type { Page } from '../../src/upstream/contract/contract.ts'
import { rowOf } from '../support/rows.ts'

const pageOf = (ids: readonly string[], unreadable: Page<'apps'>['unreadable'] = []) =>
  ({ rows: ids.map(id => rowOf('apps', { id })), unreadable }) as unknown as Page<'apps'>

describe('the row right before a resume point', () => {
  test('is the last of the page', () => {
    expect(lastOf(pageOf(['a', 'b']), START)).toEqual({ last: 'b' })
  })

  test('is that of the page before where this one is empty', () => {
    expect(lastOf(pageOf([]), { sent: 7, last: 'z' })).toEqual({ last: 'z' })
    expect(lastOf(pageOf([]), START)).toEqual({})
  })

  test('is not known where a row could not be read, which may have been the last', () => {
    const unreadable = [{ path: 'result[2].type', reason: 'is not a text' }]
    expect(lastOf(pageOf(['a', 'b'], unreadable), { sent: 7, last: 'z' })).toEqual({})
  })
})
