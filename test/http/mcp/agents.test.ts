/** Agents over HTTP: let in, answered, told how far it is, and rid of their work as other callers are. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { BadInputError } from '../../../src/errors.ts'
import { createAudit } from '../../../src/http/logging/audit.ts'
import type { ServerOptions } from '../../../src/http/server.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { Progress } from '../../../src/graphql/operation/progress.ts'
import { callTool, connectAgent, ERAS } from '../../support/agents.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createDoor } from '../../support/door.ts'
import { authenticationOf, bearer, tokenOf } from '../../support/tokens.ts'
import { startToy, type ToyContext } from '../../support/toy-server.ts'
import { toyTools } from '../../support/toy-tools.ts'

const toyForTest = async (
  changes: Partial<ServerOptions<ToyContext>> = {},
  clock: Pick<typeof systemClock, 'after'> = systemClock,
) => {
  const toy = await startToy({
    ...toyTools({ clock }),
    ...changes,
  })
  onTestFinished(() => toy.server.stop(0))
  return toy
}

const message = (url: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body,
  })

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'

describe.each(ERAS)('in the %s era of the protocol', era => {
  test('an agent is told what there is, and answered', async () => {
    const client = await connectAgent((await toyForTest()).url, era)
    expect(client.getServerVersion()).toMatchObject({ name: 'pushgraph', version: '1.2.3' })
    const listed = await client.listTools()
    expect(listed.tools.map(({ name }) => name)).toEqual([
      'hello',
      'slow',
      'breaks',
      'breaks_alone',
    ])
    expect(listed.tools[0]).toMatchObject({
      title: 'Hello',
      description: 'Says hello.',
      inputSchema: { properties: { name: { type: 'string', description: 'Whom to greet.' } } },
      annotations: { readOnlyHint: true, destructiveHint: false },
    })
    const { told, text } = await callTool(client, 'hello', { name: 'Ann' })
    expect(told.data).toEqual({ hello: 'Hello Ann' })
    expect(JSON.parse(text)).toEqual(told)
  })

  test('what it asks wrongly is told to its model, and what there is not to its program', async () => {
    const client = await connectAgent((await toyForTest()).url, era)
    const wrong = await callTool(client, 'hello', { name: ['no text'] })
    expect(wrong).toMatchObject({ isError: true, codes: ['BAD_USER_INPUT'] })
    const unknown = await callTool(client, 'hello', { nom: 'Ann' })
    expect(unknown.text).toContain('There is no argument \\"nom\\"')
    // Models write null for what they leave out.
    expect((await callTool(client, 'hello', { name: null })).told.data.hello).toBe('Hello you')
    await expect(callTool(client, 'goodbye')).rejects.toThrow(
      'There is no tool of the name "goodbye"',
    )
    await expect(client.readResource({ uri: 'pushgraph://docs/nothing' })).rejects.toThrow(
      'pushgraph://docs/nothing',
    )
    await expect(client.getPrompt({ name: 'nothing' })).rejects.toThrow('no prompt')
  })

  test('who cancels a call ends its work', async () => {
    const { url, slowRuns, aborted } = await toyForTest()
    const client = await connectAgent(url, era)
    const controller = new AbortController()
    const call = callTool(client, 'slow', {}, { signal: controller.signal })
    await slowRuns(1)
    controller.abort('the user has stopped it')
    await expect(call).rejects.toThrow('the user has stopped it')
    await expect.poll(aborted).toBe(1)
  })

  test('who asks to be told how far it is, is told while it runs', async () => {
    const clock = createFakeClock()
    let requests = 0
    const progressOf = (): Progress => ({
      ...{ requests: (requests += 2), expectedRequests: 5, expectedMs: 500, waitedMs: 0 },
      ...{ rowsRead: 0, connectors: [] },
      reading: [
        { connector: 'a', collection: 'apps', reading: '', requests: 0, expectedRequests: 5 },
      ],
    })
    const { url, slowRuns, release } = await toyForTest({ progressOf }, clock)
    const client = await connectAgent(url, era)
    const told: unknown[] = []
    const call = callTool(client, 'slow', {}, { onprogress: progress => told.push(progress) })
    await slowRuns(1)
    await clock.advance(1_000)
    await expect.poll(() => told.length).toBe(2)
    expect(told[1]).toEqual({
      ...{ progress: 4, total: 5 },
      message: 'Push is read (apps): 4 of about 5 requests',
    })
    release()
    await call
    expect(clock.waiting()).toBe(0)
  })
})

test('who cancels a call by another request, as clients of 2025 do, ends the work of its own', async () => {
  const tokens = [tokenOf('ann'), tokenOf('bob')]
  const { url, slowRuns, aborted, release } = await toyForTest({
    authentication: authenticationOf(tokens),
  })
  const slow = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"slow"}}'
  const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}'
  const [anns, bobs] = [message(url, slow, bearer('ann')), message(url, slow, bearer('bob'))]
  await slowRuns(2)
  expect((await message(url, cancelled, bearer('ann'))).status).toBe(202)
  await expect.poll(aborted).toBe(1)
  // Nobody waits for it any longer.
  await (await anns).text().catch(() => undefined)
  release()
  expect(await (await bobs).text()).toContain('done')
  expect(aborted()).toBe(1)
})

test('what nobody foresaw is told to the log alone, and the rest of an answer stands', async () => {
  const { url, lines } = await toyForTest()
  const client = await connectAgent(url)
  const { told } = await callTool(client, 'breaks')
  expect(told).toMatchObject({
    complete: false,
    data: { bug: null, hello: 'Hello you' },
    errors: [{ code: 'INTERNAL_SERVER_ERROR', message: 'Internal error', path: 'bug' }],
  })
  const alone = await callTool(client, 'breaks_alone')
  expect(alone).toMatchObject({ isError: true, codes: ['INTERNAL_SERVER_ERROR'] })
  expect(alone.text).not.toContain('jane@example.com')
  expect(JSON.stringify(lines)).toContain('row of jane@example.com broke')
})

test('a tool that its caller has no scope for is not there', async () => {
  const { url } = await toyForTest({
    authentication: authenticationOf([tokenOf('ann'), tokenOf('bob', { scopes: ['metrics'] })]),
  })
  const ann = await connectAgent(url, 'modern', bearer('ann'))
  expect((await ann.listTools()).tools).toHaveLength(4)
  const bob = await connectAgent(url, 'modern', bearer('bob'))
  expect((await bob.listTools()).tools).toEqual([])
  await expect(callTool(bob, 'hello')).rejects.toThrow('There is no tool')
})

test('nobody is let in without a token where callers are asked for one', async () => {
  const { url } = await toyForTest({ authentication: authenticationOf([tokenOf('ann')]) })
  expect((await message(url, LIST)).status).toBe(401)
  expect((await message(url, LIST, bearer('eve'))).status).toBe(401)
  expect((await message(url, LIST, bearer('ann'))).status).toBe(200)
})

test('each call counts as an operation of its caller', async () => {
  const one = { perCaller: 1, inAll: 10 }
  const none = { perCaller: 0, inAll: 10 }
  const { url, slowRuns, release } = await toyForTest({
    admission: createDoor({ operations: one, waiting: none }),
  })
  const client = await connectAgent(url)
  const slow = callTool(client, 'slow')
  await slowRuns(1)
  const refused = await callTool(client, 'hello')
  expect(refused).toMatchObject({ isError: true, codes: ['RATE_LIMITED'] })
  expect(refused.text).toContain('retryAfterMs')
  release()
  expect((await slow).isError).toBe(false)
  expect((await callTool(client, 'hello')).isError).toBe(false)
})

test('a call is one request to the limit of requests a second', async () => {
  const door = createDoor()
  let knocks = 0
  const knock = (caller: string): void => {
    knocks += 1
    door.knock(caller)
  }
  const { url } = await toyForTest({ admission: { ...door, knock } })
  const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hello"}}'
  expect(await (await message(url, call)).text()).toContain('Hello you')
  expect(knocks).toBe(1)
})

/** An audit log, and its lines so far. */
const auditForTest = () => {
  const entries: Record<string, unknown>[] = []
  const log = { info: (entry: object) => void entries.push(entry as Record<string, unknown>) }
  const audit = createAudit('log', {
    log: log as never,
    clock: systemClock,
    onProblem: () => undefined,
  })
  return { audit, entries }
}

test('what is refused before it is read leaves its code in the audit log', async () => {
  const { audit, entries } = auditForTest()
  const checkVariables = (): void => {
    throw new BadInputError('Too many values')
  }
  const none = { perCaller: 0, inAll: 10 }
  const toy = await toyForTest({ audit, checkVariables })
  expect((await callTool(await connectAgent(toy.url), 'hello')).codes).toEqual(['BAD_USER_INPUT'])
  const full = await toyForTest({
    audit,
    admission: createDoor({ operations: none, waiting: none }),
  })
  expect((await callTool(await connectAgent(full.url), 'hello')).codes).toEqual(['RATE_LIMITED'])
  await expect.poll(() => entries.length).toBe(2)
  expect(entries.map(({ outcome }) => outcome)).toEqual(['BAD_USER_INPUT', 'RATE_LIMITED'])
})

test('each call leaves a line in the audit log, with no value in it', async () => {
  const { audit, entries } = auditForTest()
  const client = await connectAgent((await toyForTest({ audit })).url)
  await callTool(client, 'hello', { name: 'jane@example.com' })
  await callTool(client, 'breaks_alone')
  await expect.poll(() => entries.length).toBe(2)
  expect(entries[0]).toMatchObject({
    ...{ audit: 'operation', transport: 'mcp', caller: '127.0.0.1', type: 'query' },
    ...{ operationName: 'Hello', outcome: 'ok' },
  })
  expect(entries[1]).toMatchObject({ outcome: 'INTERNAL_SERVER_ERROR' })
  expect(JSON.stringify(entries)).not.toContain('jane')
})

test('who listens counts as who subscribes, and does not hold up a stop', async () => {
  const one = { perCaller: 1, inAll: 10 }
  const admission = createDoor({ subscriptions: one })
  const { url, server } = await toyForTest({ admission })
  const client = await connectAgent(url)
  const listening = await client.listen({ toolsListChanged: true })
  expect(admission.counts().subscriptions).toBe(1)
  await expect(client.listen({ toolsListChanged: true })).rejects.toThrow(
    'PUSHGRAPH_MAX_SUBSCRIPTIONS',
  )
  await listening.close()
  await expect.poll(() => admission.counts().subscriptions).toBe(0)
  await client.listen({ toolsListChanged: true })
  await server.stop(60_000)
  await expect.poll(() => admission.counts().subscriptions).toBe(0)
})

describe('a page', () => {
  test.each([
    ['of another site is refused', { origin: 'https://evil.example' }, 403],
    ['of this server is answered', { origin: 'SELF' }, 200],
    ['of a site that is named is answered', { origin: 'https://app.example' }, 200],
    ['under a name that is not ours is refused', { host: 'evil.example' }, 421],
  ])('%s', async (_, headers, status) => {
    const { url } = await toyForTest({ origins: ['https://app.example'] })
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace('SELF', url)])
    const { status: given } = await requestBy(url, Object.fromEntries(sent) as typeof headers)
    expect(given).toBe(status)
  })

  test('of a site that is named may send what the protocol needs, and reads the answer', async () => {
    const { url } = await toyForTest({ origins: ['https://app.example'] })
    const asked = await fetch(`${url}/mcp`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-headers')).toContain('mcp-protocol-version')
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.example')
  })
})

/** By Node's own client, which lets a test name any host. */
const requestBy = async (url: string, headers: Readonly<Record<string, string>>) => {
  const { request } = await import('node:http')
  return new Promise<{ readonly status: number | undefined }>((resolve, reject) => {
    const accept = 'application/json, text/event-stream'
    const all = { 'content-type': 'application/json', accept, ...headers }
    request(`${url}/mcp`, { method: 'POST', headers: all }, response => {
      response.resume()
      resolve({ status: response.statusCode })
    })
      .on('error', reject)
      .end(LIST)
  })
}

const membersOf = (count: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`member${index}`, index]))

const withId = (id: unknown, more: object = {}): object => ({
  ...{ jsonrpc: '2.0', id, method: 'tools/list' },
  ...more,
})

const callOf = (params: object): string =>
  JSON.stringify(withId(1, { method: 'tools/call', params: { name: 'hello', ...params } }))

describe('a message', () => {
  test.each([
    ['that is no JSON', '{', 400],
    ['that is several', `[${LIST}]`, 400],
    ['that is nested too deeply', '['.repeat(300) + ']'.repeat(300), 400],
    ['of too many members', JSON.stringify(withId(1, membersOf(498))), 400],
    ['with too many parameters', callOf({ arguments: {}, ...membersOf(499) }), 400],
    ['with too many arguments', callOf({ arguments: membersOf(501) }), 400],
    ['that says too much of itself', callOf({ arguments: {}, _meta: membersOf(501) }), 400],
    [
      'of too many values within',
      JSON.stringify(withId(1, { params: { some: Array.from({ length: 1_996 }, () => 1) } })),
      400,
    ],
    ['with too long an id', JSON.stringify(withId('x'.repeat(257))), 400],
  ])('%s is refused', async (_, body, status) => {
    const { url } = await toyForTest()
    expect((await message(url, body)).status).toBe(status)
  })

  test.each([
    ['as many members as may be', JSON.stringify(withId(1, membersOf(497)))],
    ['as many parameters as may be', callOf({ arguments: {}, ...membersOf(498) })],
    ['as many arguments as may be', callOf({ arguments: membersOf(500) })],
    ['as much of itself as may be', callOf({ arguments: {}, _meta: membersOf(500) })],
    [
      'as many values as may be',
      JSON.stringify(withId(1, { params: { some: Array.from({ length: 1_995 }, () => 1) } })),
    ],
    ['any number of values in its arguments', callOf({ arguments: { some: membersOf(20_000) } })],
    ['as long an id as may be', JSON.stringify(withId('x'.repeat(256)))],
  ])('with %s is read', async (_, body) => {
    const { url } = await toyForTest()
    expect(await (await message(url, body)).text()).not.toContain('members each')
  })

  test('of another type is refused, and none is asked for by GET', async () => {
    const { url } = await toyForTest()
    expect((await message(url, LIST, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await fetch(`${url}/mcp`)).status).toBe(405)
    expect((await fetch(`${url}/mcp`, { method: 'PUT' })).status).toBe(405)
  })
})

test('without agents there is nothing', async () => {
  const { server, url } = await startToy()
  onTestFinished(() => server.stop(0))
  expect((await message(url, LIST)).status).toBe(404)
})
