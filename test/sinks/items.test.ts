import { describe, expect, test } from 'vitest'
import type { StoredChange } from '../../src/model/row-changes.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'
import { changeItem, eventItem, madeOf, removedItem, rowItem } from '../../src/sinks/items.ts'
import { rowOf, storedEvent } from '../support/rows.ts'

const AT = 1_767_225_600

const changeOf = (collection: CollectionName, given: Partial<StoredChange> = {}): StoredChange => ({
  ...{ sequence: 1, connector: 'acme', id: 'c1', collection, objectId: '1', kind: 'UPDATED' },
  ...{ field: 'severity', old: null, new: null, at: AT, receivedAt: AT, learntFrom: 'READ' },
  ...given,
})

const itemOf = <Name extends CollectionName>(name: Name, at: number, given: Partial<Rows[Name]>) =>
  rowItem(changeOf(name, { at }), { row: rowOf(name, given) }, '1.8.0')

const uidOf = (line: string): unknown =>
  (JSON.parse(line) as { metadata: { uid: unknown } }).metadata.uid

describe('the id of a row that changed', () => {
  test.each([
    ['a detection that went on', 'detections', { lastActivityAt: AT }, { lastActivityAt: AT + 9 }],
    ['a detection archived once more', 'detections', { archived: true }, { archived: true }],
    ['a finding of another app', 'findings', { appType: 'SLACK' }, { appType: 'OKTA' }],
  ] as const)('tells each change of %s from the one before', (_, name, before, after) => {
    const [first, second] = [itemOf(name, AT, before), itemOf(name, AT + 0.001, after)]
    // By the state alone they are one.
    expect(uidOf(second.line)).toBe(uidOf(first.line))
    expect(second.id).not.toBe(first.id)
    expect(itemOf(name, AT, before)).toEqual(first)
  })

  test('tells each time from the other that an object went', () => {
    const went = (at: number) => {
      const old = rowOf('findings', { id: '1' })
      return removedItem(changeOf('findings', { kind: 'DELETED', old, at }), '1.8.0').id
    }
    expect(went(AT)).toBe(went(AT))
    expect(went(AT + 0.001)).not.toBe(went(AT))
  })
})

describe('what nothing can be made of', () => {
  const torn = {
    ...storedEvent({ id: 'e1', body: '{"email":"ann@exa', receivedAt: AT }),
    sequence: 1,
  }

  test.each(['1.8.0', undefined] as const)('is as it is stored, with why, in OCSF %s', ocsf => {
    const { item, flaw } = madeOf(
      torn,
      () => eventItem(torn, ocsf),
      () => eventItem(torn, undefined),
    )
    expect(flaw).toBe('Nothing could be made of it (SyntaxError)')
    expect(item).toMatchObject({ id: 'e1', connector: 'default', time: AT * 1_000 })
    expect(JSON.parse(item.line)).toEqual(torn)
  })

  test('is plain where that can be', () => {
    const { events: _, ...partial } = rowOf('detections', { id: '1' })
    const row = partial as Rows['detections']
    const change = changeOf('detections', { kind: 'CREATED', field: null, new: row })
    const { item, flaw } = madeOf(
      change,
      () => rowItem(change, { row }, '1.8.0'),
      () => changeItem(change, 'store'),
    )
    expect(flaw).toBe('Nothing could be made of it (TypeError)')
    expect(JSON.parse(item.line)).toMatchObject({ kind: 'CREATED', new: { id: '1' } })
  })
})
