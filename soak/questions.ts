/**
 * What is asked, and what must be true of an answer that says of itself that it is whole. There are few texts: what the server
 * keeps of each, up to a bound, would be taken for growth.
 */
import type { Random } from '../src/demo/tenant/random.ts'
import type { Tenant } from './tenants.ts'

/** An answer's data; its shape is that of the question. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Data = any

export interface Question {
  readonly query: string
  readonly variables?: object
  /** The tenant that it asks; all where absent. */
  readonly tenant?: Tenant
  /** What is wrong with a whole answer of that tenant; undefined where nothing is. */
  readonly flaw?: (data: Data) => string | undefined
  /** Whether it asks by what only callers with `pii` may ask by. */
  readonly personal?: boolean
  /** Whether its errors are wanted. */
  readonly isMistaken?: boolean
}

const differ = (what: string, found: unknown, wanted: unknown): string | undefined =>
  JSON.stringify(found) === JSON.stringify(wanted)
    ? undefined
    : `${what}: ${JSON.stringify(found).slice(0, 200)} instead of ${JSON.stringify(wanted).slice(0, 200)}`

const idsOf = (rows: readonly { readonly id: string }[]): string[] =>
  rows.map(({ id }) => id).sort()

type Make = (tenant: Tenant, random: Random) => Question

const employees: Make = tenant => ({
  tenant,
  query: `query($c: [String!]) { employees(connectors: $c, first: 1000) { totalCount nodes { id connectorAlias email department } } }`,
  variables: { c: [tenant.alias] },
  flaw: ({ employees: { nodes, totalCount } }) =>
    differ('employees', idsOf(nodes), idsOf(tenant.standIn.data.employees)) ??
    differ('their count', totalCount, tenant.standIn.data.employees.length),
})

const ofPerson: Make = (tenant, random) => {
  const { data } = tenant.standIn
  const { id, department } = random.pick(data.employees)
  const own = data.accounts.filter(({ employeeId }) => employeeId === id)
  return {
    tenant,
    query: `query($id: ID!, $c: String) { employee(id: $id, connector: $c) { id connectorAlias department accounts(first: 1000) { totalCount nodes { id app { id } } } } }`,
    variables: { id, c: tenant.alias },
    flaw: ({ employee }) =>
      employee === null
        ? `employee ${id} is not found`
        : (differ('department', employee.department, department) ??
          differ('accounts of one', idsOf(employee.accounts.nodes), idsOf(own)) ??
          differ('their count', employee.accounts.totalCount, own.length)),
  }
}

const byEmail: Make = (tenant, random) => {
  const { email } = random.pick(tenant.standIn.data.employees)
  return {
    tenant,
    personal: true,
    query: `query($e: String!, $c: [String!]) { employees(connectors: $c, filter: { email: { eq: $e } }) { nodes { id email connectorAlias } } }`,
    variables: { e: email.toUpperCase(), c: [tenant.alias] },
    flaw: ({ employees: { nodes } }) =>
      differ(
        'by e-mail',
        nodes.map((node: { email: string }) => node.email.toLowerCase()),
        [email.toLowerCase()],
      ),
  }
}

const groups: Make = tenant => ({
  tenant,
  query: `query($c: [String!]) { findings(connectors: $c) { totalCount groups(by: [TYPE]) { keys count } } }`,
  variables: { c: [tenant.alias] },
  flaw: ({ findings }) => {
    const counts = new Map<string, number>()
    for (const { type } of tenant.standIn.data.findings)
      counts.set(type, (counts.get(type) ?? 0) + 1)
    const found = findings.groups.map(({ count }: { count: number }) => count)
    const wanted = [...counts.values()].sort((a, b) => b - a)
    return (
      differ('groups', found, wanted) ??
      differ('findings', findings.totalCount, tenant.standIn.data.findings.length)
    )
  },
})

const apps: Make = (tenant, random) => ({
  tenant,
  query: `query($c: [String!], $n: Int) { apps(connectors: $c, first: $n, orderBy: [{ field: NAME }]) { totalCount nodes { id connectorAlias } } }`,
  variables: { c: [tenant.alias], n: random.between(1, 900) },
  flaw: ({ apps: { totalCount } }) => differ('apps', totalCount, tenant.standIn.data.apps.length),
})

const others: readonly Make[] = [
  () => ({ query: '{ connectors { alias status } }' }),
  () => ({ query: '{ __typename }' }),
  () => ({
    query: '{ accounts(first: 20) { nodes { id connectorAlias email employee { id email } } } }',
  }),
  () => ({ query: '{ detections(first: 10) { nodes { id connectorAlias ocsf { json } } } }' }),
  () => ({
    query: '{ events(first: 20) { totalCount nodes { id connectorAlias email payload } } }',
  }),
  () => ({ query: '{ events { groups(by: [OBJECT]) { keys count } } }' }),
  (tenant, random) => ({
    personal: true,
    query: 'query($v: String!) { search(value: $v, first: 20) { nodes { id connectorAlias } } }',
    variables: { v: random.pick(tenant.standIn.data.employees).email },
  }),
  (_tenant, random) => ({
    query: `query($n: Int) { employees(first: $n, filter: { accounts: { some: { mfaRegistered: { eq: false } } } }) { nodes { id connectorAlias email } } }`,
    variables: { n: random.between(1, 50) },
  }),
  (tenant, random) => ({
    tenant,
    query: `mutation($i: UpdateDetectionInput!) { updateDetection(input: $i) { detection { id connectorAlias } } }`,
    variables: {
      i: {
        id: random.pick(tenant.standIn.data.detections).id,
        connector: tenant.alias,
        archived: random.chance(0.5),
      },
    },
  }),
  () => ({ query: '{ nothing }', isMistaken: true }),
  () => ({ query: '{ employees(first: 100000) { nodes { id } } }', isMistaken: true }),
  () => ({ query: '{', isMistaken: true }),
]

const checked: readonly Make[] = [employees, ofPerson, ofPerson, byEmail, groups, apps]

export const makeQuestion = (tenants: readonly Tenant[], random: Random): Question =>
  random.pick(random.chance(0.5) ? checked : others)(random.pick(tenants), random)

/** Each that is checked once for each tenant. */
export const allChecked = (tenants: readonly Tenant[], random: Random): Question[] =>
  tenants.flatMap(tenant => checked.map(make => make(tenant, random)))
