/** A list of which Push promises more than it gives a token for: read on by offset, or said not to be whole. */
import { describe, expect, test } from 'vitest'
import type { Switches } from '../../src/demo/stand-in.ts'
import { type Graph, graphForTest } from '../support/graph.ts'

const open = (switches: Partial<Switches>): Promise<Graph> =>
  graphForTest({ scale: 0.02, switches: { tokens: 'none', maxPage: 7, ...switches } })

/** Each part of a list, and what else rests on all rows of one. */
const questions: Readonly<Record<string, string>> = {
  page: '{ list: employees(first: 1000) { complete nodes { id } } }',
  count: '{ list: employees { complete totalCount } }',
  countAlone: '{ list: employees(first: 0) { complete totalCount } }',
  groups: '{ list: employees { complete groups(by: [DEPARTMENT]) { keys count } } }',
  sorted: '{ list: employees(first: 1000, orderBy: [{ field: EMAIL }]) { complete nodes { id } } }',
  backward: '{ list: employees(last: 5) { complete nodes { id } } }',
  filtered: '{ list: accounts(filter: { employee: { department: { ne: "-" } } }) { totalCount } }',
  grouped: '{ list: accounts { groups(by: [EMPLOYEE_DEPARTMENT]) { keys count } } }',
  search: '{ list: search(value: "nobody@example.com", types: [EMPLOYEE, ACCOUNT]) { complete } }',
}

describe('more than there is a token for', () => {
  test.each(Object.entries(questions))('is read on by offset: %s', async (_name, query) => {
    const sound = await graphForTest({ scale: 0.02 })
    const graph = await open({})
    const { data, errors, cost } = await graph.run(query)
    expect(errors).toEqual([])
    expect(data).toEqual((await sound.run(query)).data)
    expect(cost).toMatchObject({ complete: true, warnings: [] })
  })

  test.each(
    Object.entries(questions).flatMap(([name, query]) =>
      (['ignored', 'refused'] as const).map(offset => ({ name, query, offset })),
    ),
  )('is said to be missing where offsets are $offset: $name', async ({ query, offset }) => {
    const graph = await open({ offset })
    for (const { data, errors, cost } of [
      await graph.run(query),
      // From what was kept of it.
      await graph.run(query),
    ]) {
      expect(errors).toEqual([])
      expect(data.list.complete ?? false).toBe(false)
      expect(cost.complete).toBe(false)
      expect(cost.warnings.map(({ code }) => code)).toContain('UPSTREAM_INVALID')
      expect(cost.warnings[0]?.message).toMatch(/^Push says that there are more \w+ than it sent/)
    }
  })

  test('is missing from the list of a parent, too', async () => {
    const whole = await graphForTest({ scale: 0.02 })
    const query = `query ($id: ID!) { employee(id: $id) { list: accounts(first: 100) { complete totalCount } } }`
    const counts = Map.groupBy(whole.standIn.data.accounts, ({ employeeId }) => employeeId)
    const [id] = [...counts].find(([, rows]) => rows.length > 7) ?? []
    const right = await whole.run(query, { id })
    const onward = await (await open({})).run(query, { id })
    expect(onward.data).toEqual(right.data)
    expect(onward.cost.complete).toBe(true)
    const cutOff = await (await open({ offset: 'ignored' })).run(query, { id })
    expect(cutOff.data.employee.list.complete).toBe(false)
    expect(cutOff.cost.complete).toBe(false)
  })

  test('is missing from a list that was read by a parameter', async () => {
    const whole = await graphForTest({ scale: 0.02 })
    const counts = Map.groupBy(whole.standIn.data.accounts, ({ employeeId }) => employeeId)
    const [id, rows = []] = [...counts].find(([, each]) => each.length > 7) ?? []
    const graph = await open({ offset: 'ignored' })
    const query = `query ($id: ID!) { list: accounts(filter: { employeeId: { eq: $id } }, first: 100) { complete totalCount } }`
    const { data, cost } = await graph.run(query, { id })
    expect(graph.standIn.requests.some(({ query: asked }) => asked['employeeId'] === id)).toBe(true)
    expect(data.list.totalCount).toBeLessThan(rows.length)
    expect(data.list.complete).toBe(false)
    expect(cost.complete).toBe(false)
  })

  test('is no reason for a second look at a page that a reader does not leave', async () => {
    const graph = await open({ offset: 'ignored' })
    const { data, cost } = await graph.run('{ employees(first: 5) { complete nodes { id } } }')
    expect(data.employees.nodes).toHaveLength(5)
    expect(data.employees.complete).toBe(true)
    expect(cost.requests).toBe(1)
  })
})

test('a list that goes on elsewhere is read on without a token', async () => {
  const first = await open({})
  const query = `query ($after: String) { employees(first: 4, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }`
  const ids: string[] = []
  let after: string | null = null
  let graph = first
  for (let pages = 0; pages < 20; pages += 1) {
    const { data } = await graph.run(query, { after })
    ids.push(...data.employees.nodes.map(({ id }: { id: string }) => id))
    if (data.employees.pageInfo.hasNextPage !== true) break
    after = data.employees.pageInfo.endCursor as string
    // Another process, which knows nothing of the list yet.
    graph = await graphForTest({ over: first.standIns })
  }
  expect(ids).toEqual(first.standIn.data.employees.map(({ id }) => id))
})
