/** Every sample's way through the product: signed and posted, then asked for as it is and as an event of OCSF. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { documented } from '../../support/ocsf/webhook-payloads.ts'
import { hasValidator, validate } from '../../support/ocsf/validator.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { post, sample, sampleNames, SECRET } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { serveProduct, type Serving } from '../../support/product.ts'

type Json = Readonly<Record<string, unknown>>

/** What is posted, by an id of its own. */
const bodies = new Map<string, string>([
  ...sampleNames.map((name): [string, string] => [
    name,
    sample(name).toString('utf8').replace('"id": "123"', `"id": "${name}"`),
  ]),
  ...documented.map(({ payload }, index): [string, string] => [
    `${index}`,
    JSON.stringify({ ...payload, id: `${index}` }),
  ]),
])

const serveForTest = async (): Promise<Serving> => {
  const server = await serveProduct({
    environment: {
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: directoryForTest(),
      LOG_LEVEL: 'warn',
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  for (const body of bodies.values())
    expect(await post(server.url, Buffer.from(body))).toEqual({
      status: 200,
      body: { status: 'stored' },
    })
  return server
}

const ask = async (url: string, query: string): Promise<Json> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const answer = (await response.json()) as { readonly data: Json; readonly errors?: unknown }
  expect(answer.errors).toBeUndefined()
  return answer.data
}

const eventsOf = (data: Json): readonly Json[] =>
  (data['events'] as { readonly nodes: readonly Json[] }).nodes

const member = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? ((of as Json)[name] ?? null) : null

describe('every sample and every documented kind', () => {
  it('comes out field by field, and as an event of OCSF that is valid in every version', async () => {
    const { url } = await serveForTest()
    const versions = ocsfVersions.map(
      version =>
        `v${version.replaceAll('.', '')}: ocsf(version: V${version.replaceAll('.', '_')}, rawData: true) { json raw_data }`,
    )
    const nodes = eventsOf(
      await ask(
        url,
        `{ events(first: 1000) { nodes { id category categoryRaw object objectName description typeRaw
          occurredAt entityId employeeId accountId appId email sourceIpAddress url payload
          ... on EntityEvent { new old } ... on DetectionChangeEvent { new old }
          ${versions.join(' ')} } } }`,
      ),
    )
    expect(new Set(nodes.map(({ id }) => id))).toEqual(new Set(bodies.keys()))
    for (const node of nodes) {
      const body = bodies.get(String(node['id'])) ?? ''
      const sent = JSON.parse(body) as Json
      const subject = sent['new'] ?? sent['old']
      expect(node).toMatchObject({
        categoryRaw: sent['category'],
        object: sent['object'],
        objectName: sent['friendlyName'],
        description: sent['description'],
        typeRaw: sent['type'] ?? null,
        occurredAt: new Date(Number(sent['timestamp']) * 1_000).toISOString().replace('.000', ''),
        payload: sent,
        url: member(subject, 'url') ?? member(subject, 'loginUrl'),
        sourceIpAddress:
          member(subject, 'sourceIpAddress') ?? member(sent['actor'], 'sourceIpAddress'),
      })
      for (const version of ocsfVersions)
        expect(member(node[`v${version.replaceAll('.', '')}`], 'raw_data')).toBe(body)
    }
    for (const version of ocsfVersions) {
      const events = nodes.map(
        node => member(node[`v${version.replaceAll('.', '')}`], 'json') as Json,
      )
      expect(events.flatMap(event => createCheck(version)(event))).toEqual([])
      if (hasValidator) expect(validate(version, events)).toBe('')
    }

    const refused = await post(url, sample('invalid-json.txt'))
    expect(refused.status).toBe(400)
    expect(eventsOf(await ask(url, '{ events(first: 1000) { nodes { id } } }'))).toHaveLength(
      bodies.size,
    )
  })
  it('is told in the stream too', async () => {
    const { url } = await serveForTest()
    const left = new AbortController()
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: `subscription { events(since: "2000-01-01T00:00:00Z", filter: { object: { eq: "LOGIN" } }) {
          ocsf(version: V1_1_0, rawData: true) { class_uid raw_data json } } }`,
      }),
      signal: left.signal,
    })
    let text = ''
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true })
      if (/"class_uid":3002.*\n/.test(text)) break
    }
    left.abort()
    const [, data = ''] = /^data: ?(.*"class_uid".*)$/m.exec(text) ?? []
    const event = (JSON.parse(data) as { data: { events: { ocsf: Json } } }).data.events.ocsf
    expect(event['raw_data']).toBe(bodies.get('LOGIN-1'))
    expect(createCheck('1.1.0')(event['json'] as Json)).toEqual([])
  })
})
