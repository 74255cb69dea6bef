import { describe, expect, it, test } from 'vitest'
import { type Identity, WRONG } from '../../../src/http/callers/identity.ts'
import { createFakeClock } from '../../support/clock.ts'
import { authenticationOf, bearer, tokenOf } from '../../support/tokens.ts'

describe('a token', () => {
  const { known } = authenticationOf([
    tokenOf('ann', { scopes: ['read', 'pii'], connectors: ['acme'] }),
    ...Array.from({ length: 100 }, (_, index) => tokenOf(`other${index}`)),
    tokenOf('bob', { scopes: [] }),
  ])

  it('is its caller with the rights of its entry', () => {
    expect(known(bearer('ann').authorization)).toMatchObject({
      identity: {
        rights: { name: 'ann', scopes: new Set(['read', 'pii']), connectors: new Set(['acme']) },
      },
    })
    expect(known(bearer('bob').authorization)).toMatchObject({
      identity: { rights: { name: 'bob', scopes: new Set(), connectors: undefined } },
    })
  })

  test.each(['bearer secret-of-ann', 'BEARER   secret-of-ann'])('is read from %j', header => {
    expect(known(header)).toHaveProperty('identity')
  })

  test.each([
    ['of nobody', 'Bearer secret-of-eve'],
    ['cut short', 'Bearer secret-of-an'],
    ['followed by more', 'Bearer secret-of-ann x'],
    ['in other letters', 'Bearer Secret-of-ann'],
    ['of another scheme', 'Basic secret-of-ann'],
    ['without a scheme', 'secret-of-ann'],
    ['that is its own hash', `Bearer ${tokenOf('ann').sha256}`],
    ['empty', 'Bearer '],
    ['of letters that none has', 'Bearer sécret'],
    ['that looks like a JWT', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
  ])('%s is wrong', (_, header) => {
    expect(known(header)).toBe(WRONG)
  })

  it('is missing where there is no header', () => {
    expect(known(undefined)).toEqual({ refused: 'missing' })
  })
})

const identityIn = (verdict: unknown): Identity => (verdict as { identity: Identity }).identity

describe('rights', () => {
  it('end at their moment, and not before', async () => {
    const clock = createFakeClock()
    const expiresAt = clock.now() + 1_000
    const { known, streams } = authenticationOf([tokenOf('ann', { expiresAt })], clock)
    const ended: string[] = []
    streams.follow(identityIn(known(bearer('ann').authorization)), () => ended.push('a stream'))
    await clock.advance(999)
    expect(known(bearer('ann').authorization)).toHaveProperty('identity')
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(known(bearer('ann').authorization)).toBe(WRONG)
    expect(ended).toEqual(['a stream'])
    expect(clock.waiting()).toBe(0)
  })

  it('end far ahead, beyond what a timer can wait for', async () => {
    const clock = createFakeClock()
    const days = 40 * 86_400_000
    const { known, streams } = authenticationOf(
      [tokenOf('ann', { expiresAt: clock.now() + days })],
      clock,
    )
    const ended: string[] = []
    streams.follow(identityIn(known(bearer('ann').authorization)), () => ended.push('a stream'))
    await clock.advance(days - 1)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual(['a stream'])
  })

  it('end what is open when their token is taken away or has others, and nothing else', () => {
    const { known, replace, streams } = authenticationOf([
      tokenOf('gone'),
      tokenOf('changed'),
      tokenOf('kept'),
      tokenOf('renamed'),
    ])
    const ended: string[] = []
    const open = (name: string): (() => void) =>
      streams.follow(identityIn(known(bearer(name).authorization)), () => ended.push(name))
    for (const name of ['gone', 'gone', 'changed', 'kept', 'renamed']) open(name)
    const leave = open('gone')
    leave()
    const { sha256 } = tokenOf('renamed')
    replace({
      tokens: [
        tokenOf('kept'),
        tokenOf('changed', { scopes: ['read', 'events'] }),
        { ...tokenOf('new'), sha256 },
      ],
      issuers: undefined,
    })
    expect(ended).toEqual(['gone', 'gone', 'changed', 'renamed'])
    replace({ tokens: [], issuers: undefined })
    expect(ended).toEqual(['gone', 'gone', 'changed', 'renamed', 'kept'])
  })

  it('that have ended before end at once what is opened late', () => {
    const { known, replace, streams } = authenticationOf([tokenOf('ann')])
    const identity = identityIn(known(bearer('ann').authorization))
    replace({ tokens: [], issuers: undefined })
    const ended: string[] = []
    streams.follow(identity, () => ended.push('late'))
    expect(ended).toEqual(['late'])
  })
})
