/** A value that leads to very many objects: what was found is added, given and followed in turns. */
import { expect, it } from 'vitest'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { addByEvents, followHop } from '../../../src/query/search/follow-links.ts'
import { createHits, type Match } from '../../../src/query/search/hits.ts'
import { type FieldRef, type Hop, hopsOf } from '../../../src/query/search/fields.ts'
import type { RequestBudget } from '../../../src/query/search/request-budget.ts'
import { Work } from '../../../src/work/work.ts'
import { rowOf } from '../../support/rows.ts'
import { hastyTurns } from '../../support/work.ts'

const MANY = 3_000
const match: Match = { field: 'App.id', kind: 'APP_NAME', via: null }
const kind = 'APP_NAME'

const accounts = Array.from({ length: MANY }, (_, index) =>
  rowOf('accounts', { id: `account ${index}` }),
)

const hopTo = (to: Hop['to'], linkKind: Hop['link']['kind']): Hop => {
  const hop = hopsOf(['APP_NAME', 'EMAIL_ADDRESS']).find(
    each => each.to === to && each.link.kind === linkKind,
  )
  if (hop === undefined) throw new Error(`no link to ${to}`)
  return hop
}

const app = rowOf('apps', { id: 'app' })
const found = [
  {
    field: { holder: 'apps', field: 'name', name: 'App.name', kind } as FieldRef,
    row: app,
    event: undefined,
  },
]

it('adds and gives them in many turns, and loses none', async () => {
  const turns = hastyTurns(1)
  const work = new Work({ turns })
  const hits = createHits('acme')
  const table = { by: () => accounts, slice: () => 7, whole: 5 }
  const reader = {
    work,
    facts: { bySlice: () => false },
    store: { table: () => table },
  } as unknown as Reader
  const budget = { whole: () => Promise.resolve() } as unknown as RequestBudget
  expect(await followHop(hopTo('accounts', 'many'), found, reader, hits, budget)).toBe(7)
  const followed = turns.number
  expect(followed).toBeGreaterThan(20)
  const given = await hits.all(new Set(['accounts']), work)
  expect(given.map(({ row }) => row.id).sort()).toEqual(accounts.map(({ id }) => id).sort())
  expect(turns.number - followed).toBeGreaterThan(20)
})

it('looks at no event where nothing was found that could be in one', async () => {
  const hop = hopTo('detections', 'events')
  const events = new Proxy([], {
    get: () => {
      throw new Error('looked at')
    },
  })
  const hits = createHits('acme')
  await addByEvents(hop, [], events, hits, new Work())
  hits.add('apps', app, match)
  expect(await hits.all(new Set(['apps']), new Work())).toHaveLength(1)
})
