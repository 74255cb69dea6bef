import { buildSchema, GraphQLError, parse } from 'graphql'
import { expect, describe, test } from 'vitest'
import { executeInTurns } from '../../../src/graphql/operation/execute.ts'
import { type Answer, graphForTest, type Graph, type Terms } from '../../support/graph.ts'
import { Work } from '../../../src/work/work.ts'
import { hastyTurns } from '../../support/work.ts'

const questions = {
  'a fan-out': /* GraphQL */ `
    {
      employees(first: 20) {
        nodes {
          email
          accounts(first: 5) {
            nodes {
              app {
                name
                accounts(first: 3) {
                  totalCount
                  nodes {
                    id
                    employee {
                      email
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  `,
  'sorted, counted and filtered lists': /* GraphQL */ `
    {
      accounts(
        first: 30
        orderBy: [{ field: EMAIL, direction: DESC }]
        filter: { employee: { accounts: { some: { mfaRegistered: { eq: false } } } } }
      ) {
        totalCount
        nodes {
          id
          email
        }
        groups(by: [APP_TYPE, EMPLOYEE_DEPARTMENT]) {
          keys
          count
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  `,
  'events of OCSF, with a directive that is left to graphql-js': /* GraphQL */ `
    query ($yes: Boolean = true) {
      findings(first: 40) {
        nodes {
          ocsf @include(if: $yes) {
            class_uid
            json
          }
        }
      }
      search(value: "a", first: 5) {
        edges {
          node {
            __typename
          }
        }
      }
    }
  `,
} as const

/** An answer without what says how it was come by. */
const dataOf = ({ data, errors }: Answer) => ({ data: data as unknown, errors })

/** By graphql-js the first time, by its compiled document from the second time on. */
const askThrice = async (graph: Graph, query: string, terms: () => Terms) => {
  const answers: Answer[] = []
  for (let time = 0; time < 3; time += 1) answers.push(await graph.run(query, {}, terms()))
  return answers.map(dataOf)
}

describe('an operation that takes many turns', () => {
  test.each(Object.entries(questions))('answers %s as in one', async (_name, query) => {
    const graph = await graphForTest({ scale: 0.05 })
    const [once] = await askThrice(graph, query, () => ({}))
    const turns = hastyTurns(3)
    const answers = await askThrice(graph, query, () => ({ work: { turns } }))
    expect(once?.errors).toEqual([])
    for (const answer of answers) expect(answer).toEqual(once)
    expect(turns.number).toBeGreaterThan(20)
  })

  test('is one error where it takes more processor time than it may', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const query = questions['a fan-out']
    await graph.run(query)
    const answers = await askThrice(graph, query, () => ({
      work: { turns: hastyTurns(1), maxCpuMs: 20 },
    }))
    for (const { data, errors } of answers) {
      expect(data).toBeNull()
      expect(errors).toEqual([
        expect.objectContaining({
          code: 'BUDGET_EXCEEDED',
          message: expect.stringContaining('PUSHGRAPH_MAX_CPU_MS') as unknown,
        }),
      ])
    }
  })

  test('is refused where it takes more than it may before anything is read', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const lists = Array.from({ length: 60 }, (_, index) => `a${index}: accounts { totalCount }`)
    const { data, errors, requests } = await graph.run(
      `{ ${lists.join(' ')} }`,
      {},
      { work: { turns: hastyTurns(3), maxCpuMs: 60 } },
    )
    expect(data ?? null).toBeNull()
    expect(errors).toEqual([expect.objectContaining({ code: 'BUDGET_EXCEEDED' })])
    expect(requests).toBe(0)
  })

  test('ends with its caller, whatever it was about to do', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const query = questions['a fan-out']
    await graph.run(query)
    const turns = hastyTurns(3)
    for (let time = 0; time < 3; time += 1) {
      const caller = new AbortController()
      const running = graph.run(query, {}, { signal: caller.signal, work: { turns } })
      setImmediate(() => {
        caller.abort()
      })
      const { data, errors } = await running
      // Where it was not under way yet, there is none.
      expect([data ?? null, errors.length]).toEqual([null, 1])
      const { number } = turns
      for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
      // A last turn may have begun.
      expect(turns.number - number).toBeLessThan(3)
    }
  })
})

describe('an answer', () => {
  test('may be as long as the limit, and no longer', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const query = questions['sorted, counted and filtered lists']
    const { data } = await graph.run(query)
    const bytes = JSON.stringify(data).length
    const fits = await askThrice(graph, query, () => ({ work: { maxAnswerBytes: bytes } }))
    for (const answer of fits) expect(answer).toEqual({ data, errors: [] })
    const beyond = await askThrice(graph, query, () => ({ work: { maxAnswerBytes: bytes - 1 } }))
    for (const answer of beyond)
      expect(answer).toEqual({
        data: null,
        errors: [
          expect.objectContaining({
            code: 'BUDGET_EXCEEDED',
            message: expect.stringContaining('PUSHGRAPH_MAX_ANSWER_MB') as unknown,
          }),
        ],
      })
  })
})

test('what failed as a whole lets go of all that was still under way for it', async () => {
  const work = new Work({ turns: hastyTurns(2) })
  const { signal } = work
  let turns = 0
  const go = async (): Promise<number> => {
    for (;;) {
      await work.next()
      turns += 1
    }
  }
  const schema = buildSchema('type Query { fails: Int! lasts: Int }')
  const { data, errors } = await executeInTurns({
    schema,
    document: parse('{ lasts fails }'),
    rootValue: { lasts: go, fails: () => Promise.reject(new Error('no')) },
    contextValue: { work },
  })
  expect([data, errors?.map(({ message }) => message)]).toEqual([null, ['no']])
  const before = turns
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
  expect(turns - before).toBeLessThan(2)
  expect(signal.aborted).toBe(true)
})

describe('an answer with many errors', () => {
  const schema = buildSchema('type Query { failing(count: Int!): [Int] }')
  const errorsOf = async (count: number) => {
    const { errors = [] } = await executeInTurns({
      schema,
      document: parse(`{ failing(count: ${count}) }`),
      rootValue: {
        failing: () => Array.from({ length: count }, (_, n) => new GraphQLError(`error ${n}`)),
      },
      contextValue: {},
    })
    return errors.map(({ message }) => message)
  }

  test('tells up to five hundred of them, or else at the end how many there are', async () => {
    const five = Array.from({ length: 500 }, (_, n) => `error ${n}`)
    expect(await errorsOf(500)).toEqual(five)
    expect(await errorsOf(501)).toEqual([
      ...five.slice(0, 499),
      expect.stringContaining('The answer has 501 errors, of which it tells the first 499'),
    ])
  })
})
