import { expect, test } from 'vitest'
import { listsOf } from '../../../../../src/http/pages/graphiql/answer/lists.ts'
import { tableOf } from '../../../../../src/http/pages/graphiql/answer/table.ts'

const answer = {
  employees: {
    totalCount: 2,
    groups: [{ keys: ['Legal'], count: 2 }],
    nodes: [{ email: 'ada@x.example' }],
  },
  connectors: [{ alias: 'acme', store: [{ rows: 1 }] }],
  apps: { edges: [{ cursor: 'c', node: { name: 'Slack' } }] },
  none: { nodes: [] },
  nothing: null,
}

test('the lists of an answer stand in its order, a connection as the list of its nodes or edges', () => {
  expect(listsOf(answer).map(({ path, rows }) => [path, rows.length])).toEqual([
    ['employees.groups', 1],
    ['employees', 1],
    ['connectors', 1],
    ['apps', 1],
    ['none', 0],
  ])
  for (const data of [null, undefined, {}, { a: 1 }]) expect(listsOf(data)).toEqual([])
})

test.each<[promise: string, rows: readonly unknown[], columns: readonly string[], cells: unknown]>([
  [
    'members of objects have columns of their own, where their first object has them',
    [
      { email: 'a', app: null, active: true },
      { email: 'b', app: { name: 'Slack', owner: { email: 'o' } }, active: false },
    ],
    ['email', 'app.name', 'app.owner.email', 'active'],
    [
      ['a', null, null, true],
      ['b', 'Slack', 'o', false],
    ],
  ],
  [
    'an object that no row has is one empty column',
    [{ app: null }, { app: null }],
    ['app'],
    [[null], [null]],
  ],
  [
    'a list within a row is one cell, called as its connection is',
    [
      {
        accounts: {
          totalCount: 2,
          nodes: [
            { email: 'a', app: { name: 'Slack' }, mfa: true },
            { email: 'b', app: null, mfa: false },
          ],
        },
        reasons: ['SHORT', 'COMMON'],
      },
      { accounts: { totalCount: 0, nodes: [] }, reasons: [] },
    ],
    ['accounts.totalCount', 'accounts', 'reasons'],
    [
      [2, 'a · Slack · true; b · false', 'SHORT; COMMON'],
      [0, '', ''],
    ],
  ],
  ['rows that are no objects have one column', [1, 'two', null], ['value'], [[1], ['two'], [null]]],
  [
    'rows with other members have all columns',
    [{ a: 1 }, { b: 2 }],
    ['a', 'b'],
    [
      [1, null],
      [null, 2],
    ],
  ],
])('%s', (_, rows, columns, cells) => {
  const table = tableOf(rows)
  expect(table.columns).toEqual(columns)
  expect(table.rows).toEqual(cells)
})
