import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectionNames } from '../../../src/model/collections.ts'
import type { Graph } from '../../support/graph.ts'
import { waysToRows } from '../../support/graph-from-disk.ts'
import {
  createSteppingClock,
  expectLists,
  expectRelated,
  listOperation,
  listQuestions,
  relatedOperation,
  relatedQuestions,
} from '../../support/parity.ts'
import { runsOr } from '../../support/runs.ts'
import type { ReferenceWorld } from '../../support/reference-filter.ts'
import { toDataset } from '../../support/reference-graph.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

/** Questions in one operation. */
const BATCH = 10

describe.each(waysToRows)('a graph with all rows, $rows', ({ create }) => {
  const clock = createSteppingClock()
  let graph: Graph
  let world: ReferenceWorld

  beforeAll(async () => {
    graph = await create({ scale: 0.02, clock, rate: 1e6, switches: { listDetails: true } })
    world = {
      data: toDataset(graph.standIn.data),
      connectorAlias: 'default',
      nowSeconds: TEST_NOW,
    }
  })
  afterAll(() => graph.close())

  it.each(collectionNames)(
    'lists, counts and groups the %s as the reference does, without a request',
    async name => {
      const batches = fc.array(listQuestions(world.data, name), {
        minLength: 1,
        maxLength: BATCH,
        size: 'max',
      })
      await fc.assert(
        fc.asyncProperty(batches, async questions => {
          const { query, variables } = listOperation(questions)
          const answer = await graph.run(query, variables)
          expectLists(world, questions, answer)
          expect(answer.requests).toBe(0)
        }),
        { numRuns: Math.ceil(runsOr(100) / (BATCH / 2)) },
      )
    },
  )

  it('lists, counts and groups what relations lead to as the reference does', async () => {
    const batches = fc.array(relatedQuestions(world.data), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(batches, async questions => {
        const { query, variables } = relatedOperation(questions)
        const answer = await graph.run(query, variables)
        expectRelated(world, questions, answer)
        expect(answer.requests).toBe(0)
      }),
      { numRuns: Math.ceil(runsOr(60) / 2) },
    )
  })
})
