import { expect, test } from 'vitest'
import { graphForTest } from '../../support/graph.ts'

test('a plan tells what the limiter makes of its requests, and no time for rows at hand', async () => {
  const graph = await graphForTest({ scale: 0.03, rate: 10 })
  const query = '{ employees { totalCount } apps { totalCount } accounts { totalCount } }'
  const planned = async () => {
    const { cost } = await graph.run(query, {}, { plan: 'only' })
    return cost.plan?.estimate ?? { requests: NaN, ms: NaN }
  }

  const { requests, ms } = await planned()
  // More than may go out at once, since it is not known yet how small the tenant is.
  expect(requests).toBeGreaterThan(10)
  const pacedMs = ((requests - 10) / 10) * 1_000
  expect(ms).toBeGreaterThanOrEqual(pacedMs)
  // One after another, at the latency that is presumed before the first answer.
  expect(ms).toBeLessThanOrEqual(pacedMs + requests * 250)
  await graph.run(query)
  expect(await planned()).toEqual({ requests: 0, ms: 0 })
})

test('what is asked of the past is shown with its moment, and asks Push for nothing', async () => {
  const graph = await graphForTest({ scale: 0.03 })
  const at = '2026-01-02T03:04:05.000Z'
  const query = `query ($at: DateTime) {
    then: accounts(first: 5, at: $at) { totalCount nodes { app { name } } }
    one: employee(id: "e", connector: "default", at: "2026-01-01T00:00:00Z") { email }
    accounts(first: 5) { nodes { id } }
  }`
  const planned = async (plan: 'only' | 'beside', variables: Record<string, unknown>) => {
    const { cost } = await graph.run(query, variables, { plan })
    return cost.plan
  }
  const past = (path: string, collection: string, moment: string, rows: number) => ({
    ...{ path, collection, connector: 'default', pushedDown: [], residual: [] },
    ...{ reading: `from the history, as known at ${moment}`, estimate: { requests: 0, rows } },
  })
  const before = await planned('only', { at })
  expect(before?.connections.slice(0, 2)).toEqual([
    past('then', 'accounts', at, 5),
    past('one', 'employees', '2026-01-01T00:00:00.000Z', 1),
  ])
  expect(before?.connections[2]).toMatchObject({ path: 'accounts', estimate: { requests: 1 } })
  const later = '2026-01-03T03:04:05.000Z'
  const again = await planned('only', { at: later })
  expect(again?.connections[0]).toEqual(past('then', 'accounts', later, 5))
  // Accounts of now are read, those of then are not.
  const beside = await planned('beside', { at })
  expect(beside?.connections.map(({ requests }) => requests)).toEqual([0, 0, 1])
  const alone = await graph.run(`{ apps(at: "${at}") { totalCount } }`, {}, { plan: 'only' })
  expect(alone.cost.plan).toMatchObject({ estimate: { requests: 0, ms: 0 } })
  expect(alone.cost.plan?.connections).toHaveLength(1)
})

test('of a plan as long as callers can make it, the first of all is told, and how much more there is', async () => {
  const graph = await graphForTest({ scale: 0.03 })
  const fields = Array.from({ length: 400 }, (_, index) => `a${index}`)
  const plan = async (filter: object, count: number) => {
    const list = '(filter: $f, first: 1) { totalCount nodes { employee { email } app { name } } }'
    const query = `query ($f: AccountFilter) { ${fields
      .slice(0, count)
      .map(alias => `${alias}: accounts${list}`)
      .join(' ')} }`
    const { cost } = await graph.run(query, { f: filter }, { plan: 'only' })
    return cost.plan
  }
  const emails = (length: number) =>
    Array.from({ length: 25 }, (_, index) => ({ email: { eq: `${index}`.padEnd(length, 'x') } }))

  // Push is asked for one of them.
  const [first, ...others] = (await plan({ and: emails(10) }, 1))?.connections ?? []
  expect(others).toHaveLength(2)
  expect(first?.residual).toHaveLength(21)
  expect(first?.residual.at(-1)).toBe('4 more')
  const [long] = (await plan({ or: emails(1_000) }, 1))?.connections ?? []
  expect(long?.residual.map(({ length }) => length)).toEqual([301])
  const whole = await plan({}, 333)
  expect([whole?.connections.length, whole?.leftOut]).toEqual([999, undefined])
  const many = await plan({}, 400)
  expect([many?.connections.length, many?.leftOut]).toEqual([1_000, 200])
})
