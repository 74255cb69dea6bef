/** The graph behind real gateways, joined with the subgraphs of the example. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose } from '../../examples/supergraph/compose.ts'
import { startHr } from '../../examples/supergraph/hr/hr.ts'
import type { Subgraph } from '../../examples/supergraph/subgraph.ts'
import { startTickets } from '../../examples/supergraph/tickets/tickets.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import {
  type Gateway,
  startApolloGateway,
  startExample,
  startHiveGateway,
} from '../support/gateways.ts'
import { serveProduct, type Serving } from '../support/product.ts'
import { startStandIn } from '../support/stand-in.ts'

const settings = fileURLToPath(
  new URL('../../examples/supergraph/gateway.config.ts', import.meta.url),
)
const readExample = (path: string): string =>
  readFileSync(new URL(`../../examples/supergraph/${path}`, import.meta.url), 'utf8')
const people = readExample('hr/people.csv')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => {
    const [email = '', manager = '', costCentre = ''] = line.split(',')
    return { email, manager, costCentre }
  })

const queryOf = (name: string): string => readExample(`queries/${name}.graphql`)
const queries = ['cost-centre', 'findings-with-tickets', 'done-tickets']

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-supergraph-'))
const supergraph = join(folder, 'supergraph.graphql')
let standIn: StandIn
let product: Serving
let subgraphs: readonly Subgraph[]

beforeAll(async () => {
  standIn = await startStandIn({ scale: 1 })
  product = await serveProduct({
    environment: {
      PUSH_API_KEY: standIn.keys.readOnly,
      PUSH_API_URL: standIn.url,
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_RATE: '1000',
      PUSHGRAPH_BURST: '1000',
      // Each operation reads for itself, so that what it costs can be compared.
      PUSHGRAPH_MAX_AGE_S: '0',
      PUSHGRAPH_STALE_S: '0',
      PUSHGRAPH_REFRESH: 'off',
      LOG_LEVEL: 'warn',
    },
  })
  const [hr, tickets] = [await startHr(0), await startTickets(0)]
  subgraphs = [hr, tickets]
  writeFileSync(
    supergraph,
    await compose({ push: `${product.url}/graphql`, hr: hr.url, tickets: tickets.url }),
  )
  // What it learns of the API at first costs requests of its own.
  for (const list of ['employees', 'accounts', 'findings'])
    await ask(`${product.url}/graphql`, `{ ${list} { totalCount } }`)
  await ask(`${product.url}/graphql`, direct, { emails: people.map(({ email }) => email) })
})

afterAll(async () => {
  await Promise.all(subgraphs.map(subgraph => subgraph.stop()))
  product.kill('SIGTERM')
  await product.ended
  await standIn.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = async (
  url: string,
  query: string,
  variables: object = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
): Promise<any> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}

const direct = `query ($emails: [String!]) { employees(first: 1000, filter: { email: { in: $emails } }) {
  nodes { email firstName accounts(first: 3) { nodes { id app { name } } } } } }`

const gateways: readonly [string, () => Promise<Gateway>][] = [
  ['@apollo/gateway', () => startApolloGateway(supergraph)],
  ['Hive Gateway', () => startHiveGateway(supergraph, ['--config-path', settings])],
  ['the gateway that `npm start` of the example starts', () => startExample(product.url)],
  [
    'Hive Gateway with the planner of Hive Router',
    () => startHiveGateway(supergraph, ['--config-path', settings, '--hive-router-runtime']),
  ],
]

test('the example ends where a part of it cannot start', async () => {
  // It answers, but is no gateway that is ready.
  const taken = createServer((_, response) => response.writeHead(404).end())
  await once(taken.listen(0, '127.0.0.1'), 'listening')
  try {
    const { port } = taken.address() as AddressInfo
    await expect(startExample(product.url, port)).rejects.toThrow('EADDRINUSE')
  } finally {
    taken.close()
  }
})

describe.each(gateways)('through %s', (_name, start) => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await start()
  })
  afterAll(() => gateway.stop())

  test('200 people of HR have what Push knows of them, for as many requests as Push data alone', async () => {
    const cost = async (run: () => Promise<unknown>): Promise<number> => {
      const before = standIn.statistics().requests
      await run()
      return standIn.statistics().requests - before
    }
    const alone = await cost(() =>
      ask(`${product.url}/graphql`, direct, { emails: people.map(({ email }) => email) }),
    )
    let answer: unknown
    const joined = await cost(async () => {
      answer = await ask(
        gateway.url,
        '{ people { email costCentre firstName accounts(first: 3) { nodes { id app { name } } } } }',
      )
    })
    const { data, errors } = answer as {
      readonly data: {
        readonly people: readonly {
          readonly email: string
          readonly costCentre: string
          readonly firstName: string | null
        }[]
      }
      readonly errors?: unknown
    }
    expect(errors).toBeUndefined()
    const first = new Map(
      standIn.data.employees.map(({ email, firstName }) => [email.toLowerCase(), firstName]),
    )
    expect(data.people).toMatchObject(
      people.map(({ email, costCentre }) => ({ email, costCentre, firstName: first.get(email) })),
    )
    expect(data.people).toHaveLength(200)
    expect(joined).toBe(alone)
  })

  test('a list of Push, filtered and paged, has what HR and tickets know of its objects', async () => {
    const query = `query ($after: String) {
      findings(first: 100, after: $after, filter: { state: { eq: OPEN }, employee: {} }) {
        pageInfo { hasNextPage endCursor }
        nodes { id state tickets { id title } employee { email costCentre manager { email firstName } } } } }`
    const pages = []
    let after: string | null = null
    for (let page = 0; page < 3; page += 1) {
      const { data, errors }: { data: { findings: Page }; errors?: unknown } = await ask(
        gateway.url,
        query,
        { after },
      )
      expect(errors).toBeUndefined()
      pages.push(data.findings)
      after = data.findings.pageInfo.endCursor
    }
    const nodes = pages.flatMap(page => page.nodes)
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(300)
    const byEmail = new Map(people.map(person => [person.email, person]))
    for (const { state, employee } of nodes) {
      expect(state).toBe('OPEN')
      const known = byEmail.get(employee.email.toLowerCase())
      expect(employee.costCentre).toBe(known?.costCentre ?? null)
      expect(employee.manager?.email.toLowerCase() ?? '').toBe(known?.manager ?? '')
      if (employee.manager !== null) expect(employee.manager.firstName).toBeTruthy()
    }
    expect(nodes.some(({ tickets }) => tickets.length > 0)).toBe(true)
    expect(nodes.some(({ employee }) => employee.manager !== null)).toBe(true)
  })

  test('tickets have what Push knows of their findings, through to HR', async () => {
    const { data, errors } = await ask(
      gateway.url,
      '{ tickets(status: DONE) { id finding { id state account { app { name } } employee { email costCentre } } } }',
    )
    expect(errors).toBeUndefined()
    expect(data.tickets).toHaveLength(20)
    for (const { finding } of data.tickets) {
      expect(finding.state).toMatch(/OPEN|RESOLVED/)
      expect(finding.employee.costCentre).toMatch(/^CC-/)
    }
  })

  test.each(queries)('the question %s of the example is answered as it says', async name => {
    const { data, errors } = await ask(gateway.url, queryOf(name))
    expect(errors).toBeUndefined()
    expect({ data }).toEqual(JSON.parse(readExample(`queries/${name}.json`)))
  })

  test('a key that Push does not know leaves the rest of the answer standing', async () => {
    const opened = await ask(
      gateway.url,
      'mutation { openTicket(findingId: "gone", title: "Look") { id finding { id employee { email } } } }',
    )
    expect(opened.data.openTicket.finding?.employee ?? null).toBeNull()
    expect(opened.data.openTicket.id).toMatch(/^SEC-/)
    const { data } = await ask(gateway.url, '{ person(email: "nobody@nowhere.example") { email } }')
    expect(data).toEqual({ person: null })
  })

  test('a mistake is told with its code', async () => {
    const { data, errors } = await ask(
      gateway.url,
      '{ employees(first: 5000) { nodes { id } } people { email } }',
    )
    expect(data.employees).toBeNull()
    expect(data.people).toHaveLength(200)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors[0].message).toContain('from 0 to 1000')
  })
})

test('with a prefix, the profile of an employee is left to HR, and joined all the same', async () => {
  const prefixed = await serveProduct({
    environment: {
      PUSHGRAPH_PREFIX: 'Push',
      PUSH_API_KEY: standIn.keys.readOnly,
      PUSH_API_URL: standIn.url,
      LOG_LEVEL: 'warn',
    },
  })
  const file = join(folder, 'prefixed.graphql')
  const [hr] = subgraphs
  writeFileSync(file, await compose({ push: `${prefixed.url}/graphql`, hr: hr?.url ?? '' }))
  const gateway = await startHiveGateway(file)
  try {
    const { data, errors } = await ask(
      gateway.url,
      `{ costCentre(code: "CC-140") { email pushFirstName accounts(first: 1) { nodes { __typename } } }
         pushEmployees(first: 1) { nodes { email costCentre } } }`,
    )
    expect(errors).toBeUndefined()
    expect(data.costCentre).toHaveLength(25)
    const first = standIn.data.employees.find(
      ({ email }) => email.toLowerCase() === data.costCentre[0].email,
    )
    expect(data.costCentre[0]).toMatchObject({
      pushFirstName: first?.firstName,
      accounts: { nodes: [{ __typename: 'PushAccount' }] },
    })
    expect(data.pushEmployees.nodes[0].costCentre).toMatch(/^CC-/)
  } finally {
    await gateway.stop()
    prefixed.kill('SIGTERM')
    await prefixed.ended
  }
})

interface Page {
  readonly pageInfo: { readonly endCursor: string | null }
  readonly nodes: readonly {
    readonly id: string
    readonly state: string
    readonly tickets: readonly unknown[]
    readonly employee: {
      readonly email: string
      readonly costCentre: string | null
      readonly manager: { readonly email: string; readonly firstName: string | null } | null
    }
  }[]
}

describe('a subscription through Hive Gateway, joined with HR', () => {
  const query = `subscription { events(since: "2000-01-01T00:00:00Z", filter: { object: { eq: "LOGIN" } }) {
    id __typename employee { email costCentre } } }`

  const login = (id: string, employee: number): Promise<unknown> =>
    post(product.url, delivery({ id, new: { employeeId: standIn.data.employees[employee]?.id } }))

  const told = (id: string, employee: number): unknown => {
    const { email = '' } = standIn.data.employees[employee] ?? {}
    const { costCentre } = people.find(person => person.email === email.toLowerCase()) ?? {}
    return { data: { events: { id, __typename: 'LoginEvent', employee: { email, costCentre } } } }
  }

  /** One login from before, which shows that the subscription has begun, then one as it happens. */
  const follows = async (way: string, answers: AsyncIterable<unknown>): Promise<void> => {
    await login(`${way} stored`, 3)
    let isLive = false
    for await (const answer of answers) {
      const { id } = (answer as { data: { events: { id: string } } }).data.events
      // Those of the other ways are stored too.
      if (!id.startsWith(way)) continue
      if (isLive) {
        expect(answer).toEqual(told(`${way} live`, 5))
        return
      }
      expect(answer).toEqual(told(`${way} stored`, 3))
      isLive = true
      await login(`${way} live`, 5)
    }
    throw new Error('It ended')
  }

  async function* bySse(url: string): AsyncGenerator {
    const leave = new AbortController()
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query }),
        signal: leave.signal,
      })
      let rest = ''
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines)
          if (line.startsWith('data: {')) yield JSON.parse(line.slice('data: '.length))
      }
    } finally {
      leave.abort()
    }
  }

  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startHiveGateway(supergraph, ['--config-path', settings])
    return () => gateway.stop()
  })

  test('goes on to Pushgraph over WebSocket', async () => {
    await follows('over WebSocket', bySse(gateway.url))
  })

  test('goes on to Pushgraph over server-sent events where nothing else is set', async () => {
    const plain = await startHiveGateway(supergraph)
    try {
      await follows('over server-sent events', bySse(plain.url))
    } finally {
      await plain.stop()
    }
  })

  test('is taken over WebSocket too', async () => {
    const client = createClient({
      url: gateway.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
    })
    try {
      await follows('taken over WebSocket', client.iterate({ query }))
    } finally {
      await client.dispose()
    }
  })
})
