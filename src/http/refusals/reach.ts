/**
 * Under which names the server answers, and which pages may ask it. A page of another site can make its own name lead
 * to this machine, and would then read answers as its own; and browsers let any page open a WebSocket and read along.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isLoopback } from '../../model/loopback.ts'
import { rememberLast } from '../../model/remember.ts'

/** What may be reached from elsewhere. */
export interface ReachOptions {
  /** Names under which the server answers beside those of this machine, in small letters. */
  readonly hosts: readonly string[]
  /** Origins of other sites whose pages may ask, as browsers write them. */
  readonly origins: readonly string[]
}

type Asking = Pick<IncomingMessage, 'headers'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'localAddress'>
}

export interface Reach {
  /** Why a request under its host name is refused; undefined where it is not. */
  hostFlaw(request: Asking): 'unreadable' | 'foreign' | undefined
  /** Whether the request comes from a page of another site that is named. */
  isNamedOrigin(origin: string | undefined): origin is string
  /** Whether it comes from no page, from one of this server, or from one that is named. */
  mayAsk(headers: IncomingMessage['headers']): boolean
}

export const createReach = ({ hosts, origins }: ReachOptions): Reach => {
  const named = new Set(hosts)
  const allowed = new Set(origins)
  const read = rememberLast((header: string | undefined) => {
    const name = hostName(header)
    return { name, isOurs: name !== undefined && (isLoopback(name) || named.has(name)) }
  })

  const isNamedOrigin = (origin: string | undefined): origin is string =>
    origin !== undefined && allowed.has(origin)

  return {
    hostFlaw: ({ headers, socket }) => {
      const { name, isOurs } = read(headers.host)
      if (name === undefined) return 'unreadable'
      return isOurs || name === addressOf(socket.localAddress) ? undefined : 'foreign'
    },
    isNamedOrigin,
    mayAsk: ({ origin, host = '' }) => {
      if (origin === undefined || isNamedOrigin(origin)) return true
      const page = URL.parse(origin)
      return page !== null && page.host === URL.parse(`${page.protocol}//${host}`)?.host
    },
  }
}

/** As the host names of addresses are written: no other name leads to one. */
const addressOf = (address: string | undefined): string | undefined => {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/, '')
  return plain !== undefined && isIP(plain) === 6 ? `[${plain}]` : plain
}

const hostName = (header: string | undefined): string | undefined =>
  URL.parse(`http://${header ?? ''}/`)?.hostname || undefined
