/** examples/siem/cisco-xdr/forward.ts between a sink and Cisco's API. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createForwarder } from '../../../examples/siem/cisco-xdr/forward.ts'
import { post, SECRET } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { documented } from '../../support/ocsf/webhook-payloads.ts'
import { serveProduct } from '../../support/product.ts'
import { type CiscoXdr, ciscoXdrForTest } from '../../support/siem/cisco-xdr.ts'
import { type Json, openTenant, type Tenant } from '../../support/siem/exported.ts'

const examples = new URL('../../../examples/siem/cisco-xdr/', import.meta.url)

let tenant: Tenant
let events: readonly Json[]
let detections: readonly Json[]
beforeAll(async () => {
  tenant = await openTenant()
  events = await tenant.events('1.3.0')
  detections = events.filter(event => event['class_uid'] === 2004)
})
afterAll(async () => tenant.close())

const versionOf = (event: Json, version: string): Json => ({
  ...event,
  metadata: { ...(event['metadata'] as object), version },
})

interface Forwarder {
  readonly xdr: CiscoXdr
  readonly url: string
  send(body: string, token?: string, signal?: AbortSignal): Promise<Response>
}

const forwarderForTest = async (): Promise<Forwarder> => {
  const errors = vi.spyOn(console, 'error').mockReturnValue()
  const xdr = await ciscoXdrForTest()
  const server = createForwarder({
    token: 'ours',
    clientId: 'client',
    clientSecret: 'secret',
    tokenUrl: `${xdr.url}/token`,
    findingsUrl: xdr.url,
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    errors.mockRestore()
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    xdr,
    url,
    send: (body, token = 'ours', signal = new AbortController().signal) =>
      fetch(url, { method: 'POST', body, headers: { authorization: `Bearer ${token}` }, signal }),
  }
}

describe('the forwarder to Cisco XDR', () => {
  test('hands on every detection, as an event of 1.4.0 in a bundle of its own, and nothing else', async () => {
    const { xdr, send } = await forwarderForTest()
    expect((await send(JSON.stringify(events))).status).toBe(200)
    expect(xdr.complaints).toEqual([])
    expect(xdr.taken).toEqual(detections.map(event => versionOf(event, '1.4.0')))
    expect(xdr.tokens).toBe(1)
  })

  test('hands on what is valid in a version before and in one after', () => {
    expect(detections.length).toBeGreaterThan(20)
    const [before, after] = [createCheck('1.3.0'), createCheck('1.6.0')]
    for (const event of detections) {
      expect(before(event)).toEqual([])
      expect(after(versionOf(event, '1.6.0'))).toEqual([])
    }
  })

  test('takes nothing from who cannot say the token, and nothing that is no list', async () => {
    const { xdr, send } = await forwarderForTest()
    expect((await send(JSON.stringify(events), 'theirs')).status).toBe(401)
    expect((await send('{}')).status).toBe(400)
    expect((await send('[')).status).toBe(400)
    expect((await send(`["${'x'.repeat(5_000_000)}"]`)).status).toBe(413)
    expect(xdr.tokens).toBe(0)
  })

  test.each([
    { answers: [{ status: 429, retryAfter: '7' }], status: 503, retryAfter: '7' },
    { answers: [{ status: 500 }], status: 503, retryAfter: null },
    { answers: [{ status: 422 }], status: 422, retryAfter: null },
    { answers: [{ status: 400 }], status: 422, retryAfter: null },
    { answers: [{ status: 401 }, { status: 401 }], status: 503, retryAfter: null },
  ])('answers $status where Cisco answered $answers', async ({ answers, status, retryAfter }) => {
    const { xdr, send } = await forwarderForTest()
    xdr.answers.push(...answers)
    const response = await send(JSON.stringify(detections.slice(0, 2)))
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe(retryAfter)
    expect(xdr.taken).toEqual([])
    expect((await send(JSON.stringify(detections.slice(0, 2)))).status).toBe(200)
    expect(xdr.taken).toHaveLength(2)
  })

  test('hands on once what was accepted of a batch that comes again', async () => {
    const { xdr, send } = await forwarderForTest()
    const batch = JSON.stringify(detections.slice(0, 5))
    await send(JSON.stringify(detections.slice(0, 2)))
    xdr.answers.push({ status: 500 })
    expect((await send(batch)).status).toBe(503)
    expect((await send(batch)).status).toBe(200)
    expect((await send(batch)).status).toBe(200)
    expect(xdr.taken).toEqual(detections.slice(0, 5).map(event => versionOf(event, '1.4.0')))
  })

  test('hands on once what comes again while it is on its way', async () => {
    const { xdr, send } = await forwarderForTest()
    const batch = JSON.stringify(detections.slice(0, 5))
    const { promise, resolve } = Promise.withResolvers<void>()
    xdr.held = promise
    const left = new AbortController()
    const first = send(batch, 'ours', left.signal)
    await expect.poll(() => xdr.asked).toBe(1)
    left.abort()
    await expect(first).rejects.toThrow('aborted')
    const again = send(batch)
    // Once one that is sent behind it is answered, it came as well.
    expect((await send('[]', 'theirs')).status).toBe(401)
    resolve()
    expect((await again).status).toBe(200)
    expect(xdr.taken).toEqual(detections.slice(0, 5).map(event => versionOf(event, '1.4.0')))
    expect(xdr.asked).toBe(5)
  })

  test('asks for another token where Cisco takes the one no longer', async () => {
    const { xdr, send } = await forwarderForTest()
    await send(JSON.stringify(detections.slice(0, 1)))
    xdr.tokens += 1
    expect((await send(JSON.stringify(detections.slice(1, 2)))).status).toBe(200)
    expect(xdr.taken).toHaveLength(2)
  })
})

test('a server with that pushgraph.yaml has every detection that a webhook tells of in Cisco XDR', async () => {
  const { xdr, url } = await forwarderForTest()
  const folder = directoryForTest()
  const told = readFileSync(new URL('pushgraph.yaml', examples), 'utf8')
  const config = told
    .replace('http://127.0.0.1:8689/', `${url}/`)
    .replace('webhookSecrets: [psws_acme]', `webhookSecrets: [${SECRET}]`)
    // The server takes events a moment before a new sink knows where its `now` is.
    .replace('    kind: http\n', '    kind: http\n    since: beginning\n')
  writeFileSync(join(folder, 'pushgraph.yaml'), config)
  writeFileSync(join(folder, 'acme.key'), 'a-key', { mode: 0o600 })
  writeFileSync(join(folder, 'forward-headers.yaml'), 'authorization: Bearer ours')
  const server = await serveProduct({
    environment: {
      PUSHGRAPH_CONFIG: join(folder, 'pushgraph.yaml'),
      PUSHGRAPH_DATA_DIR: join(folder, 'data'),
      PUSH_API_URL: tenant.standIn.url,
      LOG_LEVEL: 'warn',
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  xdr.answers.push({ status: 500 })
  for (const [index, { payload }] of documented.entries()) {
    const body = Buffer.from(JSON.stringify({ ...payload, id: `${index}` }))
    await post(server.url, body, { connector: 'acme' })
  }
  const isTold = (event: Json): boolean =>
    (event['metadata'] as { log_name: string }).log_name === 'push_security_webhook'
  const expected = detections.filter(isTold).map(event => versionOf(event, '1.4.0'))
  expect(expected.length).toBeGreaterThan(5)
  const byUid = (all: readonly Json[]): ReadonlyMap<string, Json> =>
    new Map(all.map(event => [(event['metadata'] as { uid: string }).uid, event]))
  await expect.poll(() => byUid(xdr.taken)).toEqual(byUid(expected))
  expect(xdr.complaints).toEqual([])
})
