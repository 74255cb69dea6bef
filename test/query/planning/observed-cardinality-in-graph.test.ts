import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { directoryForTest } from '../../support/directory.ts'
import { type Graph, graphForTest, type Terms } from '../../support/graph.ts'
import { createSteppingClock } from '../../support/parity.ts'
import { startStandIn, TEST_NOW } from '../../support/stand-in.ts'

/**
 * Processes over one tenant and one state file, one after another; none has read a row, all know the sizes. Time moves
 * only between them, so that the choice between ways does not hang on how busy the machine is.
 */
const processesForTest = async () => {
  const clock = createSteppingClock()
  const standIn = await startStandIn({ scale: 0.2, clock, switches: { maxPage: 50 } })
  onTestFinished(standIn.close)
  const statePath = join(directoryForTest(), 'state.db')
  const next = (): Promise<Graph> => {
    clock.step(1_000)
    return graphForTest({ over: [standIn], statePath, clock, rate: 1e6 })
  }
  const counts = collectionNames.map(name => `${name} { totalCount }`).join(' ')
  await (await next()).run(`{ ${counts} }`, {}, plenty)
  return { clock, standIn, next }
}

const plenty: Terms = { maxRequests: 10_000, maxWaitMs: 600_000 }

/** What the plan tells before a first row is read, and what the answer then takes. */
const toldAndCame = async (
  graph: Graph,
  query: string,
  variables: Record<string, unknown> = {},
) => {
  const { cost } = await graph.run(query, variables, { ...plenty, plan: 'only' })
  const { requests, errors, data } = await graph.run(query, variables, plenty)
  expect(errors).toEqual([])
  return { told: cost.plan?.estimate.requests ?? NaN, came: requests, data }
}

/** Seen from the tests' data. */
const daysAgo = (days: number): string => new Date((TEST_NOW - days * 86_400) * 1_000).toISOString()
const departmentOf = ({ data }: StandIn, index: number): string =>
  [...new Set(data.employees.map(({ department }) => department ?? ''))].sort()[index] ?? ''

const events = `query ($since: DateTime) {
  detections(first: 1000, filter: { createdAt: { gte: $since } }) { nodes { events { account { id } } } } }`
const accountsOf = `query ($department: String) {
  employees(first: 1000, filter: { department: { eq: $department } }) {
    nodes { accounts(first: 5) { nodes { id } } } } }`

describe('a plan after the same was asked before', () => {
  test.each<readonly [string, string, (standIn: StandIn) => Record<string, unknown>]>([
    ['rows after a moment, each with details and links', events, () => ({ since: daysAgo(20) })],
    ['the rows of few parents', accountsOf, standIn => ({ department: departmentOf(standIn, 1) })],
    [
      'links of a page',
      '{ findings(first: 15) { nodes { account { id } employee { id } app { id } } } }',
      () => ({}),
    ],
    [
      'rows that pass behind a link',
      '{ accounts(first: 1000, filter: { employee: { email: { startsWith: "a" } } }) { nodes { id } } }',
      () => ({}),
    ],
    [
      'a list of few',
      '{ apps(first: 1000, filter: { approvalStatus: { eq: NOT_APPROVED } }) { nodes { owner { id } } } }',
      () => ({}),
    ],
  ])('foretells the requests of %s exactly', async (_what, query, variablesOf) => {
    const { standIn, next } = await processesForTest()
    const variables = variablesOf(standIn)
    // The first learns what the API can do, the second what the question comes to.
    for (let n = 0; n < 2; n += 1) await (await next()).run(query, variables, plenty)
    const { told, came } = await toldAndCame(await next(), query, variables)
    expect(came).toBeGreaterThan(0)
    expect(told).toBe(came)
  })
})

describe('what was seen', () => {
  test('counts for the same question a little later', async () => {
    const { next } = await processesForTest()
    for (const days of [20, 20.02])
      await (await next()).run(events, { since: daysAgo(days) }, plenty)
    const { told, came } = await toldAndCame(await next(), events, { since: daysAgo(20.04) })
    expect(told).toBe(came)
  })

  test('counts for another value where that was never asked for', async () => {
    const { standIn, next } = await processesForTest()
    const askFor = async (index: number) =>
      toldAndCame(await next(), accountsOf, { department: departmentOf(standIn, index) })
    const guess = await askFor(0)
    const informed = await askFor(1)
    const off = ({ told, came }: typeof guess): number => Math.abs(told - came) / came
    expect(off(guess)).toBeGreaterThan(0.2)
    expect(off(informed)).toBeLessThan(off(guess))
  })

  test('is not taken from an answer whose rows were partly at hand', async () => {
    const { clock, next } = await processesForTest()
    // Few enough that their accounts are read by id.
    const variables = { since: daysAgo(6) }
    for (let n = 0; n < 2; n += 1) await (await next()).run(events, variables, plenty)
    const whole = await toldAndCame(await next(), events, variables)
    type Detection = { readonly events: readonly { readonly account: { id: string } | null }[] }
    const linked = (whole.data.detections.nodes as Detection[]).flatMap(row => row.events)
    const id = linked.find(({ account }) => account !== null)?.account?.id ?? ''
    const partly = await next()
    await partly.run(`{ account(id: "${id}") { id } }`, {}, plenty)
    clock.step(1_000)
    const { requests } = await partly.run(events, variables, plenty)
    expect(requests).toBeLessThan(whole.came)
    const again = await toldAndCame(await next(), events, variables)
    expect(again.told).toBe(whole.came)
    expect(again.data).toEqual(whole.data)
  })
})
