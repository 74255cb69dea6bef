/**
 * A load balancer as small as one can be: each request goes to the next server that is ready, and WebSockets and streams
 * stay with theirs. In earnest it is nginx, HAProxy, or what the cloud has.
 */
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline } from 'node:stream'

export interface Balancer {
  readonly url: string
  /** The servers that are ready now. */
  ready(): readonly string[]
  close(): Promise<void>
}

/** By which header the server is named that answered. */
export const SERVED_BY = 'x-served-by'

const LOOK_MS = 300
const LOOK_WITHIN_MS = 1_000

/** In front of servers at these addresses, such as `http://127.0.0.1:4001`. */
export const startBalancer = async (servers: readonly string[], port = 0): Promise<Balancer> => {
  let ready: readonly string[] = []
  let turn = 0

  const look = async (): Promise<void> => {
    const found = await Promise.all(
      servers.map(server =>
        fetch(`${server}/readyz`, { signal: AbortSignal.timeout(LOOK_WITHIN_MS) }).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    )
    ready = servers.filter((_, index) => found[index])
  }
  await look()
  const looking = setInterval(() => void look(), LOOK_MS)

  const next = (): string | undefined => {
    turn += 1
    return ready[turn % ready.length]
  }

  const forward = (from: IncomingMessage, server: string) =>
    request(new URL(from.url ?? '/', server), {
      method: from.method,
      headers: { ...from.headers, 'x-forwarded-for': from.socket.remoteAddress ?? '' },
    })

  const balancer = createServer((from, to) => {
    const server = next()
    if (server === undefined) {
      to.writeHead(503).end()
      return
    }
    const asked = forward(from, server)
    asked.on('response', answer => {
      to.writeHead(answer.statusCode ?? 502, { ...answer.headers, [SERVED_BY]: server })
      // An answer that breaks off breaks off here, too: whoever reads a stream comes back.
      pipeline(answer, to, () => undefined)
    })
    asked.on('error', () => {
      // It has just gone; the next look finds that out for the others.
      ready = ready.filter(other => other !== server)
      if (to.headersSent) to.destroy()
      else to.writeHead(502).end()
    })
    to.on('close', () => asked.destroy())
    from.pipe(asked)
  })

  balancer.on('upgrade', (from: IncomingMessage, socket: Socket, head: Buffer) => {
    const server = next()
    if (server === undefined) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
      return
    }
    const asked = forward(from, server)
    asked.on('upgrade', (answer, far, first) => {
      const lines = Object.entries(answer.headers).map(
        ([name, value]) => `${name}: ${String(value)}`,
      )
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
      far.write(head)
      socket.write(first)
      far.pipe(socket)
      socket.pipe(far)
      far.on('error', () => socket.destroy())
      far.on('close', () => socket.destroy())
      socket.on('close', () => far.destroy())
    })
    asked.on('response', answer => {
      socket.end(`HTTP/1.1 ${answer.statusCode ?? 502} ${answer.statusMessage ?? ''}\r\n\r\n`)
    })
    asked.on('error', () => socket.destroy())
    socket.on('error', () => asked.destroy())
    asked.end()
  })

  await new Promise<void>(resolve => {
    balancer.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`,
    ready: () => ready,
    close: async () => {
      clearInterval(looking)
      balancer.closeAllConnections()
      await new Promise(resolve => balancer.close(resolve))
    },
  }
}
