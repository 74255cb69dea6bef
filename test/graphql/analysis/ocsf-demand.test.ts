/** What an operation that selects events of OCSF will ask Push for, known before it runs. */
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { needsOf } from '../../support/needs.ts'
import { schema } from '../../schema/the-schema.ts'

const needs = (query: string, variables: Record<string, unknown> = {}) =>
  needsOf(schema, parse(query), undefined, variables)

describe('a detection’s event', () => {
  test.each([
    ['class_uid time device { uid } finding_info { title uid } actor { user { uid } }', []],
    ['evidences { name }', ['details']],
    ['finding_info { desc }', ['details']],
    ['actor { user { uid email_addr } }', ['link']],
    ['... on OcsfDetectionFinding { actor { user { ...U } } }', ['link']],
    ['start_time actor { user { name } }', ['details', 'link']],
    ['json', ['details', 'link']],
    ['...E', ['details', 'link']],
  ])('needs no more than { %s } tells: %j', (selection, expected) => {
    const [list] = needs(
      `{ detections(first: 3) { nodes { ocsf { ${selection} } } } }
       ${selection === '...E' ? 'fragment E on OcsfDetectionFinding { observables { value } }' : ''}
       ${selection.includes('...U') ? 'fragment U on OcsfUser { full_name }' : ''}`,
    )
    expect(list?.then.map(({ kind }) => kind)).toEqual(expected)
    for (const { kind, collection } of list?.then ?? [])
      expect(collection).toBe(kind === 'link' ? 'employees' : 'detections')
  })

  test('of a finding needs whom and what that is about, of other types nothing more', () => {
    const thenOf = (list: string) =>
      needs(`{ ${list} { nodes { ocsf { json } } } }`)[0]?.then.map(({ kind, collection }) => [
        kind,
        collection,
      ])
    expect(thenOf('findings')).toEqual([
      ['link', 'employees'],
      ['link', 'apps'],
    ])
    for (const list of ['employees', 'accounts', 'apps', 'browsers'])
      expect([list, thenOf(list)]).toEqual([list, []])
  })
})

describe('a timeline', () => {
  const timeline = (args: string, selection = 'nodes { class_uid }') =>
    needs(`{ ocsfEvents(${args}) { ${selection} } }`)

  test('needs what happened whole, with the range of time as a filter', () => {
    expect(
      timeline('types: [FINDING, DETECTION], since: "2025-01-01T00:00:00Z", first: 7'),
    ).toEqual(
      ['findings', 'detections'].map(collection => ({
        kind: 'list',
        path: 'ocsfEvents',
        collection,
        first: 7,
        whole: true,
        filter: { and: [{ createdAt: { gte: 1_735_689_600 } }] },
        then: [],
      })),
    )
  })

  test('needs the first rows of an inventory, of those connectors', () => {
    expect(
      timeline(
        'types: [APP], first: 7, connectors: ["a"], filter: { apps: { type: { eq: "X" } } }',
      ),
    ).toEqual([
      {
        kind: 'list',
        path: 'ocsfEvents',
        connectors: ['a'],
        collection: 'apps',
        first: 7,
        whole: false,
        filter: { type: { eq: 'X' } },
        then: [],
      },
    ])
  })

  test('needs the detections themselves and their employees where what those tell is selected', () => {
    const [need] = timeline('types: [DETECTION]', 'edges { node { json } }')
    expect(need?.then.map(({ kind }) => kind)).toEqual(['details', 'link'])
    const [both] = timeline(
      'types: [DETECTION]',
      'nodes { ... on OcsfDetectionFinding { start_time } } edges { node { ... on OcsfDetectionFinding { actor { user { name } } } } }',
    )
    expect(both?.then.map(({ kind }) => kind)).toEqual(['details', 'link'])
  })

  test('that cannot be read needs nothing that would be wrong', () => {
    expect(timeline('types: [], after: "x"')).toEqual([])
    expect(timeline('types: [APP], after: "x"')).toHaveLength(1)
  })
})
