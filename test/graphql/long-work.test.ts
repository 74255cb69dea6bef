import { isObjectType, Kind, parse, specifiedRules } from 'graphql'
import { expect, test } from 'vitest'
import { withEmptyBuckets } from '../../src/filter/fill.ts'
import { readGrouping } from '../../src/filter/read-grouping.ts'
import { needSteps } from '../../src/graphql/analysis/demand.ts'
import { validateSteps } from '../../src/graphql/analysis/validate-in-turns.ts'
import { readOnce } from '../../src/graphql/analysis/variables.ts'
import type { Context } from '../../src/graphql/context.ts'
import { createEntityResolvers } from '../../src/graphql/federation/entities.ts'
import { createAnswering } from '../../src/graphql/operation/lifecycle.ts'
import { writeJson } from '../../src/graphql/operation/write-json.ts'
import { ocsfEvents } from '../../src/graphql/resolvers/ocsf-events.ts'
import { resolvers } from '../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../src/graphql/schema/schema.ts'
import { allRights } from '../../src/model/rights.ts'
import { Work } from '../../src/work/work.ts'
import { rowOf } from '../support/rows.ts'
import { hastyTurns } from '../support/work.ts'

const schema = createExecutableSchema(resolvers)
const newWork = () => new Work({ turns: hastyTurns(10) })

/** How often the steps let others go on. */
const pausesOf = (steps: Generator<void>): number => {
  let pauses = 0
  while (steps.next().done !== true) pauses += 1
  return pauses
}

const wide = parse(
  `{ ${Array.from({ length: 300 }, (_, index) => `a${index}: accounts(first: 1) { totalCount }`).join(' ')} }`,
)

test('a wide document is validated with a pause at least every hundred nodes', () => {
  expect(pausesOf(validateSteps(schema, wide, specifiedRules, newWork()))).toBeGreaterThan(30)
})

test('the needs of many root fields are found with pauses', () => {
  const steps = needSteps(schema, wide, undefined, {}, { work: newWork() })
  expect(pausesOf(steps)).toBeGreaterThan(10)
})

test('cells are filled with pauses', () => {
  const hours = { by: ['EMAIL', 'CREATED_HOUR'], fill: true, from: 0, until: 3_600 * 900 }
  const tallies = Array.from({ length: 100 }, (_, index) => ({ keys: [`${index}`, 0], count: 1 }))
  const steps = withEmptyBuckets(readGrouping('accounts', hours), tallies, newWork())
  // As many cells as there may be, and few of all else.
  expect(pausesOf(steps)).toBeGreaterThan(5_000)
})

test('many entities are looked for in turns', async () => {
  const turns = hastyTurns(3)
  const { _entities } = createEntityResolvers(createNaming(), function* () {
    yield
    return ''
  }).Query
  const representations = Array.from({ length: 3_000 }, () => ({ __typename: 'Nothing' }))
  const context = { work: new Work({ turns }), loaders: {} } as unknown as Context
  expect(await _entities(undefined, { representations }, context)).toHaveLength(3_000)
  expect(turns.number).toBeGreaterThan(10)
})

test('long texts are written with a pause after each few', async () => {
  const turns = hastyTurns(3)
  const value = Array.from({ length: 100 }, () => ({ sdl: 'x'.repeat(300_000) }))
  expect((await writeJson(value, new Work({ turns }))).length).toBe(JSON.stringify(value).length)
  expect(turns.number).toBeGreaterThan(20)
})

test('an operation reads its variables, is checked and is planned in turns that are not over', async () => {
  const turns = hastyTurns(3)
  const work = new Work({ turns })
  const document = parse('query ($first: Int) { accounts(first: $first) { totalCount } }')
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  /** Whether the turn was over when each step began. */
  const steps: [string, boolean][] = []
  const read = readOnce()
  const answering = createAnswering({
    read: (...question) => {
      steps.push(['read', turns.isOver()])
      // To read them takes the rest of the turn.
      while (!work.isOver());
      return read(...question)
    },
    check: () => {
      steps.push(['check', turns.isOver()])
      throw new Error('enough')
    },
  })
  // The turn is over before anything has begun.
  while (!work.isOver());
  const context = { work, rights: allRights, hasBegun: false } as unknown as Context
  const question = { schema, document, operation, operationName: undefined, variables: {} }
  await expect(answering.begin(context, question)).rejects.toThrow('enough')
  expect(steps).toEqual([
    ['read', false],
    ['check', false],
  ])
})

test('a page of objects is projected to OCSF in many turns', async () => {
  const turns = hastyTurns(3)
  const context = {
    work: new Work({ turns }),
    rights: allRights,
    loaders: {},
  } as unknown as Context
  const row = rowOf('apps', { id: 'app' })
  const items = Array.from({ length: 500 }, () => ({
    collection: 'apps',
    connector: 'acme',
    row,
    readAt: 5,
  }))
  const connection = { timeline: { page: () => ({ take: () => items }) }, version: '1.8.0' }
  const { nodes } = ocsfEvents.OcsfEventConnection
  expect(await nodes(connection as never, {}, context)).toHaveLength(500)
  expect(turns.number).toBeGreaterThan(20)
})

test('a field that may refuse its arguments waits for its turn, though it leads to no object', async () => {
  const type = schema.getType('AccountConnection')
  const resolve = isObjectType(type) ? type.getFields()['groupCount']?.resolve : undefined
  const asked: unknown[] = []
  const parent = { groupCount: (by: unknown) => void asked.push(by) }
  const later: (() => void)[] = []
  const work = { isKnownOver: true, later: (go: () => void) => void later.push(go) }
  resolve?.(parent, { by: ['ID'] }, { work }, {} as never)
  expect([asked.length, later.length]).toEqual([0, 1])
})
