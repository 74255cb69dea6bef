/** JWTs that are signed as issuers sign them, and checked with keys that come over HTTP. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  base64url,
  exportJWK,
  generateKeyPair,
  type GenerateKeyPairResult,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { beforeAll, describe, expect, it, onTestFinished, test } from 'vitest'
import { createAuthentication } from '../../../src/http/callers/authentication.ts'
import type { Verdict } from '../../../src/http/callers/identity.ts'
import type { JwtIssuer } from '../../../src/model/callers.ts'
import { createFakeClock } from '../../support/clock.ts'
import { tokenOf } from '../../support/tokens.ts'

const ISSUER = 'https://id.example/'
const AUDIENCE = 'pushgraph'

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'ES384'] as const
type Algorithm = (typeof algorithms)[number]
/** Two pairs for each: of our issuer, and of others. */
const pairs = new Map<string, GenerateKeyPairResult>()
beforeAll(async () => {
  for (const algorithm of algorithms)
    for (const owner of ['ours', 'theirs'])
      pairs.set(`${owner} ${algorithm}`, await generateKeyPair(algorithm, { extractable: true }))
})
const pairOf = (owner: 'ours' | 'theirs', algorithm: Algorithm): GenerateKeyPairResult => {
  const pair = pairs.get(`${owner} ${algorithm}`)
  if (pair === undefined) throw new Error('no such pair')
  return pair
}
const jwk = async (owner: 'ours' | 'theirs', algorithm: Algorithm, more: Partial<JWK> = {}) => ({
  ...(await exportJWK(pairOf(owner, algorithm).publicKey)),
  ...more,
})

/** A server of a key set that can be changed, and fail. */
const keyServer = async (keys: readonly JWK[]) => {
  let answer: RequestListener = (_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  }
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    void answer(request, response)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked: () => asked,
    answer: (next: RequestListener) => {
      answer = next
    },
    serve: (next: readonly JWK[]) => {
      answer = (_, response) => {
        response.end(JSON.stringify({ keys: next }))
      }
    },
  }
}

const issuerAt = (jwksUrl: string, more: Partial<JwtIssuer> = {}): JwtIssuer => ({
  issuer: ISSUER,
  audiences: ['other', AUDIENCE],
  jwksUrl,
  algorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'],
  connectorsClaim: undefined,
  ...more,
})

const clock = createFakeClock()
const nowS = (): number => Math.floor(clock.now() / 1_000)

const authentication = (...issuers: readonly JwtIssuer[]) => {
  const failures: string[] = []
  const made = createAuthentication(
    { tokens: undefined, issuers },
    { clock, onFailure: issuer => failures.push(issuer) },
  )
  const verdict = async (jwt: string): Promise<Verdict> => {
    const authorization = `Bearer ${jwt}`
    return (await made.known(authorization)) ?? made.verify(authorization)
  }
  /** The name of its caller, or why there is none. */
  const told = async (jwt: string): Promise<string> => {
    const found = await verdict(jwt)
    if ('identity' in found) return found.identity.rights.name
    return 'refused' in found ? found.refused : 'unavailable'
  }
  return { ...made, verdict, told, failures }
}

type Claims = Readonly<Record<string, unknown>>

interface Signing {
  readonly owner?: 'ours' | 'theirs'
  readonly algorithm?: Algorithm
  readonly kid?: string | undefined
}

const usual = (): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ann',
  exp: nowS() + 300,
  scope: 'read events',
})

const sign = (
  claims: Claims = {},
  { owner = 'ours', algorithm = 'RS256', kid = 'one' }: Signing = {},
): Promise<string> =>
  new SignJWT({ ...usual(), ...claims })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(kid === '' ? {} : { kid }) })
    .sign(pairOf(owner, algorithm).privateKey)

const unsigned = (header: object, claims: object = usual()): string =>
  `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(claims))}.`

describe('a JWT', () => {
  test.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
    'signed by %s is its caller',
    async algorithm => {
      const { url } = await keyServer([await jwk('ours', algorithm, { kid: 'one' })])
      const { told } = authentication(issuerAt(url))
      expect(await told(await sign({}, { algorithm }))).toBe('https://id.example/|ann')
    },
  )

  it('has the scopes that we know, from both claims, as a list or a text', async () => {
    const { url } = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const { verdict } = authentication(issuerAt(url))
    const scopes = async (claims: Claims) => {
      const found = await verdict(await sign(claims))
      return 'identity' in found ? [...found.identity.rights.scopes] : found
    }
    expect(await scopes({ scope: 'openid read  pii admin', scp: ['events', 7, 'READ'] })).toEqual([
      'read',
      'events',
      'pii',
    ])
    expect(await scopes({ scope: undefined, scp: 'metrics write' })).toEqual(['write', 'metrics'])
    expect(await scopes({ scope: undefined })).toEqual([])
    expect(await scopes({ scope: { read: true } })).toEqual([])
  })

  it('sees the connectors of the claim that is named, and none without it', async () => {
    const { url } = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const seen = async (claims: Claims, connectorsClaim: string | undefined) => {
      const { verdict } = authentication(issuerAt(url, { connectorsClaim }))
      const found = await verdict(await sign(claims))
      if (!('identity' in found)) return found
      const { connectors } = found.identity.rights
      return connectors && [...connectors]
    }
    expect(await seen({ tenants: ['acme', 7, 'globex'] }, 'tenants')).toEqual(['acme', 'globex'])
    expect(await seen({ tenants: 'acme, globex initech' }, 'tenants')).toEqual([
      'acme',
      'globex',
      'initech',
    ])
    expect(await seen({ tenants: 'acme' }, 'https://x/tenants')).toEqual([])
    expect(await seen({ tenants: { acme: true } }, 'tenants')).toEqual([])
    expect(await seen({}, 'toString')).toEqual([])
    expect(await seen({ tenants: 'acme' }, undefined)).toBeUndefined()
  })

  const late = (bySeconds: number): Claims => ({
    exp: Math.floor(clock.now() / 1_000) - bySeconds,
  })
  test.each<[what: string, claims: () => Claims, told: string]>([
    ['for one of several', () => ({ aud: ['x', AUDIENCE] }), `${ISSUER}|ann`],
    ['for nobody here', () => ({ aud: 'x' }), 'wrong'],
    ['for nobody', () => ({ aud: undefined }), 'wrong'],
    ['of another issuer', () => ({ iss: 'https://evil.example/' }), 'wrong'],
    ['of an issuer like ours', () => ({ iss: 'https://id.example' }), 'wrong'],
    ['of no issuer', () => ({ iss: undefined }), 'wrong'],
    ['that never ends', () => ({ exp: undefined }), 'wrong'],
    ['that ends in words', () => ({ exp: 'tomorrow' }), 'wrong'],
    ['that has ended, within the tolerance', () => late(4), `${ISSUER}|ann`],
    ['that has ended, beyond the tolerance', () => late(5), 'wrong'],
    ['that begins, within the tolerance', () => ({ nbf: nowS() + 5 }), `${ISSUER}|ann`],
    ['that begins beyond the tolerance', () => ({ nbf: nowS() + 6 }), 'wrong'],
    ['of no subject', () => ({ sub: undefined }), 'wrong'],
    ['of an empty subject', () => ({ sub: '' }), 'wrong'],
    ['of a subject of several lines', () => ({ sub: 'ann\nroot' }), 'wrong'],
    [
      'of a subject of 255 letters',
      () => ({ sub: 'x'.repeat(255) }),
      `${ISSUER}|${'x'.repeat(255)}`,
    ],
    ['of a subject of 256 letters', () => ({ sub: 'x'.repeat(256) }), 'wrong'],
  ])('%s', async (_, claims, expected) => {
    const { url } = await keyServer([await jwk('ours', 'ES256', { kid: 'one' })])
    const { told } = authentication(issuerAt(url))
    expect(await told(await sign(claims(), { algorithm: 'ES256' }))).toBe(expected)
  })

  it('has up to 16 KiB', async () => {
    const kid = 'one-two'
    const { url } = await keyServer([await jwk('ours', 'ES256', { kid })])
    const { told } = authentication(issuerAt(url))
    const padded = (pad: number) => sign({ pad: 'x'.repeat(pad) }, { algorithm: 'ES256', kid })
    // Three letters take four, and not every length can be had.
    const most = Math.floor(((16_384 - (await padded(0)).length) * 3) / 4)
    const [longest, longer] = [await padded(most), await padded(most + 1)]
    expect([longest.length, longer.length]).toEqual([16_384, 16_385])
    expect(await told(longest)).toBe('https://id.example/|ann')
    expect(await told(longer)).toBe('wrong')
  })

  it('is refused where its signature is not, and no key is asked for then', async () => {
    const { url, asked } = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const { told } = authentication(issuerAt(url))
    const secret = new TextEncoder().encode(JSON.stringify(await jwk('ours', 'RS256')))
    const shared = await new SignJWT(usual())
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(secret)
    const unlisted = await sign({}, { algorithm: 'ES384' })
    const none = ['none', 'None', undefined].map(alg => unsigned({ alg, kid: 'one' }))
    for (const jwt of [
      shared,
      unlisted,
      ...none,
      'a.b.c',
      'secret',
      unsigned({ alg: 'RS256' }, []),
    ])
      expect(await told(jwt)).toBe('wrong')
    expect(asked()).toBe(0)
    const right = await sign()
    const [header = '', , signature = ''] = right.split('.')
    const claims = base64url.encode(JSON.stringify({ ...usual(), scope: 'pii' }))
    expect(await told(`${header}.${claims}.${signature}`)).toBe('wrong')
    expect(await told(await sign({}, { owner: 'theirs' }))).toBe('wrong')
    expect(await told(right)).toBe(`${ISSUER}|ann`)
  })

  it('needs a key of the very issuer that it names', async () => {
    const ours = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const theirs = await keyServer([await jwk('theirs', 'RS256', { kid: 'one' })])
    const { told } = authentication(
      issuerAt(ours.url),
      issuerAt(theirs.url, { issuer: 'https://their.example/' }),
    )
    const iss = 'https://their.example/'
    expect(await told(await sign({ iss }, { owner: 'theirs' }))).toBe(`${iss}|ann`)
    expect(await told(await sign({ iss }))).toBe('wrong')
    expect(await told(await sign({}, { owner: 'theirs' }))).toBe('wrong')
  })

  it('is taken for a token only where it does not look like one', async () => {
    const { url } = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const { known, verify } = createAuthentication(
      { tokens: [tokenOf('bob')], issuers: [issuerAt(url)] },
      { clock, onFailure: () => undefined },
    )
    expect(known('Bearer secret-of-bob')).toHaveProperty('identity')
    const header = `Bearer ${await sign()}`
    expect(known(header)).toBeUndefined()
    expect(await verify(header)).toHaveProperty('identity')
    expect(known(header)).toHaveProperty('identity')
  })
})

describe('keys', () => {
  it('that say nothing of their algorithm or name are tried, each that could be meant', async () => {
    const { url } = await keyServer([
      await jwk('theirs', 'RS256'),
      await jwk('theirs', 'ES256'),
      await jwk('ours', 'RS256'),
    ])
    const { told } = authentication(issuerAt(url))
    expect(await told(await sign({}, { kid: '' }))).toBe(`${ISSUER}|ann`)
    expect(await told(await sign({}, { kid: '', algorithm: 'ES256' }))).toBe('wrong')
  })

  it('that are unknown are asked for again, after a while each time', async () => {
    const server = await keyServer([await jwk('theirs', 'RS256', { kid: 'old' })])
    const { told } = authentication(issuerAt(server.url))
    const jwt = await sign({}, { kid: 'new' })
    expect(await told(jwt)).toBe('wrong')
    expect(server.asked()).toBe(1)
    server.serve([await jwk('ours', 'RS256', { kid: 'new' })])
    clock.jump(9_999)
    expect(await told(jwt)).toBe('wrong')
    expect(server.asked()).toBe(1)
    clock.jump(1)
    expect(await Promise.all([told(jwt), told(jwt)])).toEqual([`${ISSUER}|ann`, `${ISSUER}|ann`])
    expect(server.asked()).toBe(2)
    clock.jump(10_000)
    for (let n = 0; n < 5; n += 1)
      expect(await told(await sign({ jti: String(n) }, { kid: `made up ${n}` }))).toBe('wrong')
    expect(server.asked()).toBe(3)
  })

  test.each<[what: string, answer: RequestListener]>([
    ['an error', (_, response) => void response.writeHead(500).end()],
    ['nothing', (_, response) => void response.destroy()],
    ['no key set', (_, response) => void response.end('{"keys":7}')],
    ['no JSON', (_, response) => void response.end('<html>')],
    [
      'another address',
      (_, response) => void response.writeHead(302, { location: '/other' }).end(),
    ],
    ['too much', (_, response) => void response.end(' '.repeat(1_048_577))],
  ])(
    'where %s comes in their place cannot be checked now, and known ones go on',
    async (_, failing) => {
      const right = await jwk('ours', 'RS256', { kid: 'one' })
      const server = await keyServer([right])
      const { told, verdict, failures } = authentication(issuerAt(server.url))
      server.answer(failing)
      expect(await verdict(await sign())).toEqual({ retryAfterMs: 10_000 })
      expect(await told(await sign({ jti: 'a' }))).toBe('unavailable')
      expect([server.asked(), failures]).toEqual([1, [ISSUER]])
      // One that has failed is soon tried again.
      server.serve([right])
      clock.jump(10_000)
      expect(await told(await sign())).toBe(`${ISSUER}|ann`)
      server.answer(failing)
      clock.jump(700_000)
      expect(await told(await sign())).toBe(`${ISSUER}|ann`)
      await expect.poll(() => failures).toHaveLength(2)
      expect(await told(await sign({}, { kid: 'unknown' }))).toBe('unavailable')
      clock.jump(86_400_000)
      expect(await told(await sign())).toBe('unavailable')
    },
  )
})

describe('what was checked', () => {
  it('is not checked again for a minute, and is the same caller as long as it holds', async () => {
    const server = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const { known, verify, streams } = authentication(issuerAt(server.url))
    const header = `Bearer ${await sign()}`
    const [first, second] = await Promise.all([verify(header), known(header) ?? verify(header)])
    expect(second).toEqual(first)
    await clock.advance(59_999)
    expect(known(header)).toEqual(first)
    await clock.advance(1)
    expect(known(header)).toBeUndefined()
    const again = await verify(header)
    if (!('identity' in first) || !('identity' in again)) throw new Error('refused')
    expect(again.identity).toBe(first.identity)
    const ended: string[] = []
    streams.follow(again.identity, () => ended.push('a stream'))
    await clock.advance(240_000 + 5_000 - 1)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual(['a stream'])
    expect((await known(header)) ?? (await verify(header))).toEqual({ refused: 'wrong' })
  })

  it('ends with its issuer, or with what is asked of that', async () => {
    const server = await keyServer([await jwk('ours', 'RS256', { kid: 'one' })])
    const issuer = issuerAt(server.url)
    const { known, verify, streams, replace } = authentication(issuer)
    const header = `Bearer ${await sign()}`
    const found = await verify(header)
    if (!('identity' in found)) throw new Error('refused')
    const ended: string[] = []
    streams.follow(found.identity, () => ended.push('a stream'))
    replace({ tokens: undefined, issuers: [{ ...issuer }] })
    expect([ended, known(header)]).toEqual([[], found])
    replace({ tokens: undefined, issuers: [{ ...issuer, audiences: ['else'] }] })
    expect([ended, known(header)]).toEqual([['a stream'], undefined])
    expect(await verify(header)).toEqual({ refused: 'wrong' })
  })
})
