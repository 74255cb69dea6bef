import { describe, expect, test } from 'vitest'
import type { CollectionName } from '../../../src/model/rows.ts'
import { type Change, createFollower } from '../../../src/store/table/follow.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { rowOf } from '../../support/rows.ts'

const AT = 1_000_000

const followerOver = <Name extends CollectionName>(name: Name) => {
  const table = createTable(name, 'epoch')
  const follow = createFollower(of => (of === (name as string) ? (table as never) : undefined))
  const hear = (type: Change['type'], object: unknown, at = AT): void => {
    follow({ collection: name, type, object, at, occurredAt: at / 1_000 })
  }
  return { table, hear }
}

/** An app as Push sends it, with what every app has. */
const app = (id: string, more: object = {}) => ({
  id,
  type: 'SLACK',
  creationTimestamp: 900,
  ...more,
})

describe('an object that is not here', () => {
  test('is taken in where it was created, with all that was told', () => {
    const { table, hear } = followerOver('apps')
    hear('CREATE', app('new', { notes: 'hello' }))
    expect(table.get('new')).toEqual(
      rowOf('apps', { id: 'new', type: 'SLACK', createdAt: 900, notes: 'hello' }),
    )
  })

  test('and was changed, is not: nobody knows whether it is the only one that is not here', () => {
    const { table, hear } = followerOver('apps')
    hear('UPDATE', app('other'))
    expect(table.size).toBe(0)
    table.whole = AT
    hear('UPDATE', app('other'))
    expect(table.size).toBe(0)
  })

  test('and was changed after all were read, must have been created since', () => {
    const { table, hear } = followerOver('apps')
    table.whole = AT - 1
    hear('UPDATE', app('late'))
    expect(table.get('late')?.type).toBe('SLACK')
  })

  test('is not taken in where anything is missing that each has', () => {
    const { table, hear } = followerOver('apps')
    hear('CREATE', { id: 'part', type: 'SLACK' })
    expect(table.size).toBe(0)
  })

  test('and has gone, changes nothing', () => {
    const { table, hear } = followerOver('apps')
    table.put(rowOf('apps', { id: 'here' }), AT - 5)
    hear('DELETE', app('gone'))
    expect([...table.values()].map(({ id }) => id)).toEqual(['here'])
    hear('DELETE', app('here'))
    expect(table.size).toBe(0)
  })
})

describe('an extension, of which an event tells the id in the store', () => {
  const extensions = (...rows: readonly (readonly [id: string, employeeId: string])[]) => {
    const { table, hear } = followerOver('browserExtensions')
    for (const [id, employeeId] of rows)
      table.put(rowOf('browserExtensions', { id, extensionId: 'store', employeeId }), AT - 5)
    const enabled = () => Object.fromEntries([...table.values()].map(row => [row.id, row.enabled]))
    return { table, hear, enabled }
  }
  const change = { id: 'store', enabled: true }

  test('is that of the employee who is told beside it', () => {
    const { hear, enabled } = extensions(['one', 'e1'], ['two', 'e2'])
    hear('UPDATE', { ...change, employee: { id: 'e2' } })
    expect(enabled()).toEqual({ one: null, two: true })
  })

  test('is none where that employee has it twice, or another one alone', () => {
    const { hear, enabled } = extensions(['one', 'e1'], ['again', 'e1'], ['two', 'e2'])
    hear('UPDATE', { ...change, employee: { id: 'e1' } })
    hear('UPDATE', { ...change, employee: { id: 'e3' } })
    hear('UPDATE', change)
    expect(enabled()).toEqual({ one: null, again: null, two: null })
  })

  test('is none since that employee got another one, until all are read again', () => {
    const { table, hear, enabled } = extensions(['one', 'e1'], ['two', 'e2'])
    table.whole = AT - 5
    const of = (id: string) => ({ ...change, employee: { id } })
    hear('CREATE', of('e1'))
    hear('UPDATE', of('e1'), AT + 1)
    hear('DELETE', of('e1'), AT + 2)
    hear('UPDATE', of('e2'), AT + 2)
    expect(enabled()).toEqual({ one: null, two: true })
    // The other one had gone by then.
    table.whole = AT + 3
    hear('UPDATE', of('e1'), AT + 4)
    expect(enabled()).toEqual({ one: true, two: true })
  })
})
