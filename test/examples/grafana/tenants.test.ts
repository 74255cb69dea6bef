/** The views for Grafana over two tenants whose callers have tokens, and whose webhooks come late. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { delivery, post, SECRET } from '../../support/deliveries.ts'
import { demoAppForFile } from '../../support/demo-app.ts'
import {
  annotationQuery,
  answerTo,
  askedFrame,
  askedWith,
  chosen,
  everywhere,
  expectValues,
  listed,
  panelQuery,
  variableQuery,
} from '../../support/grafana-views.ts'
import { startStandIn } from '../../support/stand-in.ts'
import { bearer } from '../../support/tokens.ts'

let tenants: readonly StandIn[]
beforeAll(async () => {
  tenants = await Promise.all([startStandIn({ seed: 1 }), startStandIn({ seed: 2 })])
  return () => Promise.all(tenants.map(({ close }) => close()))
})

/** Grafana's usual token, and one that lacks scopes. */
const tokens = [
  { name: 'grafana', token: 'none', scopes: ['read', 'events', 'pii'] },
  { name: 'plain', token: 'secret-of-plain', scopes: ['read'] },
]

const app = demoAppForFile(directory => {
  const connectors = tenants.map(({ url, keys }, at) => ({
    alias: ['acme', 'globex'][at],
    apiKey: keys.full,
    url,
    webhookSecrets: [SECRET],
  }))
  writeFileSync(join(directory, 'connectors.json'), JSON.stringify({ connectors }))
  const entries = tokens.map(({ name, token, scopes }) => ({
    name,
    sha256: createHash('sha256').update(token).digest('hex'),
    scopes,
  }))
  writeFileSync(join(directory, 'tokens.json'), JSON.stringify(entries))
  return {
    ...listed,
    PUSHGRAPH_CONFIG: join(directory, 'connectors.json'),
    PUSHGRAPH_AUTH: 'tokens',
    PUSHGRAPH_TOKENS_FILE: join(directory, 'tokens.json'),
    // The stand-ins have no limit.
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
  }
})

test('the views say that there is no event, and fail nowhere', async () => {
  for (const { query } of everywhere) await askedFrame(app.url, query)
  expect(await askedFrame(app.url, panelQuery('activity', 'Numbers'))).toEqual({
    Events: [0],
    Logins: [0],
  })
  const newest = panelQuery('activity', 'Newest events of the range')
  expect(await askedFrame(app.url, newest)).toBeUndefined()
  expect(await askedFrame(app.url, panelQuery('activity', 'Stored events'))).toMatchObject({
    Events: [0, 0],
    'The oldest arrived': [null, null],
  })
})

test('what administrators do is marked once it is told', async () => {
  const body = delivery({
    id: '1',
    category: 'AUDIT',
    object: 'API_KEY_ADDED',
    timestamp: Math.floor(Date.now() / 1_000) - 60,
  })
  const sent = await post(new URL('/', app.url).origin, body, { connector: 'acme' })
  expect(sent).toMatchObject({ status: 200 })
  const query = annotationQuery('Administrators')
  const found = await askedFrame(app.url, query)
  expectValues(query, found)
  expect(found?.['tags']).toEqual(['acme'])
})

test('one, several or all tenants are counted', async () => {
  expect((await askedFrame(app.url, variableQuery('connector')))?.['value']).toEqual([
    'acme',
    'globex',
  ])
  const query = panelQuery('people', 'Numbers')
  const counted = async (...connector: readonly string[]): Promise<number> => {
    const to = connector.length === 0 ? chosen() : chosen(30, { connector })
    return Number((await askedFrame(app.url, query, to))?.['Accounts']?.[0])
  }
  const [acme, globex] = [await counted('acme'), await counted('globex')]
  expect(acme).toBeGreaterThan(0)
  expect(globex).toBeGreaterThan(0)
  expect(await counted('acme', 'globex')).toBe(acme + globex)
  expect(await counted()).toBe(acme + globex)
})

test('a token without the scope events sees all but what webhooks told, and without pii no address', async () => {
  const headers = { ...askedWith, ...bearer('plain') }
  const refused = new Set<string>()
  for (const { of, query } of everywhere) {
    const { status, answer } = await answerTo(app.url, query, chosen(), headers)
    const isFine = status === 200 && answer.errors === undefined
    if (isFine) continue
    expect(JSON.stringify(answer.errors)).toContain('FORBIDDEN')
    refused.add(/annotation|activity/.exec(of)?.[0] ?? of)
  }
  expect([...refused].sort()).toEqual(['activity', 'annotation'])
  const query = panelQuery('people', 'People with open findings')
  const { answer } = await answerTo(app.url, query, chosen(), headers)
  expect(JSON.stringify(answer.data)).toContain('"email":null')
  expect(JSON.stringify(answer.data)).not.toContain('@')
})
