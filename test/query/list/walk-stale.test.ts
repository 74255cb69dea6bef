/** A page of which some rows were read a while ago, and have gone from where they stood. */
import { describe, expect, test } from 'vitest'
import type { Switches } from '../../../src/demo/stand-in.ts'
import { withoutRetryDelays } from '../../support/clock.ts'
import { graphForTest } from '../../support/graph.ts'

/** A page is read; two minutes later, the first of its rows has gone. */
const afterTwoMinutes = async (refresh: boolean, switches: Partial<Switches> = {}) => {
  let passedMs = 0
  const clock = { ...withoutRetryDelays, now: () => withoutRetryDelays.now() + passedMs }
  const graph = await graphForTest({
    scale: 0.02,
    refresh,
    clock,
    switches: { maxPage: 4, ...switches },
  })
  const { standIn } = graph
  const ask = async () => {
    const { data, cost } = await graph.run('{ employees(first: 2) { nodes { id } asOf } }')
    return { ids: data.employees.nodes.map(({ id }: { id: string }) => id), cost }
  }
  const all = standIn.data.employees.map(({ id }) => id)
  expect((await ask()).ids).toEqual(all.slice(0, 2))
  standIn.remove('employees', all[0] ?? '')
  passedMs = 120_000
  return { standIn, ask, all }
}

describe.each([true, false])('where rows are refreshed in the background: %s', refresh => {
  test.each(['works', 'missing', 'forbidden'] as const)(
    'a row that has gone is left out, though it might have been served; by id: %s',
    async byId => {
      const { ask, all } = await afterTwoMinutes(refresh, { byId })
      expect((await ask()).ids).toEqual(all.slice(1, 3))
    },
  )

  test('one of which Push does not say whether it is there is served, with a warning', async () => {
    const { standIn, ask, all } = await afterTwoMinutes(refresh)
    standIn.set({
      faults: ({ route }) => (route === '/employees/{id}' ? { kind: 'error503' } : undefined),
    })
    const { ids, cost } = await ask()
    expect(ids).toEqual(all.slice(0, 2))
    expect(cost.warnings).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', collection: 'employees' }])
  })
})
