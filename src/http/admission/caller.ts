/** Who asks, as limits know callers: by the name that they have proved, else by the address that a request comes from. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { rememberLast } from '../../model/remember.ts'
import type { TrustedProxies } from '../../model/callers.ts'
import { identityOf } from '../callers/identity.ts'

/** A name, or an address; of IPv6 its first 64 bits, since whoever has one has all that begin so. */
export type Caller = string

type Asking = Pick<IncomingMessage, 'headers'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>
}

export interface Callers {
  of(request: Asking): Caller
  /** The same as if nothing were proved. */
  addressOf(request: Asking): Caller
  /** The caller that a connection itself belongs to; undefined where it is a proxy's, behind which many may be. */
  ofConnection(remoteAddress: string | undefined): Caller | undefined
}

export const createCallers = (trusted: TrustedProxies): Callers => {
  // Requests of one connection follow each other.
  const toCaller = rememberLast((address: string | undefined) => addressToCaller(plain(address)))
  const trusts = trustOf(trusted)

  const addressOf: Callers['addressOf'] = ({ headers, socket }) => {
    const forwarded = trusts === undefined ? undefined : headers['x-forwarded-for']
    if (trusts === undefined || forwarded === undefined) return toCaller(socket.remoteAddress)
    const peer = plain(socket.remoteAddress)
    // Each proxy adds whom it was asked by: from the last to the first, as far as they are trusted.
    const hops = [forwarded].flat().join(',').split(',').map(plain).reverse()
    let found = peer
    for (const [at, hop] of hops.entries()) {
      if (!trusts(found, at) || isIP(hop) === 0) break
      found = hop
    }
    return toCaller(found)
  }

  return {
    of: request => identityOf(request)?.rights.name ?? addressOf(request),
    addressOf,
    ofConnection: remoteAddress => {
      const peer = plain(remoteAddress)
      return trusts?.(peer, 0) === true ? undefined : addressToCaller(peer)
    },
  }
}

type Trusts = (address: string, hop: number) => boolean

const trustOf = (trusted: TrustedProxies): Trusts | undefined => {
  if (trusted.kind === 'none') return undefined
  if (trusted.kind === 'hops') return (_, hop) => hop < trusted.hops
  const list = new BlockList()
  for (const entry of trusted.addresses) {
    const [address = '', bits] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return address => isIP(address) > 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** The address without its port, zone and brackets, as some proxies write them; an IPv4 address as such. */
const plain = (address: string | undefined): string => {
  const bare = (address ?? '')
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/%.*$/, '')
  return bare.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
}

const addressToCaller = (address: string): Caller => {
  if (!isIPv6(address)) return address
  // As a host name of an address, it is written in one way alone.
  const written = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address
  const [before = '', after] = written.split('::')
  const groups = before === '' ? [] : before.split(':')
  if (after !== undefined) {
    const last = after === '' ? [] : after.split(':')
    while (groups.length < 8 - last.length) groups.push('0')
    groups.push(...last)
  }
  return `${groups.slice(0, 4).join(':')}::/64`
}
