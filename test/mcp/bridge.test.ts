/** A running server behind standard streams, without a process for each agent. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bridgeToServer } from '../../src/mcp/bridge.ts'
import { callTool, connectBy, type Era, ERAS } from '../support/agents.ts'
import { authenticationOf, tokenOf } from '../support/tokens.ts'
import { startToy } from '../support/toy-server.ts'
import { toyTools } from '../support/toy-tools.ts'

const toyForTest = async () => {
  const tokens = [tokenOf('ann'), tokenOf('bob', { scopes: ['metrics'] })]
  const toy = await startToy({ ...toyTools(), authentication: authenticationOf(tokens) })
  onTestFinished(() => toy.server.stop(0))
  return toy
}

/** Both ends frame messages alike. */
const connect = async (url: string, name: string | undefined, era?: Era) => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const token = name === undefined ? undefined : `secret-of-${name}`
  const never = new Promise(() => undefined)
  const bridged = bridgeToServer({ url: new URL('/mcp', url), token }, { input, output }, never)
  onTestFinished(async () => {
    input.end()
    await bridged
  })
  return connectBy(new StdioServerTransport(output, input), era)
}

describe.each(ERAS)('in the %s era', era => {
  test('tools are those of the token that it is shown', async () => {
    const { url } = await toyForTest()
    const ann = await connect(url, 'ann', era)
    expect(ann.getServerVersion()).toMatchObject({ name: 'pushgraph', version: '1.2.3' })
    expect((await callTool(ann, 'hello', { name: 'Ann' })).told.data.hello).toBe('Hello Ann')
    const bob = await connect(url, 'bob', era)
    expect((await bob.listTools()).tools).toEqual([])
  })

  test('who cancels ends the work there, and a server that goes is told of', async () => {
    const { url, server, slowRuns, aborted } = await toyForTest()
    const client = await connect(url, 'ann', era)
    const controller = new AbortController()
    const call = callTool(client, 'slow', {}, { signal: controller.signal })
    await slowRuns(1)
    controller.abort('enough')
    await expect(call).rejects.toThrow('enough')
    await expect.poll(aborted).toBe(1)
    const cutOff = callTool(client, 'slow')
    await slowRuns(2)
    const told = expect(cutOff).rejects.toThrow(/broke the answer off|status 503/)
    await server.stop(0)
    await told
    await expect(callTool(client, 'hello')).rejects.toThrow('cannot be reached')
  })
})

test('who shows no valid token is told what to set', async () => {
  const { url } = await toyForTest()
  for (const name of ['eve', undefined])
    await expect(connect(url, name, 'legacy')).rejects.toThrow('set PUSHGRAPH_TOKEN')
})

test('an address at which no agents are served is told of', async () => {
  const { url, server } = await startToy()
  onTestFinished(() => server.stop(0))
  await expect(connect(url, undefined, 'legacy')).rejects.toThrow('serves no agents')
  const other = createServer((_, response) => response.end('Welcome'))
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const elsewhere = `http://127.0.0.1:${port}`
  await expect(connect(elsewhere, undefined, 'legacy')).rejects.toThrow('serves no agents')
  await new Promise(resolve => {
    other.close(resolve)
    other.closeAllConnections()
  })
  await expect(connect(elsewhere, undefined, 'legacy')).rejects.toThrow('cannot be reached')
})
