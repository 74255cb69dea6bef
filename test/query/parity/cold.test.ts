import fc from 'fast-check'
import { describe, it } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createGraph } from '../../support/graph.ts'
import {
  createSteppingClock,
  expectLists,
  expectRelated,
  type ListQuestion,
  listOperation,
  listQuestions,
  quiet,
  relatedOperation,
  relatedQuestions,
} from '../../support/parity.ts'
import { runsOr } from '../../support/runs.ts'
import { pushableFilters } from '../../support/pushable-filters.ts'
import { givesEvents, randomSwitches } from '../../support/random-switches.ts'
import { toDataset } from '../../support/reference-graph.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.02, now: TEST_NOW })
const dataset = toDataset(data)
const world = { data: dataset, connectorAlias: 'default', nowSeconds: TEST_NOW }

/** Half of them such that Push could be asked for less than everything. */
const questionsOf = (name: CollectionName): fc.Arbitrary<ListQuestion> => {
  const made = questions.get(name) ?? makeQuestions(name)
  questions.set(name, made)
  return made
}

const makeQuestions = (name: CollectionName): fc.Arbitrary<ListQuestion> =>
  fc
    .tuple(listQuestions(dataset, name, 2), pushableFilters(dataset, name), fc.boolean())
    .map(([question, filter, pushable]) => (pushable ? { ...question, filter } : question))

// What makes random filters is large, and one made within a run stays in memory: made once, not anew for every run.
const questions = new Map<CollectionName, fc.Arbitrary<ListQuestion>>()

/** Those that can be answered: a filter on events needs the events. */
const answerable = <Question extends { readonly filter: object }>(
  questions: readonly Question[],
  switches: Partial<Switches>,
): readonly Question[] =>
  questions.filter(
    ({ filter }) => givesEvents(switches) || !JSON.stringify(filter).includes('"events"'),
  )

const unsortedFor = ({ order = 'stable' }: Partial<Switches>) =>
  order === 'stable' ? 'listedOrById' : 'shuffled'

/** Budgets are not what is tested here. */
const unbounded = { maxRequests: 1e6, maxWaitMs: 1e9 }

const aFew = { minLength: 1, maxLength: 3 }

describe('a graph that has read nothing yet', () => {
  it.each(collectionNames)('answers for the %s as the reference does', async name => {
    const operations = fc.array(fc.array(questionsOf(name), aFew), aFew)
    await fc.assert(
      fc.asyncProperty(operations, randomSwitches, async (operations, switches) => {
        const clock = createSteppingClock()
        const graph = await createGraph({ data, clock, rate: 1e6, switches })
        try {
          for (const asked of operations) {
            const questions = answerable(asked, switches)
            if (questions.length === 0) continue
            const { query, variables } = listOperation(questions)
            const answer = await graph.run(query, variables, unbounded)
            expectLists(world, questions, answer, unsortedFor(switches))
          }
        } finally {
          await graph.close()
        }
      }),
      { numRuns: runsOr(15) },
    )
  })

  it('answers for the lists of relations as the reference does', async () => {
    const operations = fc.array(fc.array(relatedQuestions(dataset), aFew), aFew)
    await fc.assert(
      fc.asyncProperty(operations, randomSwitches, async (operations, switches) => {
        const clock = createSteppingClock()
        const stable: Partial<Switches> = { ...switches, order: 'stable' }
        const graph = await createGraph({ data, clock, rate: 1e6, switches: stable })
        try {
          for (const asked of operations) {
            const questions = answerable(asked, switches)
            if (questions.length === 0) continue
            const { query, variables } = relatedOperation(questions)
            const answer = await graph.run(query, variables, unbounded)
            expectRelated(world, questions, answer)
          }
        } finally {
          await graph.close()
        }
      }),
      { numRuns: runsOr(15) },
    )
  })
})

describe('a graph that is asked for much at once', () => {
  it('answers each as if it were alone', async () => {
    const operations = fc.array(
      fc.record({
        lists: fc.array(fc.constantFrom(...collectionNames).chain(questionsOf), aFew),
        related: fc.array(relatedQuestions(dataset, 1), { maxLength: 1 }),
        maxAgeMs: fc.constantFrom(0, 60_000),
      }),
      { minLength: 2, maxLength: 6 },
    )
    const drifts = fc.constantFrom(0, 0.01)
    await fc.assert(
      fc.asyncProperty(operations, randomSwitches, drifts, async (operations, switches, drift) => {
        const stable: Partial<Switches> = { ...switches, order: 'stable' }
        const clock = createSteppingClock(drift)
        const graph = await createGraph({ data, clock, rate: 1e6, switches: stable })
        try {
          for (let round = 0; round < 2; round += 1) {
            await Promise.all(
              operations.flatMap(({ lists, related, maxAgeMs }) => {
                const [listed, led] = [answerable(lists, stable), answerable(related, stable)]
                const run = ({ query, variables }: ReturnType<typeof listOperation>) =>
                  graph.run(query, variables, { ...unbounded, maxAgeMs })
                return [
                  ...(listed.length === 0
                    ? []
                    : [
                        run(listOperation(listed)).then(answer => {
                          expectLists(world, listed, answer, 'listedOrById')
                        }),
                      ]),
                  ...(led.length === 0
                    ? []
                    : [
                        run(relatedOperation(led)).then(answer => {
                          expectRelated(world, led, answer)
                        }),
                      ]),
                ]
              }),
            )
            await quiet(graph.standIn)
            clock.step(61_000)
          }
        } finally {
          await graph.close()
        }
      }),
      { numRuns: runsOr(10) },
    )
  })
})

describe('a graph over data that moves', () => {
  it('answers a minute later for what there is then', async () => {
    const steps = fc.array(
      fc.record({
        questions: fc.array(fc.constantFrom(...collectionNames).chain(questionsOf), aFew),
        moves: fc.array(moves, { maxLength: 6 }),
        passes: fc.constantFrom(1, 61_000),
      }),
      { minLength: 2, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(steps, randomSwitches, async (steps, switches) => {
        const clock = createSteppingClock()
        const graph = await createGraph({ data, clock, rate: 1e6, switches })
        try {
          for (const { questions: asked, moves, passes } of steps) {
            for (const move of moves) apply(graph.standIn, move)
            clock.step(passes)
            const questions = answerable(asked, switches)
            if (questions.length === 0) continue
            const { query, variables } = listOperation(questions)
            const answer = await graph.run(query, variables, {
              ...unbounded,
              // Soon after, only an answer that may not be old must know what moved.
              maxAgeMs: passes < 60_000 ? 0 : 60_000,
            })
            const now = {
              data: toDataset(graph.standIn.data),
              connectorAlias: 'default',
              nowSeconds: clock.now() / 1_000,
            }
            expectLists(now, questions, answer, switches.order === undefined ? 'any' : 'shuffled')
          }
        } finally {
          await graph.close()
        }
      }),
      { numRuns: runsOr(25) },
    )
  })
})

interface Move {
  readonly kind: 'remove' | 'insert' | 'reorder' | 'reassign'
  readonly name: CollectionName
  readonly at: number
}

const moves: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom('remove', 'insert', 'reorder', 'reassign'),
  name: fc.constantFrom(...collectionNames),
  at: fc.nat(1_000),
})

let inserted = 0

/** Changes the tenant: a row goes, a copy of one comes, a list is shuffled, or a row gets another row's values. */
const apply = (standIn: StandIn, { kind, name, at }: Move): void => {
  const rows = standIn.data[name]
  const row = rows[at % Math.max(1, rows.length)]
  const other = rows[(at * 7 + 1) % Math.max(1, rows.length)]
  if (row === undefined || other === undefined) return
  if (kind === 'remove') standIn.remove(name, row.id)
  else if (kind === 'reorder') standIn.reorder(name, at + 1)
  else if (kind === 'reassign') standIn.update(name, row.id, { ...other, id: row.id })
  else {
    inserted += 1
    standIn.insert(name, { ...row, id: `inserted-${inserted}` }, (at * 3) % rows.length)
  }
}
