/** The same random questions put to the graph and to the reference, which must give the same answers. */
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import { collections } from '../../src/model/collections.ts'
import { dimensions } from '../../src/model/dimensions.ts'
import { relations } from '../../src/model/relations.ts'
import type { CollectionName, Row } from '../../src/model/rows.ts'
import { operandsOf } from './demo-operands.ts'
import type { Answer } from './graph.ts'
import { filterInputs } from './random-filters.ts'
import type { Dataset, ReferenceWorld } from './reference-filter.ts'
import {
  type AskedGroups,
  type OrderKey,
  referenceGroups,
  referenceList,
  referenceRelated,
  sortKeys,
  toVariable,
} from './reference-graph.ts'
import { TEST_NOW } from './stand-in.ts'

export interface SteppingClock extends Clock {
  step(ms: number): void
}

/**
 * A clock that moves only when told, while its timers are real: what is read in one step is all equally old. Where it
 * drifts, each look at it takes that long, so that requests seem to take time and are made side by side.
 */
export const createSteppingClock = (driftMs = 0): SteppingClock => {
  let nowMs = TEST_NOW * 1_000
  return {
    now: () => {
      nowMs += driftMs
      return nowMs
    },
    step: ms => {
      nowMs += ms
    },
    after: systemClock.after,
    random: () => 0.5,
  }
}

/** Waits until nothing is under way, so that no request seems to have taken the time of a step. */
export const quiet = async ({ statistics }: StandIn): Promise<void> => {
  for (let still = 0, before = -1; still < 5; still += 1) {
    const { requests } = statistics()
    if (requests !== before) still = 0
    before = requests
    await setImmediate()
  }
}

/** A question about a root list. */
export interface ListQuestion {
  readonly name: CollectionName
  readonly filter: object
  readonly orderBy: readonly OrderKey[]
  readonly groups: AskedGroups
}

/** Random questions about lists of that collection, their filters made for the rows of `data`. */
export const listQuestions = (
  data: Dataset,
  name: CollectionName,
  depth = 3,
): fc.Arbitrary<ListQuestion> =>
  fc.record({
    name: fc.constant(name),
    filter: filterInputs(name, depth, operandsOfOnce(data)),
    orderBy: orders(name),
    groups: askedGroups(name, filterInputs(name, Math.min(depth, 1), operandsOfOnce(data))),
  })

const askedGroups = (
  name: CollectionName,
  filter: fc.Arbitrary<object>,
): fc.Arbitrary<AskedGroups> => {
  const dimension = fc.constantFrom(...dimensions[name].keys())
  const direction = fc.constantFrom('ASC', 'DESC')
  return fc
    .record({
      by: fc.array(dimension, { minLength: 1, maxLength: 2 }),
      having: fc.option(
        fc.dictionary(
          fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'),
          fc.integer({ min: 0, max: 6 }),
          { minKeys: 1, maxKeys: 2 },
        ),
        { nil: undefined, freq: 2 },
      ),
      orderBy: fc.option(
        fc.array(fc.record({ by: fc.constantFrom('COUNT', 'KEY', 'TIME'), direction }), {
          minLength: 1,
          maxLength: 2,
        }),
        { nil: undefined, freq: 2 },
      ),
      of: dimension,
      where: filter,
    })
    .map(asked => ({
      ...asked,
      // Without a bucket there is no time to sort by.
      orderBy: asked.by.some(of => /_(HOUR|DAY|WEEK|MONTH)$/.test(of))
        ? asked.orderBy
        : asked.orderBy?.filter(({ by }) => by !== 'TIME'),
    }))
}

const operandsOfOnce = (data: Dataset) => {
  const found = operands.get(data) ?? operandsOf(data)
  operands.set(data, found)
  return found
}

const operands = new WeakMap<Dataset, ReturnType<typeof operandsOf>>()

const orders = (name: CollectionName): fc.Arbitrary<readonly OrderKey[]> =>
  fc.oneof(
    fc.constant([]),
    fc.uniqueArray(
      fc.record({
        field: fc.constantFrom(...sortKeys(name).keys()),
        direction: fc.constantFrom('ASC', 'DESC'),
      }),
      { minLength: 1, maxLength: 3, selector: ({ field }) => field },
    ),
  )

/** All of these in one operation, as aliases `q0`, `q1`, ...; of that moment of the past, where one is given. */
export const listOperation = (questions: readonly ListQuestion[], at?: string) => ({
  query: operation(
    questions.map(({ name }, index) => ({
      variables: variablesFor(collections[name].type, index),
      field: `q${index}: ${name}${argumentsFor(index, at)} { ${wholeList(index)} }`,
    })),
  ),
  variables: valuesOf(questions),
})

/**
 * The order of a list without `orderBy`: Push's own; that, or by id where Push was asked for few rows; none that a
 * test could know; or none that holds from request to request, where a list of which nothing is missing may say that
 * something could be.
 */
export type Unsorted = 'listed' | 'listedOrById' | 'any' | 'shuffled'

/** What the answer must hold for each of the questions. */
export const expectLists = (
  world: ReferenceWorld,
  questions: readonly ListQuestion[],
  answer: Answer,
  unsorted: Unsorted = 'listed',
): void => {
  expect(answer.errors).toEqual([])
  for (const [index, question] of questions.entries()) {
    const rows = referenceList(world, question.name, question)
    const wanted = expected(world, question.name, rows, question.groups)
    const list = (answer.data as Lists)[`q${index}`] as typeof wanted
    const ids = list.nodes.map(({ id }) => id)
    const order = question.orderBy.length > 0 ? 'listed' : unsorted
    expectIds(
      ids,
      rows.map(({ id }) => id),
      order,
    )
    const doubt = unsorted === 'shuffled' ? { complete: list.complete } : {}
    expect({ ...list, nodes: wanted.nodes }).toEqual({ ...wanted, ...doubt })
  }
}

/** Those ids, each once, in the order wanted. */
export const expectIds = (
  ids: readonly string[],
  wanted: readonly string[],
  order: Unsorted = 'listed',
): void => {
  const [had, want] = [new Set(ids), new Set(wanted)]
  // Told first, since which rows are wrong says more than where they stand.
  expect({
    missing: wanted.filter(id => !had.has(id)),
    tooMany: ids.filter((id, index) => !want.has(id) || ids.indexOf(id) !== index),
  }).toEqual({ missing: [], tooMany: [] })
  if (order === 'any' || order === 'shuffled') return
  const isById = ids.join() === ids.toSorted().join()
  if (order === 'listedOrById' && isById) return
  expect(ids).toEqual(wanted)
}

/** A question about the list that a relation leads to, asked of every row of a collection. */
export interface RelatedQuestion {
  readonly parent: CollectionName
  readonly field: string
  readonly to: CollectionName
  readonly filter: object
  readonly orderBy: readonly OrderKey[]
  readonly groups: AskedGroups
}

export const relatedQuestions = (data: Dataset, depth = 2): fc.Arbitrary<RelatedQuestion> =>
  fc.constantFrom(...listRelations).chain(({ parent, field, to }) =>
    listQuestions(data, to, depth).map(({ name, ...question }) => ({
      parent,
      field,
      to: name,
      ...question,
    })),
  )

/** Every list relation of the graph. */
export const listRelations = Object.entries(relations).flatMap(([parent, { toMany }]) =>
  toMany.map(({ name, to }) => ({ parent: parent as CollectionName, field: name, to })),
)

export const relatedOperation = (questions: readonly RelatedQuestion[], at?: string) => ({
  query: operation(
    questions.map(({ parent, field, to }, index) => ({
      variables: variablesFor(collections[to].type, index),
      field: `q${index}: ${parent}(first: 1000${atOf(at)}) { nodes {
        id list: ${field}${argumentsFor(index)} { ${wholeList(index)} }
      } }`,
    })),
  ),
  variables: valuesOf(questions),
})

export const expectRelated = (
  world: ReferenceWorld,
  questions: readonly RelatedQuestion[],
  answer: Answer,
): void => {
  expect(answer.errors).toEqual([])
  for (const [index, question] of questions.entries()) {
    const { parent, field, to, groups } = question
    const parents: readonly Row[] = world.data[parent]
    const wanted = parents.map(row => ({
      id: row.id,
      list: expected(world, to, referenceRelated(world, parent, field, row, question), groups),
    }))
    expect((answer.data as Lists)[`q${index}`]?.nodes).toEqual(wanted)
  }
}

type Lists = Readonly<Record<string, { readonly nodes: readonly unknown[] }>>

const expected = (
  world: ReferenceWorld,
  name: CollectionName,
  rows: readonly Row[],
  groups: AskedGroups,
) => ({
  nodes: rows.map(({ id }) => ({ id })),
  totalCount: rows.length,
  groups: referenceGroups(world, name, rows, groups),
  groupCount: referenceGroups(world, name, rows, { by: groups.by }).length,
  pageInfo: { hasNextPage: false, hasPreviousPage: false },
  complete: true,
})

interface Part {
  readonly variables: string
  readonly field: string
}

const operation = (parts: readonly Part[]): string =>
  `query (${parts.map(({ variables }) => variables).join(' ')}) {
    ${parts.map(({ field }) => field).join('\n')}
  }`

const variablesFor = (type: string, index: number): string =>
  `$f${index}: ${type}Filter $o${index}: [${type}Order!] $b${index}: [${type}Dimension!]! $d${index}: ${type}Dimension!
   $h${index}: IntFilter $g${index}: [GroupOrder!] $w${index}: ${type}Filter!`

const argumentsFor = (index: number, at?: string): string =>
  `(filter: $f${index}, orderBy: $o${index}, first: 1000${atOf(at)})`

const atOf = (at: string | undefined): string => (at === undefined ? '' : `, at: "${at}"`)

const wholeList = (index: number): string => `
  nodes { id } totalCount complete pageInfo { hasNextPage hasPreviousPage }
  groups(by: $b${index}, having: $h${index}, orderBy: $g${index}, first: 10000) {
    keys count time distinct(of: $d${index}) share(where: $w${index})
  }
  groupCount(by: $b${index})`

const valuesOf = (
  questions: readonly Pick<ListQuestion, 'filter' | 'orderBy' | 'groups'>[],
): Record<string, unknown> =>
  Object.fromEntries(
    questions.flatMap(({ filter, orderBy, groups }, index) => [
      [`f${index}`, toVariable(filter)],
      [`o${index}`, orderBy],
      [`b${index}`, groups.by],
      [`d${index}`, groups.of],
      [`h${index}`, groups.having],
      [`g${index}`, groups.orderBy],
      [`w${index}`, toVariable(groups.where)],
    ]),
  )
