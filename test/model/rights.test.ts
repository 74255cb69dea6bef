import { describe, expect, test } from 'vitest'
import { allRights, createRights, visibleTo } from '../../src/model/rights.ts'

const connectors = new Map([
  ['north', 1],
  ['south', 2],
])

describe('rights', () => {
  test('show the connectors that they name, in the order in which those are served', () => {
    const rights = createRights('ann', ['read'], ['south', 'north', 'gone'])
    expect([...visibleTo(rights, connectors)]).toEqual([...connectors])
    expect([...visibleTo(createRights('ann', ['read'], ['south']), connectors)]).toEqual([
      ['south', 2],
    ])
  })

  test('show none where they name none, and all where they do not say', () => {
    expect(visibleTo(createRights('ann', ['read'], []), connectors).size).toBe(0)
    expect(visibleTo(createRights('ann', ['read']), connectors)).toBe(connectors)
    expect(visibleTo(allRights, connectors)).toBe(connectors)
  })

  test('show one connector alone where that is asked for, unless they do not show it', () => {
    const rights = createRights('ann', ['read'], ['south', 'gone'])
    expect([...visibleTo(allRights, connectors, 'north')]).toEqual([['north', 1]])
    expect([...visibleTo(rights, connectors, 'south')]).toEqual([['south', 2]])
    for (const hidden of ['north', 'gone'])
      expect(visibleTo(rights, connectors, hidden).size).toBe(0)
  })

  test('have the same key where they are the same, whoever has them and in whatever order', () => {
    const key = createRights('ann', ['read', 'pii'], ['a', 'b']).key
    expect(createRights('bob', ['pii', 'read'], ['b', 'a']).key).toBe(key)
    expect(createRights('ann', ['read'], ['a', 'b']).key).not.toBe(key)
    expect(createRights('ann', ['read', 'pii'], ['a,b']).key).not.toBe(key)
    expect(createRights('ann', ['read', 'pii'], []).key).not.toBe(
      createRights('ann', ['read', 'pii']).key,
    )
  })
})
