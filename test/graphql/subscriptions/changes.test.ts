/** Changes as they are stored and as they were: the same ways as those of events, over a file of their own. */
import { join } from 'node:path'
import { parse } from 'graphql'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { createContext } from '../../../src/graphql/context.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { dataOf } from '../../../src/graphql/operation/answer-text.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { placeCursor } from '../../../src/query/stored/place-cursor.ts'
import { createSubscriptions } from '../../../src/graphql/subscriptions/subscriptions.ts'
import { openRequest } from '../../../src/loaders/open-request.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createRights, type Rights, visibleTo } from '../../../src/model/rights.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { isNow } from '../../support/notices.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

interface Result {
  readonly data?: {
    readonly changes: { readonly objectId: string; readonly cursor: string; readonly new: unknown }
  } | null
  readonly errors?: readonly { readonly message: string }[]
}

const schema = createExecutableSchema(resolvers)
const AT = 1_700_000_000_000

let graph: Graph
beforeAll(async () => {
  graph = await createGraph({ scale: 0.01 })
})
afterAll(() => graph.close())

const hubOver = async (path = ':memory:') => {
  const events: Events = await openEvents({ path, retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  const { store } = graph
  const subscriptions = createSubscriptions({
    schema,
    onStored: events.onStored,
    onChanged: events.onChanged,
    context: ({ rights }) =>
      createContext(
        openRequest({
          store,
          stored: events,
          clock: systemClock,
          id: 'test',
          freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
          maxRequests: 250,
          maxWaitMs: 25_000,
          connectors: visibleTo(rights, store.connectors),
        }),
        undefined,
        rights,
      ),
  })
  const change = (id: string, email = 'new@example.com', connector = 'default'): void => {
    const row = rowOf('accounts', { id, email: 'old@example.com' })
    events.note(connector, isNow('accounts', row, AT - 1))
    events.note(connector, isNow('accounts', { ...row, email }, AT))
  }
  const subscribe = async (
    variables: Record<string, unknown> = {},
    rights?: Rights,
  ): Promise<AsyncIterableIterator<Result>> => {
    const query =
      'subscription ($since: String, $filter: ChangeFilter) { changes(since: $since, filter: $filter) { objectId cursor new } }'
    const answers = await subscriptions.subscribe(
      { document: parse(query), variables },
      new AbortController().signal,
      rights,
    )
    if (!(Symbol.asyncIterator in answers)) throw answers.errors?.[0] ?? new Error('no stream')
    onTestFinished(async () => {
      await answers.return?.()
    })
    return answers as AsyncIterableIterator<Result>
  }
  return { events, change, subscribe }
}

const take = async (answers: AsyncIterator<Result>, count: number) => {
  const taken: NonNullable<Result['data']>['changes'][] = []
  while (taken.length < count) {
    const { value, done } = await answers.next()
    if (done === true) break
    const given = { ...value, data: dataOf(value.data) as Result['data'] }
    if (!given.data) throw new Error(given.errors?.[0]?.message ?? 'nothing given')
    taken.push(given.data.changes)
  }
  return taken
}

const idsOf = (changes: readonly { readonly objectId: string }[]) =>
  changes.map(({ objectId }) => objectId)

describe('a subscription to changes', () => {
  it('gives what changes from now on, once each, as far as it passes the filter', async () => {
    const { events, change, subscribe } = await hubOver()
    change('before')
    await events.noted()
    const all = await subscribe()
    const some = await subscribe({ filter: { objectId: { in: ['b', 'c'] } } })
    for (const id of ['a', 'b', 'b', 'c']) change(id)
    expect(idsOf(await take(all, 3))).toEqual(['a', 'b', 'c'])
    expect(idsOf(await take(some, 2))).toEqual(['b', 'c'])
  })

  it('goes on after a cursor or from a moment, without a gap or a repeat', async () => {
    const { events, change, subscribe } = await hubOver()
    for (const id of ['a', 'b', 'c']) change(id)
    await events.noted()
    const first = await subscribe({ since: '2023-01-01T00:00:00Z' })
    const [a] = await take(first, 1)
    const again = await subscribe({ since: a?.cursor })
    change('d')
    expect(idsOf(await take(again, 3))).toEqual(['b', 'c', 'd'])
    expect(idsOf(await take(first, 3))).toEqual(['b', 'c', 'd'])
    change('e')
    expect(idsOf(await take(again, 1))).toEqual(['e'])
    const later = await subscribe({ since: '2024-01-01T00:00:00Z' })
    change('f')
    expect(idsOf(await take(later, 1))).toEqual(['f'])
  })

  it('gives each once in the order of the store, however they come while it begins', async () => {
    const { change, subscribe } = await hubOver()
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }),
        fc.nat({ max: 11 }),
        async (pauses, begin) => {
          run += 1
          const ids = pauses.map((_, index) => `${run} ${index}`)
          const asked = { since: '2023-01-01T00:00:00Z', filter: { objectId: { in: ids } } }
          let stream: Promise<AsyncIterableIterator<Result>> | undefined
          for (const [index, pause] of pauses.entries()) {
            if (index === begin % pauses.length) stream = subscribe(asked)
            change(ids[index] ?? '')
            for (let tick = 0; tick < pause; tick += 1)
              await new Promise(resolve => setImmediate(resolve))
          }
          const given = await take(await (stream as NonNullable<typeof stream>), pauses.length)
          expect(idsOf(given)).toEqual(ids)
        },
      ),
      { numRuns: runsOr(20) },
    )
  })

  it('gives what another process stores in the same file', async () => {
    const path = join(directoryForTest(), 'events.db')
    const [one, other] = [await hubOver(path), await hubOver(path)]
    const stream = await one.subscribe()
    other.change('theirs')
    expect(idsOf(await take(stream, 1))).toEqual(['theirs'])
  })

  it('refuses a cursor of another store, of an event, and one after which changes have gone', async () => {
    const { events, change, subscribe } = await hubOver()
    const elsewhere = { store: 'another', sequence: 1, receivedAt: 1 }
    await expect(subscribe({ since: placeCursor('changes', elsewhere) })).rejects.toThrow(
      /another change store/,
    )
    await expect(subscribe({ since: placeCursor('events', elsewhere) })).rejects.toThrow(
      /cursor of a change/,
    )
    change('a')
    await events.noted()
    const unknown = { store: events.identity, sequence: 1, receivedAt: 5 }
    await expect(subscribe({ since: placeCursor('changes', unknown) })).rejects.toThrow(/lacks/)
  })

  it('refuses a cursor after which changes had to make room', async () => {
    const path = join(directoryForTest(), 'events.db')
    const { events, change, subscribe } = await hubOver(path)
    change('a')
    await events.noted()
    const [a] = await take(await subscribe({ since: '2023-01-01T00:00:00Z' }), 1)
    const small = await openEvents({
      path,
      retentionDays: 1,
      clock: systemClock,
      maxHistoryBytes: 300,
    })
    const row = rowOf('accounts', { id: 'a', email: 'n@example.com' })
    small.note('default', isNow('accounts', row, AT + 1))
    await small.close()
    await expect(subscribe({ since: a?.cursor })).rejects.toThrow(/too old/)
  })

  it('tells each caller what that caller may know, and of its own connectors alone', async () => {
    const { change, subscribe } = await hubOver()
    const [told, untold] = [
      await subscribe(),
      await subscribe({}, createRights('nobody', ['read', 'events'])),
    ]
    change('elsewhere', 'x@example.com', 'other')
    change('a')
    expect(await take(told, 1)).toMatchObject([{ objectId: 'a', new: 'new@example.com' }])
    expect(await take(untold, 1)).toMatchObject([{ objectId: 'a', new: null }])
  })
})
