import { toEnd } from '../../../src/work/to-end.ts'
import { expect, test } from 'vitest'
import { referenceSteps } from '../../../src/graphql/federation/demand.ts'
import { createNaming } from '../../../src/graphql/federation/naming.ts'

const needsOf = (representations: unknown) =>
  toEnd(referenceSteps({ representations }, '_entities', createNaming(), () => [], undefined))

const list = { kind: 'list', path: '_entities', whole: true, then: [] }

test('there is one list for each type, each connector and each kind of key, with each key once', () => {
  expect(
    needsOf([
      { __typename: 'Employee', id: 'e1' },
      { __typename: 'Employee', email: 'Ann@example.com' },
      { __typename: 'App', id: 'e1' },
      { __typename: 'Employee', email: 'ann@EXAMPLE.com' },
      { __typename: 'Employee', email: 'bob@example.com', connectorAlias: 'emea' },
      { __typename: 'Employee', id: 'e2' },
      { __typename: 'Employee', id: 'E1' },
      { __typename: 'App', id: 'e1' },
    ]),
  ).toEqual([
    { ...list, collection: 'employees', first: 3, filter: { id: { in: ['e1', 'e2', 'E1'] } } },
    { ...list, collection: 'employees', first: 1, filter: { email: { in: ['ann@example.com'] } } },
    { ...list, collection: 'apps', first: 1, filter: { id: { in: ['e1'] } } },
    {
      ...list,
      collection: 'employees',
      connectors: ['emea'],
      first: 1,
      filter: { email: { in: ['bob@example.com'] } },
    },
  ])
})

test('what cannot be used is left to the resolver, and makes nothing of the others', () => {
  expect(needsOf([7, { __typename: 'App' }, { __typename: 'App', id: 'a' }])).toEqual([
    { ...list, collection: 'apps', first: 1, filter: { id: { in: ['a'] } } },
  ])
  expect([needsOf([]), needsOf('none'), needsOf(undefined)]).toEqual([[], [], []])
})
