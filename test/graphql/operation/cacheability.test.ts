import { getOperationAST, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCacheability } from '../../../src/graphql/operation/cacheability.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import type { Summary } from '../../../src/loaders/loaders.ts'
import { createFakeClock } from '../../support/clock.ts'
import { serveProduct, type Serving } from '../../support/product.ts'

describe('the header of an answer', () => {
  const schema = createExecutableSchema(resolvers)
  const clock = createFakeClock()
  const now = clock.now()
  const cacheControlOf = createCacheability({ maxAgeMs: 60_000, clock })

  const headerOf = (query: string, changes: Partial<Summary>, isWhole = true): string => {
    const document = parse(query)
    const operation = getOperationAST(document) ?? undefined
    return cacheControlOf({ schema, document, operation }, { ...usual, ...changes }, isWhole)
  }
  const usual: Summary = {
    requests: 0,
    waitedMs: 0,
    rowsRead: 0,
    rowsReturned: 0,
    cacheHits: 0,
    asOf: now,
    complete: true,
    warnings: [],
  }

  const list = '{ employees { nodes { id accounts { nodes { id app { id } } } } } }'
  const warning = { code: 'X', message: 'x', connector: 'x', collection: null }

  test.each([
    ['rows read now keep for a minute', list, { asOf: now }, 'private, max-age=60'],
    ['older ones for what remains', list, { asOf: now - 12_300 }, 'private, max-age=47'],
    ['those too old not at all', list, { asOf: now - 90_000 }, 'private, max-age=0'],
    ['nor what rests on no row', '{ __typename }', { asOf: null }, 'private, max-age=0'],
    ['nor events', '{ events { nodes { id } } }', {}, 'private, max-age=0'],
    [
      'nor events below an object',
      '{ employees { nodes { ...H } } } fragment H on Employee { history { totalCount } }',
      {},
      'private, max-age=0',
    ],
    [
      'nor what happened to an object',
      '{ apps { nodes { timeline { nodes { kind } } } } }',
      {},
      'private, max-age=0',
    ],
    ['nor how a connector fares', '{ connectors { status } }', {}, 'private, max-age=0'],
    ['nor what only webhooks tell', '{ otherApps { nodes { id } } }', {}, 'private, max-age=0'],
    [
      'nor a search, which finds events',
      '{ search(value: "x") { totalCount } }',
      {},
      'private, max-age=0',
    ],
    ['nor a timeline with them', '{ ocsfEvents { nodes { time } } }', {}, 'private, max-age=0'],
    ['a part is not stored', list, { complete: false }, 'no-store'],
    ['nor what came with a warning', list, { warnings: [warning] }, 'no-store'],
  ] as const)('%s', (_why, query, changes, header) => {
    expect(headerOf(query, changes)).toBe(header)
  })

  test('what failed is not stored', () => {
    expect(headerOf(list, {}, false)).toBe('no-store')
  })
})

describe('over HTTP', () => {
  let product: Serving
  beforeAll(async () => {
    product = await serveProduct({
      environment: {
        PUSHGRAPH_DEMO_SCALE: '0.05',
        PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
        PUSHGRAPH_DEMO_LATENCY_MS: '1',
      },
    })
  })
  afterAll(async () => {
    product.kill('SIGTERM')
    await product.ended
  })

  const ask = async (query: string, more = {}): Promise<string | null> => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...more },
      body: JSON.stringify({ query }),
    })
    await response.text()
    return response.headers.get('cache-control')
  }

  test('an answer says how long it keeps, also when it is sent once more', async () => {
    let last = 60
    for (let time = 0; time < 4; time += 1) {
      const header = (await ask('{ apps { nodes { id } } }')) ?? ''
      expect(header).toMatch(/^private, max-age=\d+$/)
      const seconds = Number(header.replace(/\D/g, ''))
      expect(seconds).toBeLessThanOrEqual(last)
      // The third is the second once more: less is left of it, be it but a moment later.
      if (time === 2) expect(seconds).toBeLessThan(last)
      last = seconds
    }
  })

  test('a plan is not stored', async () => {
    const query = '{ employees { totalCount } }'
    for (const plan of ['only', '1', '1'])
      expect(await ask(query, { 'x-pushgraph-plan': plan })).toBe('no-store')
  })

  test('a mistake is not stored', async () => {
    expect(await ask('{ apps(first: -1) { nodes { id } } }')).toBe('no-store')
    expect(await ask('{ nothing }')).toBe('no-store')
    expect(await ask('{')).toBe('no-store')
  })
})
