/** Agents that start `pushgraph mcp` themselves and speak to it over its standard streams, by the SDK's own client. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { callTool, connectBy } from '../support/agents.ts'
import { commandFile, runProduct } from '../support/product.ts'
import { runCommand } from '../support/terminal.ts'
import { startToy } from '../support/toy-server.ts'
import { toyTools } from '../support/toy-tools.ts'

const smallDemo = {
  PUSHGRAPH_DEMO_SCALE: '0.02',
  PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
  PUSHGRAPH_DEMO_LATENCY_MS: '1',
}

/** A client of `pushgraph mcp` with these arguments, and what that says beside the protocol. */
const startAgent = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) => {
  const cwd = mkdtempSync(join(tmpdir(), 'pushgraph-agent-'))
  const transport = new StdioClientTransport({
    ...{ command: process.execPath, args: [commandFile, 'mcp', ...args] },
    ...{ cwd, env: { ...environment }, stderr: 'pipe' },
  })
  let said = ''
  transport.stderr?.on('data', (text: Buffer) => (said += text.toString()))
  const client = await connectBy(transport, 'legacy')
  onTestFinished(async () => {
    await client.close()
    rmSync(cwd, { recursive: true, force: true })
  })
  return { client, said: () => said }
}

test('alone, it reads Push itself, answers, and says nothing else on its output', async () => {
  const { client, said } = await startAgent([], smallDemo)
  expect((await client.listTools()).tools).toHaveLength(15)
  const { told } = await callTool(client, 'count_accounts', { by: ['APP_TYPE'], first: 1 })
  expect(told).toMatchObject({ complete: true, data: { accounts: { complete: true } } })
  expect(said()).toBe('No API key is set: the demo tenant answers.\n')
})

test('beside a server, its tools are those of the server, and it ends with its input', async () => {
  const { url, server } = await startToy(toyTools())
  onTestFinished(() => server.stop(0))
  const { client } = await startAgent(['--url', url])
  expect((await callTool(client, 'hello', { name: 'Ann' })).told.data.hello).toBe('Hello Ann')
  const input = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'
  expect((await runProduct(['mcp', '--url', url], { input })).exitCode).toBe(0)
})

test('what cannot be served is said in a sentence', async () => {
  const off = await runCommand(['mcp'], { environment: { ...smallDemo, PUSHGRAPH_MCP: 'off' } })
  expect(off).toMatchObject({ exitCode: 2, output: '' })
  expect(off.errors).toContain('PUSHGRAPH_MCP=off serves no tools')
  const alone = await runCommand(['mcp', '--token-file', 'token'], { environment: smallDemo })
  expect(alone).toMatchObject({ exitCode: 2, output: '' })
  expect(alone.errors).toContain('name that with --url')
  const environment = { PUSHGRAPH_TOKEN: 'two words' }
  const token = await runCommand(['mcp', '--url', 'http://127.0.0.1:1'], { environment })
  expect(token).toMatchObject({ exitCode: 2, output: '' })
  expect(token.errors).not.toContain('two words')
})
