/** The tools that a server has: the built-in ones on the demo tenant, and those of its operator. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Client } from '@modelcontextprotocol/client'
import { callTool, connectAgent } from '../support/agents.ts'
import { demoAppBeside, demoAppForFile } from '../support/demo-app.ts'
import { bearer, tokenOf } from '../support/tokens.ts'

const MAX_KB = 4

const tokens = [
  tokenOf('analyst', { scopes: ['read', 'events', 'pii'] }),
  tokenOf('assistant', { scopes: ['read', 'events'] }),
  tokenOf('reader', { scopes: ['read'] }),
].map(({ name, sha256, scopes }) => ({ name, sha256, scopes }))

describe('the built-in tools', () => {
  const demo = demoAppForFile(directory => {
    writeFileSync(join(directory, 'tokens.json'), JSON.stringify(tokens))
    return {
      PUSHGRAPH_AUTH: 'tokens',
      PUSHGRAPH_TOKENS_FILE: 'tokens.json',
      PUSHGRAPH_MCP: 'explore',
      PUSHGRAPH_MCP_MAX_KB: String(MAX_KB),
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
    }
  })
  const agent = (name = 'analyst'): Promise<Client> =>
    connectAgent(demo.url, 'modern', bearer(name))

  const graph = async (query: string) => {
    const response = await fetch(demo.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer('analyst') },
      body: JSON.stringify({ query }),
    })
    const { data } = (await response.json()) as { readonly data: unknown }
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
    return data as any
  }

  /** Arguments for each of those that need some. */
  const argumentsFor = async (): Promise<Readonly<Record<string, object>>> => {
    const { employees, accounts, detections } = await graph(`{
      employees(first: 1, filter: { detections: { some: {} } }) { nodes { id email } }
      accounts(first: 1, filter: { passwordPeers: { count: { gt: 1 } } }) { nodes { id } }
      detections(first: 1) { nodes { events { sourceIpAddress } } }
    }`)
    const [person] = employees.nodes
    const [account] = accounts.nodes
    const query = '{ employees(first: 1000) { nodes { id email } } }'
    return {
      find_anything: { value: person.email },
      look_up_person: { email: person.email },
      look_up_account: { id: account.id },
      look_up_app: { type: 'SLACK' },
      person_timeline: { id: person.id },
      events_from_address: { address: detections.nodes[0]?.events[0]?.sourceIpAddress ?? '' },
      shared_passwords: { accountId: account.id },
      what_happened_around: { value: person.email },
      what_changed: { since: '2000-01-01' },
      count_findings: { by: ['TYPE', 'EMPLOYEE_DEPARTMENT'] },
      count_accounts: { by: ['APP_TYPE'] },
      run_query: { query },
      explain_query: { query },
    }
  }

  test('none answers with more than its cap, even where a thousand are asked for', async () => {
    const client = await agent()
    const given = await argumentsFor()
    const { tools } = await client.listTools()
    expect(tools).toHaveLength(18)
    for (const { name, inputSchema } of tools) {
      const most = 'first' in (inputSchema.properties ?? {}) ? { first: 1_000 } : {}
      const { text, told, isError, codes } = await callTool(client, name, {
        ...given[name],
        ...most,
      })
      expect([name, Buffer.byteLength(text) <= MAX_KB * 1_024]).toEqual([name, true])
      // What has pages of a fixed length can but say so.
      expect([name, codes]).toEqual([name, name === 'run_query' ? ['ANSWER_TOO_LONG'] : []])
      if (isError || told === undefined) continue
      expect([name, typeof told.complete, told.about.length > 0]).toEqual([name, 'boolean', true])
      expect([name, told.asOf === null || Date.parse(told.asOf) > 0]).toEqual([name, true])
    }
  })

  test('shortened pages lead through all that there is, each once', async () => {
    const client = await agent()
    const ids: string[] = []
    let after: object | undefined = {}
    let notes = 0
    while (after !== undefined) {
      const { told } = await callTool(client, 'open_findings', { first: 1_000, ...after })
      ids.push(...told.data.findings.nodes.map(({ id }: { readonly id: string }) => id))
      if (told.note !== undefined) notes += 1
      after = told.next
    }
    const { findings } = await graph(
      '{ findings(filter: { state: { eq: OPEN } }, orderBy: [{ field: CREATED_AT, direction: DESC }], first: 1000) { nodes { id } } }',
    )
    expect(ids).toEqual(findings.nodes.map(({ id }: { readonly id: string }) => id))
    expect(notes).toBeGreaterThan(5)
  })

  test('are those that the caller may use', async () => {
    const names = async (name: string): Promise<readonly string[]> =>
      (await (await agent(name)).listTools()).tools.map(tool => tool.name)
    const all = await names('analyst')
    const unnamed = await names('assistant')
    // An IP address is a personal value.
    expect(all.filter(name => !unnamed.includes(name))).toEqual(['events_from_address'])
    const read = await names('reader')
    expect(all.filter(name => !read.includes(name))).toEqual([
      'events_from_address',
      'what_changed',
    ])
  })

  test('tell nobody’s name to whom it is not told elsewhere', async () => {
    const client = await agent('assistant')
    const { told } = await callTool(client, 'newest_detections', { first: 2 })
    const [detection] = told.data.detections.nodes
    expect(detection.employee.email).toBeNull()
    expect(detection.employee.department).not.toBeNull()
    const refused = await callTool(client, 'look_up_person', { email: 'a@b.example' })
    expect(refused).toMatchObject({ isError: true, codes: ['FORBIDDEN'] })
  })

  test('free queries read and change nothing, and are told what is wrong with them', async () => {
    const client = await agent()
    const codes = async (query: string): Promise<readonly string[]> =>
      (await callTool(client, 'run_query', { query })).codes
    expect(await codes('mutation { deleteAccount { __typename } }')).toEqual(['BAD_USER_INPUT'])
    expect(await codes('subscription { events { id } }')).toEqual(['BAD_USER_INPUT'])
    expect(await codes('{ employees {')).toEqual(['GRAPHQL_PARSE_FAILED'])
    expect(await codes('{ employes { nodes { id } } }')).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    const paged = await callTool(client, 'run_query', {
      query:
        'query($n: Int, $after: String) { apps(first: $n, after: $after) { nodes { id name description } pageInfo { hasNextPage endCursor } } }',
      variables: { n: 1_000 },
    })
    expect(paged.told.note).toContain('Shortened to n:')
    expect(Object.keys(paged.told.next)).toEqual(['after'])
  })

  test('what a query would cost is told with nothing read', async () => {
    const client = await agent()
    const before = demo.requestsMade()
    const query =
      '{ browserExtensions(first: 1, filter: { name: { contains: "x" } }) { totalCount } }'
    const { text } = await callTool(client, 'explain_query', { query })
    expect(JSON.parse(text)).toMatchObject({
      estimate: { price: { max: 5_000_000 } },
      connections: [{ path: 'browserExtensions' }],
    })
    expect(demo.requestsMade()).toBe(before)
  })

  test('the schema is read in pieces, as a tool and as resources', async () => {
    const client = await agent()
    const text = async (args: object): Promise<string> =>
      (await callTool(client, 'read_schema', { ...args })).text
    expect(await text({})).toContain('Query.employees(')
    expect(await text({ type: 'Finding' })).toContain('type Finding implements Entity')
    expect(await text({ search: 'password peers' })).toContain('Account.passwordPeers')
    expect((await callTool(client, 'read_schema', { type: 'Nope' })).codes).toEqual([
      'BAD_USER_INPUT',
    ])
    const { contents } = await client.readResource({ uri: 'pushgraph://schema/Finding' })
    expect(contents[0]).toMatchObject({ mimeType: 'application/graphql' })
    const { resources } = await client.listResources()
    for (const { uri } of resources)
      expect((await client.readResource({ uri })).contents[0]?.uri).toBe(uri)
    expect(resources.length).toBeGreaterThan(5)
  })

  test('the prompts name tools that there are, and what they are given stands as it is', async () => {
    const client = await agent()
    const names = (await client.listTools()).tools.map(({ name }) => name)
    const { prompts } = await client.listPrompts()
    expect(prompts).toHaveLength(5)
    await expect(client.getPrompt({ name: 'what_changed_since' })).rejects.toThrow(
      'The argument "since" is missing',
    )
    for (const { name, arguments: args = [] } of prompts) {
      const given = Object.fromEntries(args.map(each => [each.name, 'a "b" c']))
      const { messages } = await client.getPrompt({ name, arguments: given })
      const [message] = messages
      const text = message?.content.type === 'text' ? message.content.text : ''
      expect(text).toContain('"a \\"b\\" c"')
      const named = [...text.matchAll(/\b[a-z]+_[a-z_]+\b/g)].map(([word]) => word)
      expect(named.filter(word => !names.includes(word))).toEqual([])
      expect(named.length).toBeGreaterThan(1)
    }
  })
})

const PEOPLE = '"The people." query People { employees(first: 1) { totalCount } }'
const APPS = '"The apps." query Apps { apps(first: 1) { totalCount } }'
const NOTE =
  '"Write a note." mutation NoteApp($id: ID!, $notes: String!) { updateApp(input: { id: $id, notes: $notes }) { app { id notes } } }'

const namesAt = async (url: string, headers = {}): Promise<readonly string[]> =>
  (await (await connectAgent(url, 'modern', headers)).listTools()).tools.map(({ name }) => name)

test('listed documents with a description are the tools, read again while the server runs', async () => {
  const { put, url, directory } = await demoAppBeside(
    { 'docs/people.graphql': PEOPLE, 'docs/plain.graphql': 'query Plain { apps { totalCount } }' },
    { PUSHGRAPH_DOCUMENTS: 'docs', PUSHGRAPH_DOCUMENTS_MODE: 'only' },
  )
  const client = await connectAgent(url)
  const names = async () => (await client.listTools()).tools.map(({ name }) => name)
  expect(await names()).toEqual(['people'])
  expect((await callTool(client, 'people')).told.data.employees.totalCount).toBeGreaterThan(5)
  // Those that are built in name built-in tools.
  expect((await client.listPrompts()).prompts).toEqual([])
  await expect(
    client.getPrompt({ name: 'what_changed_since', arguments: { since: '2024-05-01' } }),
  ).rejects.toThrow('There is no prompt of the name "what_changed_since"')
  let heard = 0
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard += 1
  })
  await client.listen({ toolsListChanged: true })
  put('docs/apps.graphql', APPS)
  await expect.poll(names).toEqual(['apps', 'people'])
  await expect.poll(() => heard).toBe(1)
  rmSync(join(directory, 'docs/people.graphql'))
  await expect.poll(names).toEqual(['apps'])
})

test('documents that would be tools of a name that another has are refused at the start', async () => {
  await expect(
    demoAppBeside(
      { 'docs/a.graphql': PEOPLE, 'docs/b.graphql': PEOPLE.replace('The', 'All') },
      { PUSHGRAPH_DOCUMENTS: 'docs' },
    ),
  ).rejects.toThrow(
    'PUSHGRAPH_DOCUMENTS: docs/b.graphql:1: a tool called people stands at docs/a.graphql:1 already',
  )
  const own = { 'docs/a.graphql': PEOPLE.replace('query People', 'query ExplainQuery') }
  await expect(
    demoAppBeside(own, { PUSHGRAPH_DOCUMENTS: 'docs', PUSHGRAPH_MCP: 'explore' }),
  ).rejects.toThrow('a tool called explain_query stands among those of PUSHGRAPH_MCP=explore')
})

test('a graph with a prefix has the same tools', async () => {
  const { url } = await demoAppBeside({}, { PUSHGRAPH_PREFIX: 'Push' })
  const client = await connectAgent(url)
  const { told } = await callTool(client, 'look_up_app', { type: 'SLACK' })
  expect(Object.keys(told.data)).toEqual(['pushApp'])
  expect((await client.listTools()).tools).toHaveLength(15)
})

test('a change is a tool of those who may write, and said to be one', async () => {
  const { url } = await demoAppBeside(
    {
      'docs/note.graphql': NOTE,
      'docs/apps.graphql': APPS.replace('totalCount', 'nodes { id }'),
      'tokens.json': JSON.stringify([
        ...tokens,
        (({ name, sha256, scopes }) => ({ name, sha256, scopes }))(
          tokenOf('editor', { scopes: ['read', 'pii', 'write'] }),
        ),
      ]),
    },
    {
      ...{ PUSHGRAPH_DOCUMENTS: 'docs', PUSHGRAPH_MUTATIONS: 'on' },
      ...{ PUSHGRAPH_AUTH: 'tokens', PUSHGRAPH_TOKENS_FILE: 'tokens.json' },
    },
  )
  expect(await namesAt(url, bearer('reader'))).toEqual(['apps'])
  const client = await connectAgent(url, 'modern', bearer('editor'))
  const { tools } = await client.listTools()
  expect(tools.map(({ annotations, name }) => [name, annotations?.destructiveHint])).toEqual([
    ['apps', false],
    ['note_app', true],
  ])
  const { told } = await callTool(client, 'apps')
  const { id } = told.data.apps.nodes[0]
  const changed = await callTool(client, 'note_app', { id, notes: 'Seen by an agent.' })
  expect(changed.told.data.updateApp.app.notes).toBe('Seen by an agent.')
})

test('where agents are not served there is nothing, and free queries need a server that answers them', async () => {
  const { url } = await demoAppBeside({}, { PUSHGRAPH_MCP: 'off' })
  expect((await fetch(`${url}/mcp`, { method: 'POST' })).status).toBe(404)
  await expect(
    demoAppBeside(
      { 'docs/a.graphql': PEOPLE },
      {
        ...{ PUSHGRAPH_MCP: 'explore' },
        ...{ PUSHGRAPH_DOCUMENTS: 'docs', PUSHGRAPH_DOCUMENTS_MODE: 'only' },
      },
    ),
  ).rejects.toThrow('write PUSHGRAPH_MCP=documents')
})
