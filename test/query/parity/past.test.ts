/** What was known at moments of the past, against what the tenant was at those moments. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { compareText } from '../../../src/model/values.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import {
  createSteppingClock,
  expectLists,
  expectRelated,
  listOperation,
  listQuestions,
  relatedOperation,
  relatedQuestions,
} from '../../support/parity.ts'
import type { Dataset, ReferenceWorld } from '../../support/reference-filter.ts'
import { toDataset } from '../../support/reference-graph.ts'
import { runsOr } from '../../support/runs.ts'

/** Questions in one operation. */
const BATCH = 6
const MOMENTS = 6
const CHANGES = 25
const DAY_MS = 86_400_000

describe('a graph that has seen its tenant change', () => {
  const clock = createSteppingClock()
  const worlds: { readonly at: string; readonly world: ReferenceWorld }[] = []
  let events: Events
  let graph: Graph

  beforeAll(async () => {
    events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock })
    graph = await createGraph({
      scale: 0.02,
      clock,
      rate: 1e6,
      switches: { listDetails: true },
      stored: events,
    })
    const all = collectionNames.map(name => `${name} { totalCount }`).join(' ')
    for (let nth = 0; nth < MOMENTS; nth += 1) {
      // Of times of use one change a day is kept.
      clock.step(DAY_MS)
      for (let change = 0; nth > 0 && change < CHANGES; change += 1) graph.standIn.step()
      const { errors } = await graph.run(`{ ${all} }`, {}, { maxAgeMs: 0, staleMs: 0 })
      expect(errors).toEqual([])
      await events.noted()
      clock.step(1_000)
      worlds.push(worldAt(clock.now(), toDataset(structuredClone(graph.standIn.data))))
    }
    clock.step(DAY_MS)
  })
  afterAll(async () => {
    await graph.close()
    await events.close()
  })

  /** Any of the moments, with questions made for its rows. */
  const asked = <Question>(questions: (data: Dataset) => fc.Arbitrary<Question>) =>
    fc.nat(MOMENTS - 1).chain(nth => {
      const known = worlds[nth]
      if (known === undefined) throw new Error('a moment that never was')
      return fc.record({
        known: fc.constant(known),
        questions: fc.array(questions(known.world.data), { minLength: 1, maxLength: BATCH }),
      })
    })

  it.each(collectionNames)(
    'lists, counts and groups the %s as they were, without a request',
    async name => {
      await fc.assert(
        fc.asyncProperty(
          asked(data => listQuestions(data, name)),
          async ({ known: { at, world }, questions }) => {
            const { query, variables } = listOperation(questions, at)
            const answer = await graph.run(query, variables)
            expectLists(world, questions, answer)
            expect([answer.requests, answer.cost.complete]).toEqual([0, true])
          },
        ),
        { numRuns: Math.ceil(runsOr(40) / (BATCH / 2)) },
      )
    },
  )

  it('lists, counts and groups what relations led to', async () => {
    await fc.assert(
      fc.asyncProperty(
        asked(data => relatedQuestions(data)),
        async ({ known: { at, world }, questions }) => {
          const { query, variables } = relatedOperation(questions, at)
          const answer = await graph.run(query, variables)
          expectRelated(world, questions, answer)
          expect([answer.requests, answer.cost.complete]).toEqual([0, true])
        },
      ),
      { numRuns: Math.ceil(runsOr(30) / (BATCH / 2)) },
    )
  })
})

/** Lists of the past stand in the order of their ids. */
const worldAt = (now: number, data: Dataset) => ({
  at: new Date(now).toISOString(),
  world: {
    data: Object.fromEntries(
      Object.entries(data).map(([name, rows]) => [
        name,
        (rows as readonly { readonly id: string }[]).toSorted((a, b) => compareText(a.id, b.id)),
      ]),
    ) as unknown as Dataset,
    connectorAlias: 'default',
    nowSeconds: now / 1_000,
  },
})
