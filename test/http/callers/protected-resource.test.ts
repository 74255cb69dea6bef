/** Clients find out by themselves who issues tokens: as the client of the Model Context Protocol's SDK looks for it. */
import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  checkResourceAllowed,
} from '@modelcontextprotocol/client'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { createAuthentication } from '../../../src/http/callers/authentication.ts'
import type { AuthSettings, JwtIssuer } from '../../../src/model/callers.ts'
import { createFakeClock } from '../../support/clock.ts'
import { tokenOf } from '../../support/tokens.ts'
import { startToy } from '../../support/toy-server.ts'

const issuerOf = (issuer: string): JwtIssuer => ({
  issuer,
  audiences: ['pushgraph'],
  jwksUrl: 'http://127.0.0.1:9/keys',
  algorithms: ['RS256'],
  connectorsClaim: undefined,
})

const toyFor = async (
  settings: AuthSettings,
  hosts: readonly string[] = [],
  origins: readonly string[] = [],
) => {
  const clock = createFakeClock()
  const authentication = createAuthentication(settings, { clock, onFailure: () => undefined })
  const resources = { list: () => [], templates: () => [], read: () => undefined }
  const agents = { resources, version: '1', clock }
  const toy = await startToy({ authentication, agents, hosts, origins })
  onTestFinished(() => toy.server.stop(0))
  return { ...toy, authentication }
}

/** With headers that no browser sets. */
const askAs = async (url: string, headers: Readonly<Record<string, string>>) => {
  const refused = await request(`${url}/mcp`, { method: 'POST', headers })
  await refused.body.dump()
  const { statusCode, body } = await request(`${url}/.well-known/oauth-protected-resource/mcp`, {
    headers,
  })
  const { resource } = (await body.json()) as { readonly resource: string }
  return { statusCode, resource, challenge: refused.headers['www-authenticate'] }
}

const jwtsOf = (...issuers: readonly string[]): AuthSettings => ({
  tokens: undefined,
  issuers: issuers.map(issuerOf),
})

test.each(['/mcp', '/graphql'])('who asks %s without a token is led to the issuers', async path => {
  const { url } = await toyFor(jwtsOf('https://id.example/', 'urn:acme:id'))
  const refused = await fetch(`${url}${path}`, { method: 'POST' })
  expect(refused.status).toBe(401)
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refused)
  expect(scope).toBe('read events')
  expect(resourceMetadataUrl?.href).toBe(`${url}/.well-known/oauth-protected-resource${path}`)
  const told = await discoverOAuthProtectedResourceMetadata(
    `${url}${path}`,
    resourceMetadataUrl && { resourceMetadataUrl },
  )
  // An issuer that is no address cannot be asked.
  expect(told).toMatchObject({
    resource: `${url}${path}`,
    authorization_servers: ['https://id.example/'],
    bearer_methods_supported: ['header'],
  })
  // A client asks for all that are named here.
  expect(told.scopes_supported?.includes('pii')).toBe(path === '/graphql')
  expect(told.scopes_supported).not.toContain('metrics')
  const asked = { requestedResource: `${url}${path}`, configuredResource: told.resource }
  expect(checkResourceAllowed(asked)).toBe(true)
})

test('elsewhere than on this machine its address is one of https, with the name that the caller knows', async () => {
  const { url } = await toyFor(jwtsOf('https://id.example/'), ['pushgraph.example'])
  const headers = { host: 'pushgraph.example:8443' }
  const { statusCode, resource, challenge } = await askAs(url, headers)
  expect(statusCode).toBe(200)
  expect(resource).toBe('https://pushgraph.example:8443/mcp')
  expect(challenge).toBe(
    'Bearer resource_metadata="https://pushgraph.example:8443/.well-known/oauth-protected-resource/mcp", scope="read events"',
  )
})

test('where no issuer can be asked nothing is told, until one is named', async () => {
  const tokens = [tokenOf('ann')]
  const { url, authentication } = await toyFor({ tokens, issuers: undefined })
  const challengeOf = async () =>
    (await fetch(`${url}/mcp`, { method: 'POST' })).headers.get('www-authenticate')
  const told = () => fetch(`${url}/.well-known/oauth-protected-resource/mcp`)
  expect(await challengeOf()).toBe('Bearer')
  const missing = await told()
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  authentication.replace({ tokens, issuers: [issuerOf('https://id.example/')] })
  expect(await challengeOf()).toContain('resource_metadata=')
  expect((await told()).status).toBe(200)
  expect((await fetch(`${url}/livez`)).headers.get('www-authenticate')).toBeNull()
})

test('pages of a named origin may read it, as they may ask', async () => {
  const { url } = await toyFor(jwtsOf('https://id.example/'), [], ['https://app.example'])
  const told = (path: string, origin: string) =>
    fetch(`${url}${path}`, { headers: { origin } }).then(({ headers }) =>
      headers.get('access-control-allow-origin'),
    )
  const path = '/.well-known/oauth-protected-resource/mcp'
  expect(await told(path, 'https://app.example')).toBe('https://app.example')
  expect(await told(path, 'https://other.example')).toBeNull()
  expect(
    await told('/.well-known/oauth-protected-resource/metrics', 'https://app.example'),
  ).toBeNull()
})
