/** What is asked of warm data: each question word for word again and again, and with variables that never come twice. */
import type { TenantData } from '../../src/demo/stand-in.ts'

export interface ServingQuestion {
  readonly name: string
  readonly query: string
  /** Asked in turn. */
  readonly variables: readonly object[]
  /** No two requests are the same text: each has a number of its own among its variables. */
  readonly varied: boolean
}

export const createServingQuestions = (data: TenantData): readonly ServingQuestion[] =>
  kinds(data).flatMap(({ name, query, variables }) => [
    { name: `${name}, again`, query, variables: variables.slice(0, 1), varied: false },
    { name: `${name}, varied`, query, variables, varied: true },
  ])

const kinds = (data: TenantData): readonly Omit<ServingQuestion, 'varied'>[] => [
  {
    name: 'one object',
    query: 'query ($id: ID!) { employee(id: $id) { id email firstName lastName department } }',
    variables: data.employees.slice(500, 600).map(({ id }) => ({ id })),
  },
  {
    name: '100 employees × 5 fields',
    query:
      'query ($n: Int) { employees(first: $n) { nodes { id email firstName lastName department } } }',
    variables: around(100, 10),
  },
  {
    name: '1,000 accounts × 8 fields with their app',
    query: `query ($n: Int) { accounts(first: $n) { nodes {
      id email employeeId appType mfaRegistered passwordId createdAt lastUsedAt app { id type name friendlyName }
    } } }`,
    variables: around(1_000, 50),
  },
  {
    name: 'groups of 12,000 accounts',
    query: 'query ($n: Int) { accounts { groups(by: [APP_TYPE], first: $n) { keys count } } }',
    variables: around(20, 10),
  },
]

/** So many rows, then up to `less` fewer. */
const around = (rows: number, less: number): readonly { readonly n: number }[] =>
  Array.from({ length: less }, (_, index) => ({ n: rows - index }))
