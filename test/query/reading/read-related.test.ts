import { describe, expect, test } from 'vitest'
import type { PushData, Switches } from '../../../src/demo/stand-in.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { relations, type ToMany, type ToOne } from '../../../src/model/relations.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { graphOnOwnTime } from '../../support/own-time.ts'

const settings: readonly (readonly [string, Partial<Switches>])[] = [
  ['as documented', {}],
  ['with two rows to a page', { maxPage: 2 }],
  ['with large pages refused', { maxPage: 200, abovePage: 'refuse' }],
  ['without reading by id', { byId: 'missing' }],
  ['with reading by id forbidden', { byId: 'forbidden' }],
  ['with 400 for an unknown id', { byId: 'works', unknownId: 400 }],
  ['with some collections by id', { byId: { apps: 'forbidden', accounts: 'missing' } }],
  ['with parameters passed over', { parameters: 'ignored' }],
  ['with parameters that bring more', { parameters: 'widened' }],
  ['with parameters refused', { parameters: 'refused', unknownParameters: 'refused' }],
  ['with nothing but lists', { parameters: 'ignored', byId: 'forbidden', offset: 'refused' }],
  ['with offsets passed over', { offset: 'ignored' }],
  ['with another order for every scan', { order: 'shuffled-per-scan' }],
  ['with a token on the last page', { lastToken: 'present' }],
  ['with an empty last page', { lastToken: 'empty-page' }],
  ['with more promised and no token', { lastToken: 'more-without-token' }],
  ['with empty pages between', { emptyPages: 2 }],
  ['with short pages between', { shortPages: true }],
  ['with tokens that are positions', { tokens: 'position' }],
  ['with events in the list', { listDetails: true }],
]

interface Plain {
  readonly id: string
  readonly [field: string]: unknown
}

/** What the graph should give for every link and list of a row, joined plainly. */
const expectedFor = (data: PushData, name: CollectionName, row: Plain): unknown => ({
  id: row.id,
  ...Object.fromEntries(
    relations[name].toOne.map(({ name: field, idField, to }) => {
      const linked = rowsOf(data, to).find(({ id }) => id === row[idField])
      return [field, linked === undefined ? null : { id: linked.id }]
    }),
  ),
  ...Object.fromEntries(
    relations[name].toMany.map(({ name: field, to, foreignField, ownField, exceptSelf }) => {
      const ids = rowsOf(data, to)
        .filter(other => row[ownField] !== null && other[foreignField] === row[ownField])
        .map(({ id }) => id)
        .filter(id => !(exceptSelf && id === row.id))
        .sort()
      return [field, { nodes: ids.map(id => ({ id })), totalCount: ids.length, complete: true }]
    }),
  ),
})

const rowsOf = (data: PushData, name: CollectionName): readonly Plain[] =>
  data[name] as unknown as readonly Plain[]

const selectionOf = (name: CollectionName): string =>
  [
    'id',
    ...relations[name].toOne.map(({ name }: ToOne) => `${name} { id }`),
    ...relations[name].toMany.map(
      ({ name }: ToMany) => `${name}(first: 1000) { nodes { id } totalCount complete }`,
    ),
  ].join(' ')

/** Lists of rows in any order are compared by id. */
const byId = (a: Plain, b: Plain): number => (a.id < b.id ? -1 : 1)

describe.each(settings)('%s', (_what, switches) => {
  test.each(collectionNames)('%s lead to what they name, and back', async name => {
    for (const first of [1000, 3]) {
      const graph = await graphOnOwnTime({ scale: 0.01, switches: { maxPage: 10, ...switches } })
      const { data, errors, cost } = await graph.run(
        `{ ${name}(first: ${first}) { nodes { ${selectionOf(name)} } complete } }`,
      )
      expect(errors).toEqual([])
      expect(cost.warnings).toEqual([])
      const { nodes, complete } = (
        data as Record<string, { nodes: readonly Plain[]; complete: boolean }>
      )[name] ?? { nodes: [], complete: false }
      expect(complete).toBe(true)
      const rows = rowsOf(graph.standIn.data, name)
      expect(nodes).toHaveLength(Math.min(first, rows.length))
      const given = new Set(nodes.map(({ id }) => id))
      const expected = rows
        .filter(({ id }) => given.has(id))
        .map(row => expectedFor(graph.standIn.data, name, row) as Plain)
      expect(nodes.toSorted(byId)).toEqual(expected.toSorted(byId))
    }
  })

  test('the events of detections lead to accounts', async () => {
    const graph = await graphOnOwnTime({ scale: 0.02, switches: { maxPage: 10, ...switches } })
    const { data, errors } = await graph.run(
      '{ detections { nodes { id events { id account { id } } } } }',
    )
    expect(errors).toEqual([])
    const modes = switches.byId ?? 'works'
    const canBeRead =
      switches.listDetails === true ||
      (typeof modes === 'string' ? modes : (modes.detections ?? 'works')) === 'works'
    const accounts = rowsOf(graph.standIn.data, 'accounts')
    const accountOf = (accountId: string | null): unknown =>
      accounts.some(({ id }) => id === accountId) ? { id: accountId } : null
    const expected = graph.standIn.data.detections.map(({ id, events }) => ({
      id,
      events: canBeRead
        ? events.map(event => ({ id: event.id, account: accountOf(event.accountId) }))
        : null,
    }))
    const { nodes } = (data as { detections: { nodes: Plain[] } }).detections
    expect(nodes.toSorted(byId)).toEqual(expected.toSorted(byId))
  })
})
