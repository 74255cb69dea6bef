import { expect, test } from 'vitest'
import type { Notice } from '../../../src/model/known-rows.ts'
import type { PageRead } from '../../../src/paging/walk.ts'
import { createIntake } from '../../../src/store/reading/scan-intake.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { rowOf } from '../../support/rows.ts'

const page = (readAt: number, id: string, sent: number, isLast: boolean): PageRead<'accounts'> => ({
  ...{ rows: [rowOf('accounts', { id })], readAt, sent: 1, unreadable: [] },
  ...{ nextToken: undefined, promisesMore: false, origin: { offset: sent } },
  ...{ from: { sent }, next: isLast ? undefined : { sent: sent + 1 } },
})

test('what a list lacks has gone when its last page was asked for, not when its first one was', () => {
  const notices: Notice[] = []
  const table = createTable('accounts', 'epoch', notice => notices.push(notice))
  const clock = createFakeClock({ startMs: 100 })
  table.put(rowOf('accounts', { id: 'gone' }), 50)
  const intake = createIntake({ table, clock })
  intake.take(page(100, 'a', 0, false))
  intake.take(page(900, 'b', 1, true))
  expect(notices.slice(-2)).toMatchObject([
    { kind: 'row', id: 'gone', row: undefined, at: 100, overAt: 900 },
    { kind: 'whole', at: 100, until: 900 },
  ])
})
