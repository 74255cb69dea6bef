/** The sinks of examples/siem, all of them in one server: what arrives is what each receiver was promised. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { post, SECRET } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { linesOf } from '../../support/exporting.ts'
import { documented } from '../../support/ocsf/webhook-payloads.ts'
import { serveProduct } from '../../support/product.ts'
import type { Json } from '../../support/siem/exported.ts'
import { type HecServer, startHecServer } from '../../support/sinks/hec-server.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/sinks/http-receiver.ts'

interface Sink extends Json {
  readonly name: string
  readonly url: string
}

/** From the beginning: the server takes events a moment before a new sink knows where its `now` is. */
const sinkOf = (receiver: string): Sink => {
  const path = new URL(`../../../examples/siem/${receiver}/pushgraph.yaml`, import.meta.url)
  const { sinks } = parse(readFileSync(path, 'utf8')) as { readonly sinks: readonly [Sink] }
  return { ...sinks[0], since: 'beginning' }
}

/** Takes whatever comes, as Elasticsearch says it and as others do. */
const receiverForTest = async (): Promise<HttpReceiver> => {
  const receiver = await startHttpReceiver({
    instead: () => [200, JSON.stringify({ errors: false, items: [] }), {}],
  })
  onTestFinished(receiver.close)
  return receiver
}

const metadataOf = (event: Json): { readonly uid: string; readonly version: string } =>
  event['metadata'] as { uid: string; version: string }

/** A server that sends to them, once it was told of each kind of webhook event. */
const tellAll = async (sinks: readonly Sink[]): Promise<void> => {
  const folder = directoryForTest()
  const connector = { alias: 'acme', apiKey: 'a-key', webhookSecret: SECRET }
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ connectors: [connector], sinks }))
  writeFileSync(join(folder, 'splunk.token'), 'hec-token', { mode: 0o600 })
  for (const { headersFile } of sinks)
    if (typeof headersFile === 'string')
      writeFileSync(join(folder, headersFile), `x-told-by: ${headersFile}`)
  const server = await serveProduct({
    environment: {
      PUSHGRAPH_CONFIG: join(folder, 'all.json'),
      PUSHGRAPH_DATA_DIR: join(folder, 'data'),
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      LOG_LEVEL: 'warn',
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  for (const [index, { payload }] of documented.entries()) {
    const body = Buffer.from(JSON.stringify({ ...payload, id: `${index}` }))
    expect(await post(server.url, body, { connector: 'acme' })).toMatchObject({ status: 200 })
  }
}

test('every receiver is sent every event, in its version and form', async () => {
  const splunk: HecServer = await startHecServer({ indexes: ['push'] })
  onTestFinished(splunk.close)
  const names = ['sentinel', 'elastic', 'panther', 'datadog'] as const
  const receivers = new Map<string, HttpReceiver>()
  for (const name of names) receivers.set(name, await receiverForTest())
  await tellAll([
    { ...sinkOf('splunk'), url: splunk.url },
    ...names.map(name => {
      const { pathname } = new URL(String(sinkOf(name)['url']))
      return { ...sinkOf(name), url: new URL(pathname, receivers.get(name)?.url).href }
    }),
  ])

  /** The bodies, and of `_bulk` the lines that say what is to be done with the next one. */
  const lines = (name: string): readonly Json[] =>
    linesOf((receivers.get(name)?.bodies ?? []).join(''))
  const isAction = (line: Json): boolean => 'create' in line
  const eventsOf = (name: string): readonly Json[] => lines(name).filter(line => !isAction(line))

  for (const name of names) {
    await expect.poll(() => eventsOf(name).length).toBe(documented.length)
    for (const event of eventsOf(name)) expect(metadataOf(event).version).toBe(sinkOf(name)['ocsf'])
    expect(new Set(eventsOf(name).map(event => metadataOf(event).uid)).size).toBe(documented.length)
    for (const headers of receivers.get(name)?.headers ?? [])
      expect(headers['x-told-by']).toBe(sinkOf(name)['headersFile'])
  }
  const made = lines('elastic').filter(isAction)
  expect(made.map(({ create }) => (create as { _id: string })._id)).toEqual(
    eventsOf('elastic').map(event => metadataOf(event).uid),
  )

  await expect.poll(() => splunk.envelopes.length).toBe(documented.length)
  expect(splunk.flaws).toEqual([])
  for (const { event, time, index, sourcetype } of splunk.envelopes) {
    expect(metadataOf(event as Json).version).toBe('1.3.0')
    expect(time).toBe(Number((event as Json)['time']) / 1000)
    expect([index, sourcetype]).toEqual(['push', 'ocsf:push'])
  }
})
