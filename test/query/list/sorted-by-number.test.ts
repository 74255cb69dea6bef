/** Lists in the order of how many objects each of their rows leads to. */
import { describe, expect, it } from 'vitest'
import { createGraph } from '../../support/graph.ts'
import { toDataset } from '../../support/reference-graph.ts'
import { createData } from '../../../src/demo/data.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.02, now: TEST_NOW })
const { accounts, employees, findings } = toDataset(data)

interface Page {
  readonly accounts: {
    readonly nodes: readonly { readonly id: string; readonly findings: { totalCount: number } }[]
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
    readonly complete: boolean
  }
}

const byFindings = `query ($after: String) {
  accounts(first: 7, after: $after, orderBy: [{ field: FINDINGS_COUNT, direction: DESC }]) {
    nodes { id findings { totalCount } } pageInfo { endCursor hasNextPage } complete
  }
}`

describe('a list that is sorted by the number of a relation', () => {
  it('comes page by page, ties by id', async () => {
    const graph = await createGraph({ data })
    const seen: string[] = []
    let after: string | null = null
    for (let pages = 0; pages < 5; pages += 1) {
      const { data: answer, errors } = (await graph.run(byFindings, { after })) as {
        data: Page
        errors: unknown
      }
      expect(errors).toEqual([])
      const { nodes, pageInfo, complete } = answer.accounts
      expect(complete).toBe(true)
      for (const { id, findings: of } of nodes) seen.push(`${of.totalCount} ${id}`)
      after = pageInfo.endCursor
    }
    await graph.close()
    const number = (id: string): number => findings.filter(of => of.accountId === id).length
    const wanted = accounts
      .map(({ id }) => ({ id, of: number(id) }))
      .sort((a, b) => b.of - a.of || (a.id < b.id ? -1 : 1))
    expect(seen).toEqual(wanted.slice(0, 35).map(({ id, of }) => `${of} ${id}`))
    expect(wanted[0]?.of).toBeGreaterThan(1)
  })

  it('is planned with the list that is counted, and asks for it once', async () => {
    const graph = await createGraph({ data, rate: 10 })
    const query = `{ employees(first: 3, orderBy: [{ field: ACCOUNTS_COUNT }]) { nodes { id } } }`
    const plan = await graph.run(query, {}, { plan: 'only' })
    expect(graph.standIn.requests).toHaveLength(0)
    // The pages of both lists, as many as there usually are.
    expect(plan.cost.plan?.estimate.requests).toBe(65)
    const answer = await graph.run(query)
    expect(answer.errors).toEqual([])
    const paths = new Set(graph.standIn.requests.map(({ path }) => path.split('?')[0]))
    expect([...paths].sort()).toEqual(['/accounts', '/employees'])
    await graph.close()
    const fewest = employees.map(({ id }) => accounts.filter(of => of.employeeId === id).length)
    expect(Math.min(...fewest)).toBeLessThan(Math.max(...fewest))
  })
})
