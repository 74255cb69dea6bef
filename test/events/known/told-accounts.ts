/** What is told of accounts in tests. */
import type { Told } from '../../../src/model/known-rows.ts'
import { rowOf } from '../../support/rows.ts'

const of = { collection: 'accounts' } as const
/** What is known of a row from the moment on. */
export const is = (
  id: string,
  at: number,
  passwordId: string | null = null,
  connector = 'default',
): Told => ({
  ...{ ...of, kind: 'row', connector, table: connector, id, at, learntFrom: 'READ' },
  row: JSON.stringify(rowOf('accounts', { id, passwordId })),
})
/** All of them were read. */
export const whole = (at: number, told: number, connector = 'default'): Told => ({
  ...{ ...of, kind: 'whole', connector, table: connector, at, until: at, isRead: true, told },
})
