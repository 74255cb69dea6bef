import { auditServer } from 'graphql-http'
import { afterAll, expect, test } from 'vitest'
import { startToy } from '../support/toy-server.ts'

const toy = await startToy()
afterAll(() => toy.server.stop(1000))

/** What Apollo Server answers otherwise than the audit advises, by the audit's own ids, and why. */
const apollosOwn = {
  // Apollo answers a request that cannot run with 400 whatever the caller accepts; the advice (SHOULD) is 200 for
  // callers that accept application/json alone.
  '572B': 'SHOULD use 200 status code on document parsing failure when accepting application/json',
  FDE2: 'SHOULD use 200 status code on document validation failure when accepting application/json',
  '7B9B':
    'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
}

/** A plain GET could come from any page that a browser shows, so Apollo wants a header that such a page cannot set. */
const withPreflightHeader: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { ...init?.headers, 'apollo-require-preflight': 'true' } })

test('the GraphQL-over-HTTP audit finds nothing but what Apollo Server decides for itself', async () => {
  const results = await auditServer({ url: `${toy.url}/graphql`, fetchFn: withPreflightHeader })
  expect(results.length).toBeGreaterThan(50)
  const flawed = results.filter(result => result.status !== 'ok')
  expect(Object.fromEntries(flawed.map(({ id, name }) => [id, name]))).toEqual(apollosOwn)
  expect(new Set(flawed.map(({ status }) => status))).toEqual(new Set(['warn']))
})

test('a GET without that header is refused, as any page could have sent it', async () => {
  const results = await auditServer({ url: `${toy.url}/graphql` })
  expect(results.filter(({ status }) => status === 'error')).toEqual([])
  const response = await fetch(`${toy.url}/graphql?query={hello}`)
  expect(response.status).toBe(400)
})
