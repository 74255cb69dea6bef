/** A row that its list cannot give is unknown, not absent: it is asked for by id, or said to be missing. */
import { describe, expect, test } from 'vitest'
import type { Switches } from '../../src/demo/stand-in.ts'
import { withoutRetryDelays } from '../support/clock.ts'
import { graphForTest } from '../support/graph.ts'

/** An employee whose e-mail address is missing in lists, and by id, too, where `byId` is so. */
const withBroken = async (byId: 'whole' | 'broken', switches: Partial<Switches> = {}) => {
  const graph = await graphForTest({ scale: 0.02, clock: withoutRetryDelays, switches })
  const { standIn } = graph
  const account = standIn.data.accounts.find(({ employeeId }) => employeeId !== null)
  const row = standIn.data.employees.find(({ id }) => id === account?.employeeId)
  if (account === undefined || row === undefined) throw new Error('no account of an employee')
  const { email } = row
  standIn.set({
    faults: ({ route }) => {
      const isWhole = byId === 'whole' && route !== '/employees'
      standIn.update('employees', row.id, { email: isWhole ? email : (null as never) })
      return undefined
    },
  })
  return { ...graph, id: row.id, email, accountId: account.id }
}

const LIST = '{ employees { totalCount complete } }'

describe('an employee that their list cannot give', () => {
  test.each([
    ['at once', false],
    ['once the list was read', true],
  ])('is had by id and by links %s', async (_when, isListed) => {
    const { run, id, email, accountId } = await withBroken('whole')
    if (isListed) expect((await run(LIST)).data.employees.complete).toBe(false)
    const employee = await run(`{ employee(id: "${id}") { email } }`)
    expect(employee).toMatchObject({ data: { employee: { email } }, errors: [] })
    const account = await run(`{ account(id: "${accountId}") { employee { email } } }`)
    expect(account).toMatchObject({ data: { account: { employee: { email } } }, errors: [] })
    expect((await run(LIST)).data.employees.complete).toBe(false)
  })

  test('is asked for by id for the links of a list, and nobody else is', async () => {
    const { run, standIn, email } = await withBroken('whole')
    standIn.reset()
    const { data, errors } = await run(
      '{ accounts(first: 1000) { nodes { employee { email } } } employees { totalCount } }',
    )
    expect(errors).toEqual([])
    const nodes = data.accounts.nodes as readonly { employee: { email: string } | null }[]
    expect(nodes.some(({ employee }) => employee?.email === email)).toBe(true)
    const asked = standIn.requests.filter(({ path }) => path.startsWith('/employees/'))
    expect(asked).toHaveLength(1)
  })

  test('is an error, and never absent, where Push cannot give them by id either', async () => {
    const { run, id, accountId } = await withBroken('broken')
    await run(LIST)
    const { data, errors } = await run(`{ employee(id: "${id}") { email } }`)
    expect(data.employee).toBe(null)
    expect(errors).toMatchObject([{ code: 'UPSTREAM_INVALID' }])
    const account = await run(`{ account(id: "${accountId}") { employee { email } } }`)
    expect(account.errors).toMatchObject([{ code: 'UPSTREAM_INVALID' }])
  })

  test.each(['missing', 'forbidden'] as const)(
    'is said to be missing where ids are %s to Push',
    async byId => {
      const { run, id } = await withBroken('whole', { byId })
      await run(LIST)
      const { data, errors, cost } = await run(`{ employee(id: "${id}") { email } }`)
      expect([data.employee, errors]).toEqual([null, []])
      expect(cost).toMatchObject({ complete: false, warnings: [{ code: 'UPSTREAM_INVALID' }] })
    },
  )

  test.each([
    ['a list', 'nodes { id }'],
    ['a count', 'totalCount'],
    ['groups', 'groups(by: [APP_TYPE]) { count }'],
  ])('makes %s that is filtered through them incomplete', async (_what, selection) => {
    const { run, standIn } = await withBroken('whole')
    await run(LIST)
    const { data, cost } = await run(
      `{ accounts(first: 1000, filter: { employee: { email: { ne: "-" } } }) { ${selection} complete } }`,
    )
    const { nodes, totalCount, complete } = data.accounts
    const isWhole = standIn.data.accounts.length === (nodes?.length ?? totalCount)
    expect(isWhole || !complete).toBe(true)
    expect(isWhole || !cost.complete).toBe(true)
  })

  test('makes a count of what belongs to an app incomplete, where that is filtered through them', async () => {
    const { run, standIn, accountId } = await withBroken('broken', { byId: 'missing' })
    const account = standIn.data.accounts.find(({ id }) => id === accountId)
    await run(LIST)
    const { data } = await run(
      `query ($id: ID!) { app(id: $id) { accounts(filter: { employee: { email: { ne: "-" } } }) { totalCount complete } } }`,
      { id: account?.appId },
    )
    expect(data.app.accounts.complete).toBe(false)
  })

  test.each([
    ['before', 'complete groups(by: [EMPLOYEE_DEPARTMENT]) { count }'],
    ['behind', 'groups(by: [EMPLOYEE_DEPARTMENT]) { count } complete'],
  ])('makes groups by their department incomplete, asked %s them', async (_where, selection) => {
    const { run, accountId } = await withBroken('whole')
    const query = `{ accounts(first: 1) { ${selection} } }`
    // At first nothing is known, then the accounts alone, then both.
    for (const warmUp of ['{ accounts { totalCount } apps { totalCount } }', LIST]) {
      const { data, cost } = await run(query)
      expect([data.accounts.complete, cost.complete]).toEqual([false, false])
      await run(warmUp)
    }
    expect((await run(query)).data.accounts.complete).toBe(false)
    // By what is whole, they are whole.
    const byApp = `{ accounts(first: 1) { groups(by: [APP_TYPE]) { count } complete } }`
    expect((await run(byApp)).data.accounts.complete).toBe(true)
    expect(accountId).not.toBe('')
  })

  test('leaves those who are surely absent as they are', async () => {
    const { run } = await withBroken('whole')
    await run(LIST)
    const { data, errors, cost } = await run('{ employee(id: "nobody") { email } }')
    expect([data.employee, errors, cost.requests]).toEqual([null, [], 0])
  })
})
