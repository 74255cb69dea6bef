import { readFileSync } from 'node:fs'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { composers } from '../../examples/supergraph/composers.ts'
import { createNaming, loadSubgraph, printSubgraph } from '../../src/graphql/schema/schema.ts'

const push = (prefix = '', auth = false): string =>
  printSubgraph(loadSubgraph({ naming: createNaming(prefix), auth }))
const example = (name: string): string =>
  readFileSync(new URL(`../../examples/supergraph/${name}/schema.graphql`, import.meta.url), 'utf8')

/** Another department's graph, with names of ours for things of its own. */
const clashing = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query {
    employee(number: Int!): Employee
    accounts: [Account!]!
    people(filter: StringFilter): [Employee!]!
  }
  input StringFilter { is: Int }
  enum FindingState { LOST }
  type Account { iban: String! }
  type PageInfo @shareable {
    hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
  }
  type Employee @key(fields: "email") { email: String! department: Department location: Int }
  type Department { name: String! }`

/** One that knows the same profile. */
const sharing = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { staff: [Employee!]! }
  type Employee @key(fields: "id") @key(fields: "email") {
    id: ID!
    email: String!
    firstName: String @shareable
    lastName: String @shareable
    department: String @shareable
    location: String @shareable
  }`

describe.each(Object.entries(composers))('%s', (_name, composer) => {
  const complaints = (subgraphs: Readonly<Record<string, string>>): readonly string[] =>
    composer(Object.entries(subgraphs).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) })))

  test('takes the subgraph beside those of the example', () => {
    expect(complaints({ push: push(), hr: example('hr'), tickets: example('tickets') })).toEqual([])
  })

  test('takes it beside one that shares the profile of an employee', () => {
    expect(complaints({ push: push(), staff: sharing })).toEqual([])
  })

  test('takes it with a prefix beside one that has our names for things of its own', () => {
    expect(complaints({ push: push('Push'), hr: clashing })).toEqual([])
    // Else there would be nothing to keep apart.
    expect(complaints({ push: push(), hr: clashing })).not.toEqual([])
  })

  test('takes it with what it says of scopes where callers are told apart', () => {
    expect(complaints({ push: push('', true), hr: example('hr') })).toEqual([])
    expect(complaints({ push: push('Push', true), hr: clashing })).toEqual([])
  })
})
