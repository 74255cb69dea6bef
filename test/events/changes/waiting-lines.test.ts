import { expect, it } from 'vitest'
import { createLines, type WaitingNotice } from '../../../src/events/changes/waiting-lines.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import type { LearntBy } from '../../../src/model/row-changes.ts'
import { isNow } from '../../support/notices.ts'
import { rowOf } from '../../support/rows.ts'

const CONNECTORS = 20

const waitingOf = (connector: string, collection: CollectionName, table: string): WaitingNotice => {
  const notice = { ...isNow(collection, rowOf(collection, { id: 'a' }), 2_000), table }
  return { connector, tenant: undefined, notice }
}

it('what waits of one list goes, in each of its tables, and nothing of others is looked at', () => {
  const lines = createLines()
  for (let nth = 0; nth < CONNECTORS; nth += 1)
    for (const collection of ['apps', 'employees'] as const)
      for (const table of ['of one', 'of another'])
        lines.push(waitingOf(`${nth}`, collection, `${nth} ${collection} ${table}`))
  for (const connector of ['7', '8'])
    lines.push({ connector, tenant: undefined, notice: { kind: 'missed', collection: 'apps' } })

  const looked: string[] = []
  lines.dropOfList({ connector: '7', collection: 'apps' }, ({ connector, notice }) => {
    looked.push(`${connector} ${notice.collection} ${notice.kind}`)
    return connector === '7' && notice.collection === 'apps'
  })
  expect(looked).toEqual(['7 apps row', '7 apps row', '7 apps missed', '8 apps missed'])
  expect(lines.size()).toBe(4 * CONNECTORS + 2 - 3)
  expect(lines.next().told).toHaveLength(4 * CONNECTORS + 2 - 3)
})

it('rows of one moment go in their order, each as it was told, however many there are', () => {
  const lines = createLines()
  const pushed: string[] = []
  const push = (id: string, at: number, learntFrom: LearntBy): void => {
    pushed.push(`${id} ${at / 1_000} ${learntFrom}`)
    const notice = { ...isNow('apps', rowOf('apps', { id }), at), table: 'apps', learntFrom }
    lines.push({ connector: 'a', tenant: undefined, notice })
  }
  for (let nth = 0; nth < 450; nth += 1) push(`${nth}`, 2_000, 'READ')
  push('1', 2_000, 'EVENT')
  push('2', 2_000, 'READ')
  push('3', 3_000, 'READ')
  expect(lines.size()).toBe(pushed.length)

  const batches: number[] = []
  const taken: string[] = []
  for (let { told } = lines.next(); told.length > 0; { told } = lines.next()) {
    batches.push(told.length)
    for (const one of told)
      if (one.kind === 'row') taken.push(`${one.id} ${one.at} ${one.learntFrom}`)
    lines.done()
  }
  expect(taken).toEqual(pushed)
  expect(batches).toEqual([200, 200, 53])
  expect(lines.size()).toBe(0)
})
