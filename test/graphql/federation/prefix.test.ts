import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../support/terminal.ts'
import { serveProduct, type Serving } from '../../support/product.ts'

const environment = {
  PUSHGRAPH_PREFIX: 'Push',
  PUSHGRAPH_DEMO_SCALE: '0.05',
  PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
  PUSHGRAPH_DEMO_LATENCY_MS: '1',
  LOG_LEVEL: 'warn',
}

let product: Serving
beforeAll(async () => {
  product = await serveProduct({ environment })
})
afterAll(async () => {
  product.kill('SIGTERM')
  await product.ended
})

const ask = async (
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
): Promise<any> => {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}

test('a list goes on from its cursor, and its links and filters answer', async () => {
  const page = `query ($after: String) {
    pushEmployees(first: 2, after: $after, filter: { accounts: { some: {} } }) {
      pageInfo { endCursor } nodes { __typename id email pushDepartment
        accounts(first: 1) { nodes { __typename app { __typename } } } } } }`
  const first = await ask(page)
  expect(first.errors).toBeUndefined()
  expect(first.data.pushEmployees.nodes[0]).toMatchObject({
    __typename: 'Employee',
    accounts: { nodes: [{ __typename: 'PushAccount', app: { __typename: 'PushApp' } }] },
  })
  const second = await ask(page, { after: first.data.pushEmployees.pageInfo.endCursor })
  expect(second.errors).toBeUndefined()
  const ids = [first, second].flatMap(({ data }) =>
    data.pushEmployees.nodes.map(({ id }: { id: string }) => id),
  )
  expect(new Set(ids).size).toBe(4)
})

test('what an operation needs is foreseen under the new names', async () => {
  const { extensions } = await ask(
    '{ pushEmployees { nodes { accounts { nodes { id } } } } pushApp(id: "x") { id } }',
    {},
    { 'x-pushgraph-plan': 'only' },
  )
  expect(extensions.pushgraph.plan.connections).toMatchObject([
    { path: 'pushEmployees', collection: 'employees' },
    { path: 'pushEmployees.nodes.accounts', collection: 'accounts' },
    { path: 'pushApp', collection: 'apps' },
  ])
})

test.each([
  ['pushEmployees(first: -1) { totalCount }', 'first'],
  ['pushApp(id: "x", type: "y") { id }', 'id'],
  [
    'pushEmployees { nodes { accounts(filter: { id: { eq: null } }) { nodes { id } } } }',
    'filter.id.eq',
  ],
])('what cannot be asked has no plan under the new names either: %s', async (field, path) => {
  const { errors, extensions } = await ask(`{ ${field} }`, {}, { 'x-pushgraph-plan': 'only' })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path } }])
  expect(extensions.pushgraph).not.toHaveProperty('plan')
})

test('types behind interfaces and keys are told by their new names', async () => {
  const { data } = await ask(
    '{ pushEmployees(first: 1) { nodes { email } } pushApps(first: 1) { nodes { id ocsf { __typename } } } }',
  )
  expect(data.pushApps.nodes[0].ocsf.__typename).toMatch(/^PushOcsf/)
  const [{ email }] = data.pushEmployees.nodes
  const [{ id }] = data.pushApps.nodes
  const found = await ask(
    `query ($email: String!, $r: [_Any!]!) {
      pushSearch(value: $email) { nodes { __typename ... on PushAccount { email } } }
      _entities(representations: $r) { __typename ... on PushApp { id } } }`,
    {
      email,
      r: [
        { __typename: 'PushApp', id },
        { __typename: 'App', id },
      ],
    },
  )
  const types = found.data.pushSearch.nodes.map((node: { __typename: string }) => node.__typename)
  expect(types).toContain('Employee')
  expect(types).toContain('PushAccount')
  expect(found.data._entities).toEqual([{ __typename: 'PushApp', id }, null])
  expect(found.errors).toMatchObject([{ path: ['_entities', 1] }])
})

test('what happened to an object is planned and given under the new names', async () => {
  const query = `query ($kinds: [PushTimelineKind!]) { pushEmployees(first: 1) { nodes {
    timeline(kinds: $kinds) { __typename nodes { __typename event { __typename app { id } } } } } } }`
  const variables = { kinds: ['EVENT', 'FINDING'] }
  const { extensions } = await ask(query, variables, { 'x-pushgraph-plan': 'only' })
  expect(extensions.pushgraph.plan.connections).toMatchObject([
    { path: 'pushEmployees' },
    { path: 'pushEmployees.nodes.timeline', collection: 'events' },
    { path: 'pushEmployees.nodes.timeline.nodes.event.app', collection: 'apps' },
    { path: 'pushEmployees.nodes.timeline.findings', collection: 'findings' },
  ])
  const { data, errors } = await ask(query, variables)
  expect(errors).toBeUndefined()
  const [{ timeline }] = data.pushEmployees.nodes
  expect(timeline.__typename).toBe('PushTimelineConnection')
  for (const { __typename } of timeline.nodes) expect(__typename).toBe('PushTimelineItem')
})

test('events stream under their new name', async () => {
  const leave = new AbortController()
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({
      query:
        'subscription { pushEvents(since: "2000-01-01T00:00:00Z") { __typename ... on PushLoginEvent { id } employee { id } } }',
    }),
    signal: leave.signal,
  })
  let seen = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    seen += chunk
    if (seen.includes('event: next')) break
  }
  leave.abort()
  expect(seen).toMatch(/"pushEvents":\{"__typename":"Push\w+Event"/)
})

test('`pushgraph query` and `pushgraph schema` speak of the new names too', async () => {
  const asked = await runCommand(['query', '-'], {
    environment,
    input: '{ pushApps(first: 1) { nodes { __typename } } }',
  })
  expect(JSON.parse(asked.output)).toMatchObject({
    data: { pushApps: { nodes: [{ __typename: 'PushApp' }] } },
  })
  const { output } = await runCommand(['schema'], { environment })
  expect(output).toMatch(/^type PushAccount implements PushEntity/m)
  const wrong = await runCommand(['schema'], { environment: { PUSHGRAPH_PREFIX: '1' } })
  expect(wrong).toMatchObject({ exitCode: 2, output: '' })
  expect(wrong.errors).toContain('PUSHGRAPH_PREFIX must be')
})
