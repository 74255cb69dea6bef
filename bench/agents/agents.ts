/** How long the tools for agents take to answer, warm, over HTTP by the official SDK's client. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { startChild } from '../processes/child.ts'
import { npmStart, npmStartEnvironment } from '../processes/product.ts'
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'

const PROMISED_MS = 50
const CALLS = 40

interface ToolFigures {
  readonly name: string
  readonly ms: number
  readonly worstMs: number
  readonly bytes: number
}

export const measureAgents = async (): Promise<Section> => {
  const figures = await withAgent(measureTools)
  return {
    title: 'Agents',
    method: `Each built-in tool on the demo tenant, called ${CALLS} times one after the other by the SDK's own client once it has answered before: median and worst, and the bytes of its answer.`,
    tables: [
      {
        title: 'Tools, warm',
        columns: ['tool', 'ms', 'worst ms', 'bytes', 'promised ms'],
        rows: figures.map(({ name, ms, worstMs, bytes }) => [
          name,
          ...[ms, worstMs, bytes, PROMISED_MS].map(value => figure(Math.round(value))),
        ]),
      },
    ],
    charts: [],
    figures,
    missed: figures
      .filter(({ ms }) => ms > PROMISED_MS)
      .map(({ name, ms }) => `the tool ${name}: ${Math.round(ms)} ms`),
  }
}

const withAgent = async <Result>(measure: (client: Client) => Promise<Result>): Promise<Result> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-agents-'))
  const server = await startChild(npmStart, {
    environment: {
      ...npmStartEnvironment,
      ...{ PORT: '0', PUSHGRAPH_DATA_DIR: directory, LOG_LEVEL: 'warn' },
      ...{ PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0' },
    },
    directory,
    ready: /GraphQL {3}(http\S+)\/graphql/,
  })
  const client = new Client({ name: 'bench', version: '1.0.0' })
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', server.said)))
    return await measure(client)
  } finally {
    await client.close()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const measureTools = async (client: Client): Promise<readonly ToolFigures[]> => {
  const given = await argumentsFrom(client)
  const { tools } = await client.listTools()
  const figures: ToolFigures[] = []
  for (const { name } of tools) {
    // The first one reads whatever is to be read.
    const bytes = (await call(client, name, given[name])).length
    const times: number[] = []
    for (let nth = 0; nth < CALLS; nth += 1) {
      const from = performance.now()
      await call(client, name, given[name])
      times.push(performance.now() - from)
    }
    figures.push({ name, ms: median(times), worstMs: Math.max(...times), bytes })
  }
  return figures
}

/** The text that it answers with. @throws {Error} where it is one of what went wrong */
const call = async (client: Client, name: string, args: object = {}): Promise<string> => {
  // Push is read for longer than clients wait as a rule.
  const { content, isError } = await client.callTool(
    { name, arguments: { ...args } },
    { timeout: 120_000 },
  )
  const [first] = content
  const text = first?.type === 'text' ? first.text : ''
  if (isError === true) throw new Error(`${name}: ${text}`)
  return text
}

/** Those of tools that need some, of a person who has detections. */
const argumentsFrom = async (client: Client): Promise<Readonly<Record<string, object>>> => {
  interface Found {
    readonly data: {
      readonly detections: {
        readonly nodes: readonly [
          { readonly employee: { readonly id: string; readonly email: string } },
        ]
      }
    }
  }
  const { data } = JSON.parse(await call(client, 'newest_detections', { first: 1 })) as Found
  const { id, email } = data.detections.nodes[0].employee
  const person = JSON.parse(await call(client, 'look_up_person', { id })) as {
    readonly data: {
      readonly employee: {
        readonly accounts: { readonly nodes: readonly [{ readonly id: string }] }
      }
    }
  }
  const account = person.data.employee.accounts.nodes[0].id
  return {
    find_anything: { value: email },
    look_up_person: { id },
    look_up_account: { id: account },
    look_up_app: { type: 'SLACK' },
    person_timeline: { id },
    what_happened_around: { value: email },
    events_from_address: { address: '203.0.113.7' },
    shared_passwords: { accountId: account },
    what_changed: { since: '2020-01-01' },
    count_findings: { by: ['TYPE', 'EMPLOYEE_DEPARTMENT'] },
    count_accounts: { by: ['APP_TYPE'] },
  }
}
