import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { ConfigError } from '../../src/errors.ts'
import { directoryForTest } from '../support/directory.ts'

const SHA = 'a1'.repeat(32)

const read = (
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
) => {
  const directory = directoryForTest()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  return readConfig(environment, directory)
}

const problemsOf = (...given: Parameters<typeof read>): readonly string[] => {
  try {
    read(...given)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const withTokens = { PUSHGRAPH_AUTH: 'tokens', PUSHGRAPH_TOKENS_FILE: 'tokens.yaml' }
const tokenProblems = (content: string, more: Readonly<Record<string, string>> = {}) =>
  problemsOf({ ...withTokens, ...more }, { 'tokens.yaml': content }).map(problem =>
    problem.replace(/^PUSHGRAPH_TOKENS_FILE: \S*tokens\.yaml:? /, ''),
  )

describe('the tokens file', () => {
  it('is JSON or YAML, and what is left out stands for all connectors and for ever', () => {
    const yaml = `
- name: dashboards
  sha256: ${SHA.toUpperCase()}
  scopes: [read, events]
  connectors: [demo]
  expires: 2030-01-31
- { name: prometheus@ops, sha256: ${'b2'.repeat(32)}, scopes: [metrics], expires: "2030-01-31T12:00:00+01:00" }
- { name: c, sha256: ${'c3'.repeat(32)}, scopes: [] }
`
    const config = read(withTokens, { 'tokens.yaml': yaml })
    expect(config.auth?.tokens).toEqual([
      {
        name: 'dashboards',
        sha256: SHA,
        scopes: ['read', 'events'],
        connectors: ['demo'],
        expiresAt: Date.UTC(2030, 0, 31),
      },
      {
        name: 'prometheus@ops',
        sha256: 'b2'.repeat(32),
        scopes: ['metrics'],
        connectors: undefined,
        expiresAt: Date.UTC(2030, 0, 31, 11),
      },
      {
        name: 'c',
        sha256: 'c3'.repeat(32),
        scopes: [],
        connectors: undefined,
        expiresAt: undefined,
      },
    ])
    expect(config.files.map(file => file.split('/').at(-1))).toEqual(['.env', 'tokens.yaml'])
    const json = JSON.stringify([{ name: 'a', sha256: SHA, scopes: ['read'] }])
    expect(read(withTokens, { 'tokens.yaml': json }).auth?.tokens).toHaveLength(1)
    expect(read(withTokens, { 'tokens.yaml': '[]' }).auth?.tokens).toEqual([])
  })

  it('has all its problems told at once, by place and never by value', () => {
    const entries = [
      { name: '1nine', sha256: 'pushgraph_s3cr3t', scopes: ['read', 'admin'], secret: 's3cr3t' },
      { name: 'a', sha256: SHA, scopes: ['read'], connectors: ['s3cr3t'], expires: '2030-02-30' },
      { name: 'a', sha256: SHA.toUpperCase(), scopes: 'read', connectors: [] },
      { name: 'pushgraph_s3cr3t', sha256: 'c3'.repeat(32) },
      7,
    ]
    const problems = tokenProblems(JSON.stringify(entries))
    expect(problems).toEqual([
      expect.stringMatching(/^\[0\]\.name must be 1 to 63 letters/),
      expect.stringMatching(/^\[0\]\.sha256 must be the SHA-256/),
      '[0].scopes[1] must be one of read, events, write, pii, metrics',
      '[0] has unknown members: secret',
      expect.stringMatching(/^\[1\]\.expires must be a day/),
      '[2].scopes must be a list',
      '[2].connectors must name a connector; leave it out for all',
      '[3].name must be a name, not the token itself',
      '[3].scopes must be a list',
      '[4] must be an object',
      '[2].name is that of [1] already',
      '[2].sha256 is that of [1] already',
      '[1].connectors[0] is no connector of these settings',
    ])
    expect(problems.join()).not.toContain('s3cr3t')
  })

  test.each([
    ['is empty', '', /^the file must be a list of tokens/],
    ['holds one token alone', `name: a\nsha256: ${SHA}`, /^the file must be a list of tokens/],
    ['is no YAML', '- [', /is neither JSON nor YAML at line 1/],
  ])('that %s is refused', (_, content, problem) => {
    expect(tokenProblems(content)).toEqual([expect.stringMatching(problem)])
  })

  it('names connectors that there are', () => {
    const content = JSON.stringify([{ name: 'a', sha256: SHA, scopes: [], connectors: ['acme'] }])
    const acme = 'connectors: [{ alias: acme, apiKey: k }]'
    const settings = { ...withTokens, PUSHGRAPH_CONFIG: 'connectors.yaml' }
    expect(problemsOf(settings, { 'tokens.yaml': content, 'connectors.yaml': acme })).toEqual([])
    expect(tokenProblems(content)).toEqual(['[0].connectors[0] is no connector of these settings'])
    expect(tokenProblems(content, { PUSH_API_KEY: 'k' })).toHaveLength(1)
  })
})

const jwt = {
  PUSHGRAPH_AUTH: 'jwt',
  PUSHGRAPH_JWT_ISSUER: 'https://id.example/',
  PUSHGRAPH_JWT_AUDIENCE: 'pushgraph, other',
  PUSHGRAPH_JWT_JWKS_URL: 'https://id.example/keys',
}

describe('issuers of JWTs', () => {
  it('is one of the environment', () => {
    expect(read(jwt).auth?.issuers).toEqual([
      {
        issuer: 'https://id.example/',
        audiences: ['pushgraph', 'other'],
        jwksUrl: 'https://id.example/keys',
        algorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'],
        connectorsClaim: undefined,
      },
    ])
    const more = { PUSHGRAPH_JWT_ALGORITHMS: 'ES384', PUSHGRAPH_JWT_CONNECTORS_CLAIM: 'tenants' }
    expect(read({ ...jwt, ...more }).auth?.issuers).toMatchObject([
      { algorithms: ['ES384'], connectorsClaim: 'tenants' },
    ])
  })

  it('are several of a file', () => {
    const one = { issuer: 'a', audiences: ['x'], jwksUrl: 'http://127.0.0.1:9/keys' }
    const settings = { PUSHGRAPH_AUTH: 'JWT', PUSHGRAPH_JWT_FILE: 'jwt.json' }
    const problems = (...listed: readonly object[]) =>
      problemsOf(settings, { 'jwt.json': JSON.stringify(listed) }).map(problem =>
        problem.replace(/^PUSHGRAPH_JWT_FILE: \S* /, ''),
      )
    expect(problems(one, { ...one, issuer: 'b', connectorsClaim: 'c' })).toEqual([])
    expect(problems()).toEqual(['the file must name at least one issuer'])
    expect(problems(one, one)).toEqual(['[1].issuer is that of [0] already'])
    expect(
      problems(
        { ...one, algorithms: ['HS256'] },
        { ...one, issuer: 'a|b', audiences: [] },
        { ...one, issuer: 'c', jwksUrl: 'http://id.example/keys', keys: 's3cr3t' },
      ),
    ).toEqual([
      expect.stringMatching(/^\[0\]\.algorithms\[0\] must be one of RS256/),
      expect.stringMatching(/^\[1\]\.issuer must be the issuer/),
      '[1].audiences must name at least one',
      expect.stringMatching(/^\[2\]\.jwksUrl must be an address that begins with https/),
      '[2] has unknown members: keys',
    ])
  })

  test.each([
    [{ PUSHGRAPH_JWT_ISSUER: '' }, 'PUSHGRAPH_JWT_ISSUER is needed'],
    [{ PUSHGRAPH_JWT_AUDIENCE: '' }, 'PUSHGRAPH_JWT_AUDIENCE is needed'],
    [{ PUSHGRAPH_JWT_AUDIENCE: ',' }, 'PUSHGRAPH_JWT_AUDIENCE must name at least one'],
    [{ PUSHGRAPH_JWT_JWKS_URL: '' }, 'PUSHGRAPH_JWT_JWKS_URL is needed'],
    [{ PUSHGRAPH_JWT_JWKS_URL: 'https://u:p@id.example' }, 'PUSHGRAPH_JWT_JWKS_URL must be'],
    [{ PUSHGRAPH_JWT_ALGORITHMS: 'none' }, 'PUSHGRAPH_JWT_ALGORITHMS must be one of'],
    [{ PUSHGRAPH_JWT_ALGORITHMS: 'RS256,HS512' }, 'PUSHGRAPH_JWT_ALGORITHMS must be one of'],
    [{ PUSHGRAPH_JWT_FILE: 'jwt.json' }, 'PUSHGRAPH_JWT_ISSUER is set beside PUSHGRAPH_JWT_FILE'],
  ])('with %o is refused', (change, problem) => {
    const [first] = problemsOf({ ...jwt, ...change })
    expect(first?.startsWith(problem)).toBe(true)
  })
})

describe('PUSHGRAPH_AUTH', () => {
  test.each([
    [{ PUSHGRAPH_AUTH: 'basic' }, /^PUSHGRAPH_AUTH must be none, tokens, jwt, or tokens,jwt/],
    [{ PUSHGRAPH_AUTH: 'none,tokens' }, /^PUSHGRAPH_AUTH must be none/],
    [{ PUSHGRAPH_AUTH: 'tokens' }, /^PUSHGRAPH_TOKENS_FILE is needed/],
    [{ PUSHGRAPH_TOKENS_FILE: 'x' }, /^PUSHGRAPH_TOKENS_FILE is set, but not PUSHGRAPH_AUTH/],
    [{ PUSHGRAPH_JWT_ISSUER: 'x' }, /^PUSHGRAPH_JWT_ISSUER is set, but not PUSHGRAPH_AUTH/],
  ])('with %o is refused', (environment, problem) => {
    expect(problemsOf(environment)[0]).toMatch(problem)
  })

  it('of tokens or JWTs lets a HOST be one that others reach', () => {
    const files = { 'tokens.yaml': '[]' }
    const both = { ...jwt, ...withTokens, PUSHGRAPH_AUTH: ' Tokens, JWT', HOST: '0.0.0.0' }
    expect(read(both, files).auth).toMatchObject({ tokens: [], issuers: [{}] })
    expect(read({ ...withTokens, HOST: '::' }, files).auth).toEqual({ tokens: [] })
  })

  it('of none leaves the rest without effect, and says so', () => {
    const config = read({ ...jwt, PUSHGRAPH_AUTH: 'none', PUSHGRAPH_TOKENS_FILE: 'gone' })
    expect(config.auth).toBeUndefined()
    expect(config.warnings.map(warning => warning.split(' ')[0])).toEqual([
      'PUSHGRAPH_TOKENS_FILE',
      'PUSHGRAPH_JWT_ISSUER',
      'PUSHGRAPH_JWT_AUDIENCE',
      'PUSHGRAPH_JWT_JWKS_URL',
    ])
  })
})
