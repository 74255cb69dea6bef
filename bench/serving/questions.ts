/** What is asked of warm data, again and again. */
import type { TenantData } from '../../src/demo/stand-in.ts'

export interface ServingQuestion {
  readonly name: string
  readonly query: string
  readonly variables?: object
}

export const createServingQuestions = (data: TenantData): readonly ServingQuestion[] => [
  {
    name: 'one object',
    query: 'query ($id: ID!) { employee(id: $id) { id email firstName lastName department } }',
    variables: { id: data.employees[500]?.id },
  },
  {
    name: '100 employees × 5 fields',
    query: '{ employees(first: 100) { nodes { id email firstName lastName department } } }',
  },
  {
    name: '1,000 accounts × 8 fields with their app',
    query: `{ accounts(first: 1000) { nodes {
      id email employeeId appType mfaRegistered passwordId createdAt lastUsedAt app { id type name friendlyName }
    } } }`,
  },
  {
    name: 'groups of 12,000 accounts',
    query: '{ accounts { groups(by: [APP_TYPE], first: 20) { keys count } } }',
  },
]
