import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PushData } from '../../../src/demo/tenant/objects.ts'
import type { Switches } from '../../../src/demo/switches.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { directoryForTest } from '../../support/directory.ts'
import {
  type Answer,
  type Graph,
  graphForTest,
  type GraphOptions,
  type Terms,
} from '../../support/graph.ts'
import { waysToRows, warmGraphForTest } from '../../support/graph-from-disk.ts'
import { graphOnOwnTime } from '../../support/own-time.ts'
import { TEST_NOW } from '../../support/stand-in.ts'
import { type NaiveHits, naiveSearch } from './naive-search.ts'

const SEARCH = `query ($value: String!, $kinds: [ObservableKind!], $types: [EntityType!],
    $connectors: [String!], $first: Int = 1000, $after: String) {
  search(value: $value, kinds: $kinds, types: $types, connectors: $connectors, first: $first, after: $after) {
    edges { cursor node { __typename id connectorAlias } matchedOn { field kind via } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount asOf complete
  }
}`

interface Edge {
  readonly cursor: string
  readonly node: {
    readonly __typename: string
    readonly id: string
    readonly connectorAlias: string
  }
  readonly matchedOn: readonly { field: string; kind: string; via: string | null }[]
}

/** Lists carry the events: then everything can be looked at for the price of the pages. */
const withEvents: Partial<Switches> = { listDetails: true }

/** Null where the field failed, undefined where only a plan was asked for; tests of that say so. */
interface Found {
  readonly edges: readonly Edge[]
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number | null
  readonly asOf: string | null
  readonly complete: boolean
}

type Searched = Answer & { readonly found: Found }

const search = async (
  graph: Graph,
  variables: Readonly<Record<string, unknown>>,
  terms?: Terms,
): Promise<Searched> => {
  const answer = await graph.run(SEARCH, variables, terms)
  return { ...answer, found: (answer.data as { readonly search: Found } | null)?.search as Found }
}

const toHits = (edges: readonly Edge[]): NaiveHits =>
  new Map(
    edges.map(({ node, matchedOn }) => [
      `${node.__typename} ${node.id}`,
      new Set(
        matchedOn.map(
          ({ kind, field, via }) => `${kind} ${field}${via === null ? '' : ` > ${via}`}`,
        ),
      ),
    ]),
  )

const anId = [
  'EMPLOYEE_ID',
  'ACCOUNT_ID',
  'APP_ID',
  'BROWSER_ID',
  'EXTENSION_ID',
  'FINDING_ID',
  'DETECTION_ID',
  'PASSWORD_ID',
]

const some = <T>(rows: readonly T[], valueOf: (row: T) => string | null | undefined): string[] => {
  const values = new Set(rows.map(valueOf).filter(value => value !== null && value !== undefined))
  const all = [...values]
  // The first, the last and one between.
  return [...new Set([all[0], all[Math.floor(all.length / 2)], all.at(-1)])].filter(
    value => value !== undefined,
  )
}

interface Sample {
  readonly kind: string
  /** What a value of this form may be. */
  readonly mayBe: readonly string[]
  readonly values: (data: PushData) => readonly string[]
}

const eventsOf = (data: PushData) => data.detections.flatMap(({ events }) => events)

const samples: readonly Sample[] = [
  {
    kind: 'EMAIL_ADDRESS',
    mayBe: ['EMAIL_ADDRESS'],
    values: data => [
      ...some(data.employees, ({ email }) => email),
      ...some(data.accounts, ({ email }) => email),
      ...some(
        data.accounts.filter(({ email }) => email.endsWith('@freemail.example')),
        ({ email }) => email,
      ),
      ...some(eventsOf(data), ({ email }) => email),
      'Ana.Contractor@Partner.Example',
      ...data.accounts.filter(({ email }) => email.startsWith('marketing@')).map(one => one.email),
    ],
  },
  {
    kind: 'EMPLOYEE_ID',
    mayBe: anId,
    // Some accounts lead to an employee who has gone.
    values: data => [
      ...some(data.employees, ({ id }) => id),
      ...some(data.apps, ({ ownerId }) => ownerId),
      ...data.accounts
        .filter(({ employeeId }) => data.employees.every(({ id }) => id !== employeeId))
        .map(({ employeeId }) => employeeId),
    ],
  },
  {
    kind: 'ACCOUNT_ID',
    mayBe: anId,
    values: data => [
      ...some(data.accounts, ({ id }) => id),
      ...some(data.findings, ({ accountId }) => accountId),
      ...some(eventsOf(data), ({ accountId }) => accountId),
    ],
  },
  { kind: 'APP_ID', mayBe: anId, values: data => some(data.apps, ({ id }) => id) },
  {
    kind: 'APP_NAME',
    mayBe: ['APP_NAME'],
    values: data => [
      ...some(data.apps, ({ type }) => type),
      ...some(data.apps, ({ friendlyName }) => friendlyName),
      'google workspace',
    ],
  },
  {
    kind: 'BROWSER_ID',
    mayBe: anId,
    values: data => [
      ...some(data.browsers, ({ id }) => id),
      ...some(data.detections, ({ browserId }) => browserId),
    ],
  },
  {
    kind: 'EXTENSION_ID',
    mayBe: anId,
    values: data => some(data.browserExtensions, ({ id }) => id),
  },
  {
    kind: 'EXTENSION_ID',
    mayBe: ['EXTENSION_ID'],
    values: data => some(data.browserExtensions, ({ extensionId }) => extensionId),
  },
  { kind: 'FINDING_ID', mayBe: anId, values: data => some(data.findings, ({ id }) => id) },
  {
    kind: 'DETECTION_ID',
    mayBe: anId,
    values: data => [
      ...some(data.detections, ({ id }) => id),
      ...some(eventsOf(data), ({ id }) => id),
    ],
  },
  {
    kind: 'PASSWORD_ID',
    mayBe: anId,
    values: data => [
      ...some(data.accounts, ({ passwordId }) => passwordId),
      ...some(
        data.findings.filter(({ type }) => type === 'REUSED_PASSWORD'),
        ({ passwordId }) => passwordId,
      ),
    ],
  },
  {
    kind: 'DOMAIN',
    mayBe: ['DOMAIN', 'APP_NAME'],
    values: data => [
      ...some(data.apps, ({ website }) => website?.split('/')[2]),
      ...some(eventsOf(data), ({ url }) => url.split('/')[2]),
      ...some(eventsOf(data), ({ referrerUrl }) => referrerUrl?.split('/')[2]),
      'freemail.example',
    ],
  },
  {
    kind: 'URL',
    mayBe: ['URL'],
    values: data => [
      ...some(data.apps, ({ website }) => website),
      ...some(eventsOf(data), ({ url }) => url),
      ...some(eventsOf(data), ({ referrerUrl }) => referrerUrl),
      ...some(eventsOf(data), ({ clonedLoginPageUrls }) => clonedLoginPageUrls[0]),
    ],
  },
  {
    kind: 'IP_ADDRESS',
    mayBe: ['IP_ADDRESS'],
    values: data => [
      ...some(eventsOf(data), ({ sourceIpAddress }) => sourceIpAddress),
      ...some(
        eventsOf(data).filter(({ sourceIpAddress }) => sourceIpAddress.includes(':')),
        ({ sourceIpAddress }) => sourceIpAddress,
      ),
    ],
  },
]

const expectExact = (answer: Searched, expected: NaiveHits, label: string): void => {
  expect(answer.errors, label).toEqual([])
  expect(toHits(answer.found.edges), label).toEqual(expected)
  expect(answer.found.totalCount, label).toBe(expected.size)
}

const expectOrdered = (edges: readonly Edge[]): void => {
  const types = collectionNames.map(name => collections[name].type)
  const field = ({ node, matchedOn }: Edge): string =>
    [
      matchedOn.some(({ via }) => via === null) ? 'direct' : 'via',
      types.indexOf(node.__typename),
      node.id,
      node.connectorAlias,
    ].join(' ')
  const fields = edges.map(field)
  expect(fields).toEqual([...fields].sort())
  for (const { matchedOn } of edges) {
    const direct = matchedOn.map(({ via }) => via === null)
    expect(direct).toEqual([...direct].sort((a, b) => Number(b) - Number(a)))
  }
}

describe.each(waysToRows)('a search among all rows, $rows,', way => {
  it.each(samples)(
    'finds what a look at every object finds for a value of the kind $kind ($mayBe.length possible)',
    async ({ kind, mayBe, values }) => {
      const graph = await warmGraphForTest(way, { switches: withEvents })
      const { data } = graph.standIn
      expect(values(data).length).toBeGreaterThan(0)
      for (const value of values(data)) {
        const named = await search(graph, { value, kinds: [kind] })
        expectExact(named, naiveSearch(data, value, [kind]), `${kind} ${value}`)
        expect(named.found.complete, value).toBe(true)
        expectOrdered(named.found.edges)
        const recognized = await search(graph, { value })
        expectExact(recognized, naiveSearch(data, value, mayBe), `recognized ${value}`)
        expect(toHits(recognized.found.edges).size, value).toBeGreaterThan(0)
        expect(named.requests + recognized.requests, value).toBe(0)
      }
    },
  )
})

describe('a search', () => {
  it('finds an id in a store that knows nothing yet', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const { data } = graph.standIn
    const ids = collectionNames.map(name => data[name][0]?.id ?? '')
    for (const value of ids) {
      const cold = await graphForTest({ scale: 0.02, switches: withEvents })
      expectExact(await search(cold, { value }), naiveSearch(data, value, anId), value)
    }
  })

  it('minds letter case in ids, and in nothing else', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const { data } = graph.standIn
    const [event] = eventsOf(data)
    const [app] = data.apps.filter(({ website }) => website !== undefined)
    const values = [
      ['EMAIL_ADDRESS', 'ANA.contractor@PARTNER.example'],
      ['APP_NAME', 'sLaCk'],
      ['DOMAIN', 'FREEMAIL.Example'],
      ['URL', event?.url.toUpperCase() ?? ''],
      ['URL', app?.website?.toUpperCase() ?? ''],
    ] as const
    for (const [kind, value] of values) {
      const expected = naiveSearch(data, value, [kind])
      expect(expected.size, value).toBeGreaterThan(0)
      expectExact(await search(graph, { value, kinds: [kind] }), expected, value)
    }
    const [employee] = data.employees
    const shouted = await search(graph, { value: employee?.id.toUpperCase() })
    expect(shouted.found.edges).toEqual([])
  })

  it('takes all spellings of an address for one', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const addresses = eventsOf(graph.standIn.data).map(one => one.sourceIpAddress)
    const ipv6 = addresses.find(address => address.startsWith('2001:db8::')) ?? ''
    const ipv4 = addresses.find(address => address.includes('.')) ?? ''
    const pairs = [
      [ipv6, ipv6.replace('::', ':0:0:0:0:0:')],
      [ipv6, `[${ipv6}]`],
      [ipv6, ipv6.replaceAll(':', '[:]')],
      [ipv4, `::ffff:${ipv4}`],
      [ipv4, ipv4.replaceAll('.', '[.]')],
      ['https://workspace.google.com', 'https://workspace.google.com:443/'],
      ['https://workspace.google.com', 'hxxps[://]workspace[.]google(.)com/#top'],
      ['workspace.google.com', 'Workspace.Google.Com.'],
      ['workspace.google.com', 'workspace[.]google[dot]com'],
      ['ana.contractor@partner.example', 'ana.contractor[at]partner[.]example'],
    ]
    for (const [plain, other] of pairs) {
      const [a, b] = [await search(graph, { value: plain }), await search(graph, { value: other })]
      expect(a.found.edges.length).toBeGreaterThan(0)
      expect(toHits(b.found.edges)).toEqual(toHits(a.found.edges))
    }
  })

  it('finds whatever a letter can be written as', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const [app] = graph.standIn.data.apps
    graph.standIn.update('apps', app?.id ?? '', { friendlyName: 'Café Straße' })
    for (const value of ['café strasse', 'CAFÉ STRAßE', 'cafe\u0301 straße']) {
      const { found } = await search(graph, { value, types: ['APP'] })
      expect(found.totalCount, value).toBe(value === 'café strasse' ? 0 : 1)
    }
  })

  it('finds an app that is called like a domain', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const [app] = graph.standIn.data.apps
    graph.standIn.update('apps', app?.id ?? '', { friendlyName: 'Push.Cloud' })
    const { found } = await search(graph, { value: 'push.cloud', types: ['APP'] })
    expect(toHits(found.edges)).toEqual(
      new Map([[`App ${app?.id}`, new Set(['APP_NAME App.name'])]]),
    )
  })

  it('finds only the types asked for, and reads for no others', async () => {
    const graph = await graphForTest()
    const { data } = graph.standIn
    const [employee] = data.employees
    const all = naiveSearch(data, employee?.email ?? '', ['EMAIL_ADDRESS'])
    const { errors, found } = await search(graph, {
      value: employee?.email,
      types: ['EMPLOYEE', 'ACCOUNT'],
    })
    expect(errors).toEqual([])
    const expected = [...all].filter(([key]) => /^(Employee|Account) /.test(key))
    expect(toHits(found.edges)).toEqual(new Map(expected))
    expect(found.complete).toBe(true)
    const { byRoute } = graph.standIn.statistics()
    expect(Object.keys(byRoute)).not.toContain('GET /findings')
    expect(Object.keys(byRoute)).not.toContain('GET /detections')
    expect(Object.keys(byRoute)).not.toContain('GET /apps')
  })

  it('reads one object for an id that Push gives', async () => {
    const graph = await graphForTest({ scale: 0.3 })
    const [app] = graph.standIn.data.apps
    const value = { value: app?.id, kinds: ['APP_ID'], types: ['APP'] }
    const { found, requests } = await search(graph, value)
    expect(found.totalCount).toBe(1)
    expect(requests).toBe(1)
  })

  it('asks nobody for a value of no kind or type', async () => {
    const graph = await graphForTest()
    for (const terms of [{ kinds: [] }, { types: [] }, { connectors: [] }]) {
      const { found, requests } = await search(graph, { value: 'slack', ...terms })
      expect(found).toMatchObject({ edges: [], totalCount: 0, complete: true, asOf: null })
      expect(requests).toBe(0)
    }
  })
})

describe('a search for an e-mail address', () => {
  const settings: readonly Partial<Switches>[] = [
    { emailCase: 'minds' },
    { parameters: 'ignored' },
    { parameters: 'widened' },
    { parameters: 'refused' },
    { byId: 'missing' },
    { byId: 'forbidden', parameters: 'refused', offset: 'refused' },
    { maxPage: 60, lastToken: 'empty-page', tokens: 'position' },
  ]
  it.each(settings)('finds the same where Push is set to %o', async switches => {
    const graph = await graphForTest({ switches: { ...switches, ...withEvents } })
    const { data } = graph.standIn
    for (const value of ['ana.contractor@partner.example', data.employees[3]?.email ?? '']) {
      const expected = naiveSearch(data, value, ['EMAIL_ADDRESS'])
      expectExact(await search(graph, { value }), expected, value)
    }
  })

  it('reads the collections that have no parameter for it, and hardly more; again, nothing', async () => {
    const graph = await graphForTest({ scale: 0.4 })
    const { data } = graph.standIn
    const pages = (['employees', 'browsers', 'findings', 'detections'] as const)
      .map(name => Math.ceil(data[name].length / 200))
      .reduce((sum, each) => sum + each)
    const accountPages = Math.ceil(data.accounts.length / 200)
    const detected = new Set(data.detections.map(({ employeeId }) => employeeId))
    const value = data.employees.find(({ id }) => detected.has(id))?.email
    const cold = await search(graph, { value })
    expect(cold.errors).toEqual([])
    expect(cold.found.totalCount).toBeGreaterThan(5)
    // Learning how Push compares addresses, the accounts, those of the employee, and that employee's detections.
    expect(accountPages).toBeGreaterThan(20)
    expect(cold.requests).toBeLessThanOrEqual(pages + 10)
    const warm = await search(graph, { value })
    expect(warm.requests).toBe(0)
    expect(warm.found.edges).toEqual(cold.found.edges)
    expect(warm.cost.requests).toBe(0)
  })

  it('finds an account written with an ambiguous letter, once a scan has met one', async () => {
    const statePath = join(directoryForTest(), 'state')
    const graph = await graphForTest({ switches: withEvents, scale: 0.2, statePath })
    const { accounts } = graph.standIn.data
    const afresh = { maxAgeMs: 0, staleMs: 0 }
    const find = async (one: Graph, terms?: Terms) => {
      const value = 'kim.smith@mail.example'
      const { found } = await search(one, { value, types: ['ACCOUNT'] }, terms)
      return found.edges.map(({ node }) => node.id)
    }
    await find(graph)
    // The Kelvin sign and the long s.
    for (const email of ['\u212aim.smith@mail.example', 'Kim.\u017fmith@mail.example']) {
      graph.standIn.update('accounts', accounts[1]?.id ?? '', { email })
      await graph.run('{ accounts { totalCount } }', {}, afresh)
      expect(await find(graph, afresh), email).toEqual([accounts[1]?.id])
      const later = await graphForTest({ statePath, over: graph.standIns })
      expect(await find(later), email).toEqual([accounts[1]?.id])
    }
    // When it has gone, one request is enough again.
    graph.standIn.update('accounts', accounts[1]?.id ?? '', { email: 'kim.smith@mail.example' })
    await graph.run('{ accounts { totalCount } }', {}, afresh)
    const later = await graphForTest({ statePath, over: graph.standIns })
    expect(await find(later)).toEqual([accounts[1]?.id])
    const asked = later.standIn.requests.at(-1)
    expect(asked?.query).toMatchObject({ email: 'kim.smith@mail.example' })
  })

  it('asks for nobody by id who is on the way already', async () => {
    const switches = { ...withEvents, latencyMs: 20, maxPage: 20 }
    const graph = await graphForTest({ switches, scale: 0.2 })
    const { found } = await search(graph, { value: 'ana.contractor@partner.example' })
    const ways = found.edges.flatMap(({ matchedOn }) => matchedOn.map(({ via }) => via))
    expect(ways).toContain('Account.employee')
    expect(Object.keys(graph.standIn.statistics().byRoute)).not.toContain('GET /employees/{id}')
  })

  it('reads no findings for an address that nobody has', async () => {
    const graph = await graphForTest()
    const { found } = await search(graph, { value: 'nobody@nowhere.example' })
    expect(found.edges).toEqual([])
    expect(Object.keys(graph.standIn.statistics().byRoute)).not.toContain('GET /findings')
  })

  it('reads no more findings than a list beside it for an address that nobody has', async () => {
    const graph = await graphForTest({ scale: 0.2, switches: { latencyMs: 5 } })
    const { data } = await graph.run(
      '{ search(value: "nobody@nowhere.example") { totalCount } findings(first: 1) { nodes { id } } }',
    )
    expect(data.findings.nodes).toHaveLength(1)
    expect(graph.standIn.statistics().byRoute['GET /findings']).toBe(1)
  })

  it('shares its reads with what is selected below and beside it', async () => {
    const graph = await graphForTest({ scale: 0.2 })
    const value = graph.standIn.data.employees[0]?.email
    const answer = await graph.run(
      `query ($value: String!) {
        search(value: $value) { nodes { id ... on Employee {
          email
          accounts { totalCount } browsers { totalCount } findings { totalCount }
        } } }
        findings { totalCount }
        browsers { totalCount }
      }`,
      { value },
    )
    expect(answer.errors).toEqual([])
    const { nodes } = (answer.data as { search: { nodes: { email?: string }[] } }).search
    expect(nodes[0]?.email).toBe(value)
    const lists = graph.standIn.requests.filter(({ path }) => path === '/findings')
    // Each page begins with the last row of the one before it.
    expect(lists).toHaveLength(Math.ceil((graph.standIn.data.findings.length - 1) / 199))
  })
})

describe('the plan of a search', () => {
  /**
   * A graph that has read nothing, and knows from an earlier process what the API can do and how large it is. Whether
   * pages are read side by side would depend on how quick this machine is.
   */
  const graphThatLearnt = async ({ switches, ...options }: GraphOptions = {}): Promise<Graph> => {
    const statePath = join(directoryForTest(), 'state')
    const first = await graphForTest({
      ...options,
      switches: { ...switches, offset: 'refused' },
      statePath,
    })
    const counts = collectionNames.map(name => `${name} { totalCount }`).join(' ')
    // Whether offsets work is tried where the size is known.
    for (const terms of [{}, { maxAgeMs: 0, staleMs: 0 }]) {
      await first.run(`{ ${counts} }`, {}, terms)
      await first.run(
        `{ search(value: "ana.contractor@partner.example") { nodes { id } } }`,
        {},
        terms,
      )
    }
    return graphForTest({ statePath, over: first.standIns })
  }

  const planOf = (answer: Answer) => {
    const { plan } = answer.cost
    if (plan === undefined) throw new Error('a plan was asked for')
    return plan
  }

  const valuesOf = ({ employees, apps, accounts }: PushData) =>
    [
      ['an e-mail address', { value: employees[3]?.email }],
      ['an e-mail address, for few types', { value: employees[3]?.email, types: ['ACCOUNT'] }],
      ['an app', { value: apps.find(({ ownerId }) => ownerId !== null)?.type }],
      [
        'the id of an app',
        { value: apps.find(({ ownerId }) => ownerId !== null)?.id, kinds: ['APP_ID'] },
      ],
      [
        'a password',
        { value: accounts.find(row => row.passwordId)?.passwordId, kinds: ['PASSWORD_ID'] },
      ],
    ] as const

  it('reads nothing, and foretells the requests that the search then makes', async () => {
    const cases = valuesOf((await graphForTest({ scale: 0.2 })).standIn.data)
    for (const [what, variables] of cases) {
      const graph = await graphThatLearnt({ scale: 0.2 })
      const before = await search(graph, variables, { plan: 'only' })
      expect(before.requests, what).toBe(0)
      const answer = await search(graph, variables, { plan: 'beside' })
      expect(answer.found.totalCount, what).toBeGreaterThan(0)
      expect(planOf(before).estimate.requests, what).toBe(answer.requests)
      expect(planOf(answer).estimate.requests, what).toBe(answer.requests)
      // All of it is at hand now.
      const again = planOf(await search(graph, variables, { plan: 'only' }))
      expect(again.estimate.requests, what).toBeLessThanOrEqual(1)
    }
  })

  it('names what is read, how, and what came of it', async () => {
    const graph = await graphThatLearnt({ scale: 0.2 })
    const value = graph.standIn.data.employees[3]?.email ?? ''
    const answer = await search(graph, { value }, { plan: 'beside' })
    const { connections } = planOf(answer)
    const shown = connections.map(({ path, reading }) => `${path}: ${reading}`)
    expect(shown).toEqual([
      'search.employees: scan of employees',
      'search.accounts: 1 × /accounts of one parent',
      'search.browsers: scan of browsers',
      'search.findings: scan of findings',
      'search.detections: scan of detections',
      'search.accounts: 1 × /accounts by email',
      'search.employees: the scan of employees above',
      'search.findings: the scan of findings above',
      'search.browsers: the scan of browsers above',
      'search.employees: the scan of employees above',
      'search.browsers: the scan of browsers above',
      'search.detections: the scan of detections above',
    ])
    const accounts = connections.find(({ reading }) => reading.endsWith('by email'))
    expect(accounts).toMatchObject({ pushedDown: [`email = "${value}"`], requests: 2 })
    const found = answer.found.edges.filter(({ node }) => node.__typename === 'Account')
    expect(accounts?.rows).toBe(found.length)
  })

  it('counts every event that is to be read for what lives in events', async () => {
    const graph = await graphThatLearnt()
    const { detections } = graph.standIn.data
    const value = detections[0]?.events[0]?.sourceIpAddress
    const { estimate } = planOf(await search(graph, { value }, { plan: 'only' }))
    const answer = await search(graph, { value })
    expect(answer.found.complete).toBe(true)
    expect(Math.abs(estimate.requests - answer.requests)).toBeLessThanOrEqual(3)
    expect(estimate.requests).toBeGreaterThan(detections.length)
  })

  it('foresees for an id of any kind just the questions which object it is', async () => {
    const graph = await graphThatLearnt({ switches: { maxPage: 20 } })
    const value = graph.standIn.data.findings[0]?.id
    const plan = planOf(await search(graph, { value }, { plan: 'only' }))
    expect(plan.connections.map(({ reading }) => reading)).toEqual([
      '1 × /employees/{id}',
      '1 × /accounts/{id}',
      '1 × /apps/{id}',
      '1 × /browsers/{id}',
      '1 × /findings/{id}',
      '1 × /detections/{id}',
      '1 × /accounts by passwordId',
    ])
  })

  it('is not given for what cannot be searched for', async () => {
    const graph = await graphForTest()
    const answer = await search(graph, { value: ' ' }, { plan: 'only' })
    expect(answer.errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'value' }])
    expect(answer.cost).not.toHaveProperty('plan')
  })

  it('leaves to a scan that the search needs what else would be asked for one by one', async () => {
    const graph = await graphThatLearnt({ scale: 0.2 })
    const { employees } = graph.standIn.data
    const answer = await graph.run(
      `query ($value: String!, $id: ID!) {
        search(value: $value) { totalCount }
        employee(id: $id) { email }
      }`,
      { value: employees[3]?.email, id: employees[5]?.id },
    )
    expect(answer.data.employee.email).toBe(employees[5]?.email)
    const { byRoute } = graph.standIn.statistics()
    expect(byRoute['GET /employees/{id}']).toBeUndefined()
  })

  it('leaves to a scan beside it what the search would have asked for by a parameter', async () => {
    const graph = await graphThatLearnt({ scale: 0.2 })
    const value = graph.standIn.data.employees[3]?.email
    const query = `query ($value: String!) {
      search(value: $value) { totalCount }
      accounts { totalCount }
    }`
    const before = await graph.run(query, { value }, { plan: 'only' })
    const seen = graph.standIn.requests.length
    const answer = await graph.run(query, { value })
    expect(planOf(before).estimate.requests).toBe(answer.requests)
    const asked = graph.standIn.requests.slice(seen).flatMap(({ query }) => Object.keys(query))
    expect(new Set(asked)).toEqual(new Set(['limit', 'nextToken']))
  })
})

describe('events that the list of detections leaves out', () => {
  const lookedFor = [
    ['URL', (data: PushData) => eventsOf(data)[5]?.url],
    ['IP_ADDRESS', (data: PushData) => eventsOf(data)[7]?.sourceIpAddress],
    ['DOMAIN', (data: PushData) => eventsOf(data)[9]?.url.split('/')[2]],
  ] as const
  it.each(lookedFor)('are read for a value of the kind %s', async (kind, valueOf) => {
    const graph = await graphForTest()
    const { data } = graph.standIn
    const value = valueOf(data) ?? ''
    const cold = await search(graph, { value, kinds: [kind] })
    expectExact(cold, naiveSearch(data, value, [kind]), value)
    expect(cold.found.complete).toBe(true)
    const warm = await search(graph, { value, kinds: [kind] })
    expect(warm.requests).toBe(0)
  })

  it('are read where the types name detections', async () => {
    const graph = await graphForTest()
    const { data } = graph.standIn
    const event = eventsOf(data).find(({ accountId }) => accountId !== null)
    for (const value of [event?.email ?? '', event?.id ?? '', event?.accountId ?? '']) {
      const kinds = value.includes('@') ? ['EMAIL_ADDRESS'] : anId
      const expected = [...naiveSearch(data, value, kinds)].filter(([key]) =>
        key.startsWith('Detection '),
      )
      const { found } = await search(graph, { value, types: ['DETECTION'] })
      expect(toHits(found.edges), value).toEqual(new Map(expected))
      expect(found.complete).toBe(true)
    }
  })

  /** An account that an event names, by whether its address is that of its employee. */
  const detectedAccount = ({ accounts, detections, employees }: PushData, own: boolean) =>
    accounts.find(
      ({ id, email, employeeId }) =>
        detections.some(
          row =>
            row.employeeId === employeeId && row.events.some(({ accountId }) => accountId === id),
        ) && employees.some(row => row.id === employeeId && (row.email === email) === own),
    )

  it('are not read where the detection is found without them, and their absence is said', async () => {
    const graph = await graphForTest({ refresh: true })
    const { data } = graph.standIn
    const value = detectedAccount(data, true)?.email ?? ''
    const answer = await search(graph, { value })
    const expected = naiveSearch(data, value, ['EMAIL_ADDRESS'])
    expect(new Set(toHits(answer.found.edges).keys())).toEqual(new Set(expected.keys()))
    expect(answer.found.complete).toBe(false)
    expect(answer.cost.complete).toBe(false)
    expect(answer.cost.warnings).toEqual([
      expect.objectContaining({ code: 'EVENTS_NOT_READ', connector: 'default' }),
    ])
    expect(Object.keys(graph.standIn.statistics().byRoute)).not.toContain('GET /detections/{id}')
    // Nor later, at anybody's cost.
    const refresher = graph.store.connector('default')?.refresher
    expect(refresher?.isRefreshing('detections with their events')).toBe(false)
    expect((await search(graph, { value })).requests).toBe(0)
  })

  it('are read for the employee whose account was found, since they alone lead on', async () => {
    const graph = await graphForTest()
    const { data } = graph.standIn
    const account = detectedAccount(data, false)
    const value = account?.email ?? ''
    expectExact(await search(graph, { value }), naiveSearch(data, value, ['EMAIL_ADDRESS']), value)
    const read = graph.standIn.statistics().byRoute['GET /detections/{id}'] ?? 0
    expect(read).toBe(data.detections.filter(one => one.employeeId === account?.employeeId).length)
    expect((await search(graph, { value })).requests).toBe(0)
  })

  it('come in the background after a search that had no requests left for them', async () => {
    const graph = await graphForTest()
    const value = eventsOf(graph.standIn.data)[0]?.sourceIpAddress
    await search(graph, { value }, { maxRequests: 12 })
    const table = graph.store.connector('default')?.table('detections')
    await expect
      .poll(() => [...(table?.values() ?? [])].every(({ events }) => events !== null))
      .toBe(true)
    const { found } = await search(graph, { value })
    expect(found.complete).toBe(true)
  })

  it('are read as far as the requests of the operation go, and further when asked again', async () => {
    const graph = await graphForTest()
    const { data } = graph.standIn
    const last = data.detections.toSorted((a, b) => a.creationTimestamp - b.creationTimestamp)[0]
    const value = last?.events[0]?.sourceIpAddress ?? ''
    const ask = () => search(graph, { value }, { maxRequests: 12 })
    const first = await ask()
    expect(first.cost.requests).toBeLessThanOrEqual(12)
    expect(first.found).toMatchObject({ complete: false, totalCount: null })
    expect(first.errors).toEqual([
      expect.objectContaining({ code: 'BUDGET_EXCEEDED', path: ['search', 'totalCount'] }),
    ])
    expect(first.cost.warnings.map(({ code }) => code)).toEqual(['BUDGET_EXCEEDED'])
    let answer = await ask()
    for (let round = 0; round < 5 && !answer.found.complete; round += 1) answer = await ask()
    expectExact(answer, naiveSearch(data, value, ['IP_ADDRESS']), value)
  })

  it('are given up where the API gives no single detection, which is said', async () => {
    const graph = await graphForTest({ switches: { byId: 'missing' } })
    const value = eventsOf(graph.standIn.data)[0]?.sourceIpAddress
    const cold = await search(graph, { value })
    expect(cold.errors).toEqual([])
    expect(cold.found).toMatchObject({ edges: [], complete: false })
    const again = await search(graph, { value })
    expect(again.requests).toBe(0)
    expect(again.cost.warnings).toEqual([
      expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE', connector: 'default' }),
    ])
  })
})

describe('the pages of a search', () => {
  it.each([1, 3, 7, 50])('of %i give each object once, in one order', async first => {
    const graph = await graphForTest({ switches: withEvents, others: ['second'] })
    const value = graph.standIn.data.employees[2]?.email
    const whole = await search(graph, { value })
    const seen: Edge[] = []
    let after: string | null = null
    for (;;) {
      const { found } = await search(graph, { value, first, after })
      const { edges, nodes, pageInfo, totalCount } = found
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      expect(pageInfo.startCursor).toBe(edges[0]?.cursor)
      expect(nodes.map(({ id }) => id)).toEqual(edges.map(({ node }) => node.id))
      expect(totalCount).toBe(whole.found.totalCount)
      seen.push(...edges)
      after = pageInfo.endCursor
      if (!pageInfo.hasNextPage) break
      expect(edges).toHaveLength(first)
    }
    expect(seen).toEqual(whole.found.edges)
    const { found } = await search(graph, { value, after })
    expect(found).toMatchObject({ edges: [], pageInfo: { hasNextPage: false } })
  })

  it('hold 50 objects where nothing is said', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const { found } = await search(graph, { value: 'Google Workspace', first: null })
    expect(found.totalCount).toBeGreaterThan(50)
    expect(found.nodes).toHaveLength(50)
    expect(found.pageInfo.hasNextPage).toBe(true)
  })

  it('go on after an object that has gone', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const whole = (await search(graph, { value: 'slack' })).found.edges
    const gone = whole.findIndex(({ node }) => node.__typename === 'Finding')
    graph.standIn.remove('findings', whole[gone]?.node.id ?? '')
    const { found } = await search(
      graph,
      { value: 'slack', after: whole[gone]?.cursor },
      { maxAgeMs: 0, staleMs: 0 },
    )
    expect(found.edges).toEqual(whole.slice(gone + 1))
  })
})

describe('what cannot be searched for', () => {
  it.each([
    ['an empty value', { value: '' }, 'value'],
    ['a blank value', { value: ' \t\n' }, 'value'],
    ['a value of 501 characters', { value: 'a'.repeat(501) }, 'value'],
    ['a URL of 2,049 characters', { value: `https://a.example/${'a'.repeat(2_031)}` }, 'value'],
    ['fewer objects on a page than none', { value: 'slack', first: -1 }, 'first'],
    ['too many objects on a page', { value: 'slack', first: 1001 }, 'first'],
    ['what is no cursor', { value: 'slack', after: 'xyz' }, 'after'],
    ['a connector that there is not', { value: 'slack', connectors: ['nowhere'] }, 'nowhere'],
  ])('is refused before anything is read: %s', async (_what, variables, named) => {
    const graph = await graphForTest()
    const { found, errors, requests } = await search(graph, variables)
    expect(found).toBeNull()
    expect(errors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT', path: ['search'] })])
    expect(errors[0]?.message).toContain(`"${named}"`)
    expect(requests).toBe(0)
  })

  it('is a cursor of another search', async () => {
    const graph = await graphForTest({ others: ['second'] })
    const { found } = await search(graph, { value: 'slack', first: 1 })
    const after = found.pageInfo.endCursor
    const list = await graph.run('{ apps(first: 1) { pageInfo { endCursor } } }')
    const { apps } = list.data as { apps: { pageInfo: { endCursor: string } } }
    const foreign = [
      { value: 'zoom', after },
      { value: 'slack', kinds: ['DOMAIN'], after },
      { value: 'slack', types: ['APP'], after },
      { value: 'slack', connectors: ['default'], after },
      { value: 'slack', after: apps.pageInfo.endCursor },
    ]
    for (const variables of foreign) {
      const { errors } = await search(graph, variables)
      expect(errors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT' })])
      expect(errors[0]?.message).toContain('not a cursor of this search')
    }
    const same = await search(graph, { value: ' slack ', after })
    expect(same.errors).toEqual([])
  })

  it('is not a long value within the limit', async () => {
    const graph = await graphForTest({ switches: withEvents })
    for (const value of ['a'.repeat(500), `https://a.example/${'a'.repeat(2_030)}`]) {
      const { found, errors } = await search(graph, { value })
      expect(errors).toEqual([])
      expect(found.edges).toEqual([])
    }
  })
})

describe('a search over two connectors', () => {
  it('finds what both have, each object with its connector', async () => {
    const graph = await graphForTest({ switches: withEvents, others: ['second'] })
    const value = 'ana.contractor@partner.example'
    const { found, errors } = await search(graph, { value })
    expect(errors).toEqual([])
    expectOrdered(found.edges)
    for (const [index, alias] of ['default', 'second'].entries()) {
      const own = found.edges.filter(({ node }) => node.connectorAlias === alias)
      const tenant = graph.standIns[index]
      if (tenant === undefined) throw new Error('no such tenant')
      expect(toHits(own)).toEqual(naiveSearch(tenant.data, value, ['EMAIL_ADDRESS']))
      const alone = await search(graph, { value, connectors: [alias] })
      expect(toHits(alone.found.edges)).toEqual(toHits(own))
    }
  })

  it('gives what one has where the other is down, and says so', async () => {
    const graph = await graphOnOwnTime({ switches: withEvents, others: ['second'] })
    graph.standIns[1]?.set({ faultRate: 1, faultKinds: ['error503'] })
    const { data } = graph.standIn
    const value = 'ana.contractor@partner.example'
    const answer = await search(graph, { value }, { maxWaitMs: 3_000 })
    expect(answer.errors).toEqual([])
    expect(toHits(answer.found.edges)).toEqual(naiveSearch(data, value, ['EMAIL_ADDRESS']))
    expect(answer.found.complete).toBe(false)
    expect(answer.cost.warnings.length).toBeGreaterThan(0)
    expect(new Set(answer.cost.warnings.map(({ connector }) => connector))).toEqual(
      new Set(['second']),
    )
  })

  it('fails alone where its only connector is down', async () => {
    const graph = await graphForTest()
    graph.standIn.set({ faultRate: 1, faultKinds: ['error503'] })
    const answer = await graph.run(
      '{ search(value: "slack") { nodes { id } } __typename }',
      {},
      { maxWaitMs: 3_000 },
    )
    expect(answer.data).toEqual({ search: null, __typename: 'Query' })
    expect(answer.errors).toHaveLength(1)
  })

  it('leaves out a collection that cannot be read, and says which', async () => {
    const graph = await graphOnOwnTime({ switches: withEvents })
    graph.standIn.set({
      faults: ({ path }) => (path === '/findings' ? { kind: 'error503' } : undefined),
    })
    const { data } = graph.standIn
    const value = data.employees[0]?.email ?? ''
    const answer = await search(graph, { value }, { maxWaitMs: 3_000 })
    expect(answer.errors).toEqual([])
    const expected = [...naiveSearch(data, value, ['EMAIL_ADDRESS'])].filter(
      ([key]) => !key.startsWith('Finding '),
    )
    expect(toHits(answer.found.edges)).toEqual(new Map(expected))
    expect(answer.found.complete).toBe(false)
    expect(answer.cost.warnings).toEqual([
      expect.objectContaining({ collection: 'findings', connector: 'default' }),
    ])
  })

  it('ends as a whole when its caller leaves', async () => {
    const graph = await graphForTest({ switches: { ...withEvents, latencyMs: 60_000 } })
    const caller = new AbortController()
    const value = graph.standIn.data.employees[0]?.email
    const waiting = search(graph, { value }, { signal: caller.signal })
    await expect.poll(() => graph.standIn.requests.length).toBeGreaterThan(2)
    caller.abort(new Error('gone'))
    const { data, errors } = await waiting
    expect(data?.search ?? null).toBeNull()
    expect(errors).not.toEqual([])
  })

  it('says when the oldest read began', async () => {
    const graph = await graphForTest({ switches: withEvents })
    const before = Math.floor(Date.now() / 1_000)
    const { found } = await search(graph, { value: 'slack' })
    const asOf = Date.parse(found.asOf ?? '') / 1_000
    expect(asOf).toBeGreaterThanOrEqual(before)
    expect(asOf).toBeGreaterThan(TEST_NOW)
  })
})

describe('a search that needs more requests than the operation may make', () => {
  /** A graph that has read nothing, and knows from another process how large everything is. */
  const graphOfKnownSize = async (options: GraphOptions): Promise<Graph> => {
    const statePath = join(directoryForTest(), 'state')
    const first = await graphForTest({ ...options, statePath })
    const counts = collectionNames.map(name => `${name} { totalCount }`).join(' ')
    await first.run(`{ ${counts} }`, {}, { maxRequests: 10_000 })
    return graphForTest({ ...options, statePath, over: first.standIns })
  }

  it('gives what it found, and no count', async () => {
    const graph = await graphOfKnownSize({ switches: { ...withEvents, maxPage: 20 } })
    const { data } = graph.standIn
    const value = data.employees[0]?.email ?? ''
    // The findings have fifteen pages; without them it would fit.
    const answer = await search(graph, { value }, { maxRequests: 20 })
    const but = (hits: NaiveHits) => [...hits].filter(([key]) => !key.startsWith('Finding '))
    const expected = naiveSearch(data, value, ['EMAIL_ADDRESS'])
    expect(new Map(but(toHits(answer.found.edges)))).toEqual(new Map(but(expected)))
    expect(answer.found).toMatchObject({ complete: false, totalCount: null })
    expect(answer.errors).toEqual([
      expect.objectContaining({ code: 'BUDGET_EXCEEDED', path: ['search', 'totalCount'] }),
    ])
    expect(answer.cost.warnings).toEqual([
      expect.objectContaining({ code: 'BUDGET_EXCEEDED', collection: 'findings' }),
    ])
    await expect.poll(() => graph.store.connector('default')?.table('findings').whole).toBeDefined()
    const again = await search(graph, { value }, { maxRequests: 20 })
    expectExact(again, expected, value)
    expect(again.found.complete).toBe(true)
  })

  it('shares them out, so that what is begun can be finished', async () => {
    const others = ['second', 'third', 'fourth', 'fifth']
    const switches = { ...withEvents, maxPage: 20 }
    const graph = await graphOfKnownSize({ switches, others })
    const value = 'ana.contractor@partner.example'
    // Enough for two of the five; each alone would find enough for itself.
    const types = ['EMPLOYEE', 'BROWSER', 'DETECTION']
    const answer = await search(graph, { value, types }, { maxRequests: 30 })
    const found = answer.found.edges.filter(({ node }) => node.connectorAlias === 'default')
    const expected = [...naiveSearch(graph.standIn.data, value, ['EMAIL_ADDRESS'])].filter(
      ([key]) => /^(Employee|Browser|Detection) /.test(key),
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(toHits(found)).toEqual(new Map(expected))
    const missing = answer.cost.warnings.filter(({ code }) => code === 'BUDGET_EXCEEDED')
    const incomplete = new Set(missing.map(({ connector }) => connector))
    expect(incomplete).toContain('fifth')
    expect(incomplete).not.toContain('default')
    expect(answer.found.complete).toBe(false)
  })

  it('leaves time to follow the links of the events that it read', async () => {
    const graph = await graphOnOwnTime({ scale: 0.4, rate: 20 })
    const { data } = graph.standIn
    const newest = data.detections.toSorted((a, b) => b.creationTimestamp - a.creationTimestamp)
    const detection = newest.find(({ employeeId, browserId, events }) =>
      [
        events.length > 0,
        data.employees.some(({ id }) => id === employeeId),
        data.browsers.some(({ id }) => id === browserId),
      ].every(holds => holds),
    )
    const value = detection?.events[0]?.sourceIpAddress
    const { found, cost } = await search(graph, { value }, { maxWaitMs: 2_000 })
    const hits = [...toHits(found.edges).keys()]
    expect(hits).toContain(`Detection ${detection?.id}`)
    expect(hits).toContain(`Employee ${detection?.employeeId}`)
    expect(hits).toContain(`Browser ${detection?.browserId}`)
    expect(found.complete).toBe(false)
    expect(cost.warnings).toEqual([
      expect.objectContaining({ code: 'BUDGET_EXCEEDED', collection: 'detections' }),
    ])
  })
})
