/** A value that leads to very many objects: what was found is added, given and followed in turns. */
import { expect, it } from 'vitest'
import { UpstreamUnavailableError } from '../../../src/errors.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { addByEvents, followHop } from '../../../src/query/search/follow-links.ts'
import { createHits, type Match } from '../../../src/query/search/hits.ts'
import { type FieldRef, type Hop, hopsOf } from '../../../src/query/search/fields.ts'
import type { RequestBudget } from '../../../src/query/search/request-budget.ts'
import { readDetectionEvents } from '../../../src/query/search/detection-events.ts'
import { createSearch } from '../../../src/query/search/search.ts'
import { MadeOnce } from '../../../src/query/operation/made-once.ts'
import type { Operation } from '../../../src/query/operation/operation.ts'
import type { StoredSource } from '../../../src/query/stored/list.ts'
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

it('begins in a turn that is not over, as do the others that are asked for with it', async () => {
  const turns = hastyTurns(3)
  const work = new Work({ turns })
  /** Whether the turn was over when a search looked at its connector for the first time. */
  const begun: boolean[] = []
  const reader = {
    alias: 'acme',
    work,
    get facts() {
      begun.push(turns.isOver())
      throw new UpstreamUnavailableError('begun')
    },
  } as unknown as Reader
  const operation = { work, incomplete: () => undefined } as unknown as Operation
  // The turn is over before any has begun.
  while (!work.isOver());
  const searches = Array.from({ length: 20 }, async (_, index) =>
    createSearch(
      { value: `id ${index}`, kinds: ['BROWSER_ID'], types: ['browsers'] },
      [reader],
      operation,
      {} as StoredSource,
    ).totalCount(),
  )
  expect(begun).toEqual([])
  await Promise.all(searches.map(search => expect(search).rejects.toThrow('begun')))
  expect(begun).toEqual(searches.map(() => false))
})

it('reads the events of detections a few in each turn, once for all searches of an operation', async () => {
  const turns = hastyTurns(1)
  const detections = Array.from({ length: 60 }, (_, index) =>
    rowOf('detections', { id: `detection ${index}`, events: null }),
  )
  /** How many were asked for in each turn. */
  const asked = new Map<number, number>()
  const table = { readAt: () => 5 }
  const reader = {
    alias: 'acme',
    work: new Work({ turns }),
    facts: { byId: () => true },
    rowsNow: () => detections,
    store: {
      table: () => table,
      refresher: { carryOn: () => undefined },
      readOne: (_name: string, id: string) => {
        asked.set(turns.number, (asked.get(turns.number) ?? 0) + 1)
        return Promise.resolve(rowOf('detections', { id, events: null }))
      },
    },
    terms: () => ({ tokens: 10, rate: 10, latencyMs: 100 }),
  } as unknown as Reader
  const operation = {
    callFor: () => ({}),
    served: () => undefined,
    read: () => undefined,
    incomplete: () => undefined,
    made: new MadeOnce(),
  } as unknown as Operation
  const budget = { left: () => 80 } as unknown as RequestBudget
  const wish = { thorough: true, employees: new Set<string>() }
  await Promise.all(
    Array.from({ length: 5 }, () => readDetectionEvents(wish, reader, operation, budget)),
  )
  const numbers = [...asked.values()]
  expect(numbers.reduce((sum, number) => sum + number, 0)).toBe(60)
  expect(Math.max(...numbers)).toBeLessThan(10)
})
