import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rows } from '../../src/model/rows.ts'
import { createRevisions, type WritableName } from '../../src/writes/revisions.ts'
import { rowOf } from '../support/rows.ts'

const revisions = createRevisions(Buffer.alloc(32, 7))
const names = ['employees', 'accounts', 'apps', 'detections'] as const

describe('a revision', () => {
  test.each(names)('of %s is the same for the same, and says nothing has changed', name => {
    const row = rowOf(name, { id: 'a' })
    const revision = revisions.of(name, row)
    expect(revisions.of(name, { ...row })).toBe(revision)
    expect(revisions.changedSince(name, row, revision)).toEqual([])
  })

  test('names each field that has changed, as the graph calls it', () => {
    const row = rowOf('accounts', {
      id: 'a',
      oidcLogin: null,
      passwordLogin: true,
      mfaRegistered: true,
    })
    const revision = revisions.of('accounts', row)
    const next = { ...row, oidcLogin: 'OKTA', passwordLogin: false, mfaRegistered: null }
    expect(revisions.changedSince('accounts', next, revision)).toEqual([
      'mfaRegistered',
      'loginMethods.passwordLogin',
      'loginMethods.oidcLogin',
    ])
  })

  test('does not go by what only some answers of Push tell, nor by what no one decides by', () => {
    const row = rowOf('detections', { id: 'a', lastActivityAt: null })
    const revision = revisions.of('detections', row)
    const told = { ...row, lastActivityAt: 5, detectionLink: 'https://push.example' }
    expect(revisions.changedSince('detections', told, revision)).toEqual([])
    const later = { ...told, lastActivityAt: 6 }
    expect(revisions.changedSince('detections', later, revisions.of('detections', told))).toEqual([
      'lastActivityAt',
    ])
  })

  const noRevisions = (row: Rows['apps']): readonly string[] => [
    '',
    'x',
    revisions.of('apps', row).slice(4),
    `${revisions.of('apps', row)}abcd`,
    revisions.of('apps', { ...row, id: 'another' }),
    createRevisions(Buffer.alloc(32, 8)).of('apps', row),
  ]

  test('of another object, of another server, or no revision at all is refused as that', () => {
    const row = rowOf('apps', { id: 'a' })
    for (const text of noRevisions(row))
      expect(() => revisions.changedSince('apps', row, text)).toThrow('no revision of this object')
  })

  test('tells nobody whether two objects have the same value', () => {
    const [one, other] = ['a', 'b'].map(id =>
      revisions.of('apps', rowOf('apps', { id, notes: 'same' })),
    )
    expect(one?.slice(-4)).not.toBe(other?.slice(-4))
  })

  test('finds whatever has changed, and nothing else', () => {
    const value = fc.oneof(fc.string(), fc.constant(null), fc.constantFrom('A', 'B'))
    const fields = { approvalStatus: value, sensitivityLevel: value, notes: value, ownerId: value }
    fc.assert(
      fc.property(fc.record(fields), fc.record(fields), (before, after) => {
        const [seen, now] = [before, after].map(of => rowOf('apps', { id: 'a', ...of }))
        if (seen === undefined || now === undefined) return
        const changed = revisions.changedSince('apps', now, revisions.of('apps', seen))
        const differing = Object.keys(fields).filter(
          field => before[field as keyof typeof before] !== after[field as keyof typeof after],
        )
        expect([...changed].sort()).toEqual(differing.sort())
      }),
      { numRuns: 200 },
    )
  })

  test('is made with a secret', () => {
    const name: WritableName = 'apps'
    const row = rowOf(name, { id: 'a' })
    expect(createRevisions(randomBytes(32)).of(name, row)).not.toBe(revisions.of(name, row))
  })
})
