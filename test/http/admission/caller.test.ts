/** Who a caller is: by address, and by what trusted proxies say of it. */
import { describe, expect, it, test } from 'vitest'
import { createCallers } from '../../../src/http/admission/caller.ts'
import type { TrustedProxies } from '../../../src/model/callers.ts'
import { requestFrom } from '../../support/door.ts'

const callerOf = (trusted: TrustedProxies, address: string, forwarded?: string) =>
  createCallers(trusted).of(requestFrom(address, forwarded))

const nobody: TrustedProxies = { kind: 'none' }

test.each<[of: string, caller: string]>([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::1:2:3:4:5', '0:0:0:1::/64'],
  ['1::', '1:0:0:0::/64'],
])('%s is %s', (address, caller) => {
  expect(callerOf(nobody, address)).toBe(caller)
})

describe('what a request says of its way', () => {
  const networks: TrustedProxies = {
    kind: 'addresses',
    addresses: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
  }
  const hops = (count: number): TrustedProxies => ({ kind: 'hops', hops: count })

  it.each<
    [why: string, trusted: TrustedProxies, peer: string, forwarded: string | undefined, is: string]
  >([
    ['counts for nothing where no proxy is trusted', nobody, '10.0.0.1', '8.8.8.8', '10.0.0.1'],
    ['counts from a trusted proxy', networks, '10.0.0.1', '8.8.8.8', '8.8.8.8'],
    ['counts from one that has its own address', networks, '192.0.2.1', '8.8.8.8', '8.8.8.8'],
    ['counts over IPv6', networks, '2001:db8::5', '8.8.8.8', '8.8.8.8'],
    ['counts over IPv4 inside IPv6', networks, '::ffff:10.0.0.1', '8.8.8.8', '8.8.8.8'],
    ['counts for nothing from anybody else', networks, '11.0.0.1', '8.8.8.8', '11.0.0.1'],
    ['is not there', networks, '10.0.0.1', undefined, '10.0.0.1'],
    ['may be lied about but at its end', networks, '10.0.0.1', '1.1.1.1, 8.8.8.8', '8.8.8.8'],
    ['leads through proxies', networks, '10.0.0.1', '1.1.1.1, 8.8.8.8,10.9.9.9', '8.8.8.8'],
    ['names proxies alone', networks, '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['may be no address', networks, '10.0.0.1', '8.8.8.8, unknown', '10.0.0.1'],
    ['may be empty', networks, '10.0.0.1', '', '10.0.0.1'],
    ['may have ports', networks, '10.0.0.1', '[2001:db9::1]:80, 10.0.0.4:81', '2001:db9:0:0::/64'],
    ['counts for one proxy', hops(1), '8.8.4.4', '1.1.1.1, 8.8.8.8', '8.8.8.8'],
    ['counts for two proxies', hops(2), '8.8.4.4', '9.9.9.9, 1.1.1.1, 8.8.8.8', '1.1.1.1'],
    ['is shorter than the way', hops(3), '8.8.4.4', '8.8.8.8', '8.8.8.8'],
  ])('%s', (_why, trusted, peer, forwarded, is) => {
    expect(callerOf(trusted, peer, forwarded)).toBe(is)
  })

  it('says nothing of a connection, which is its peer’s unless that is a proxy', () => {
    expect(createCallers(nobody).ofConnection('::ffff:10.0.0.1')).toBe('10.0.0.1')
    expect(createCallers(networks).ofConnection('10.0.0.1')).toBeUndefined()
    expect(createCallers(networks).ofConnection('8.8.8.8')).toBe('8.8.8.8')
    expect(createCallers(hops(1)).ofConnection('8.8.8.8')).toBeUndefined()
  })
})
