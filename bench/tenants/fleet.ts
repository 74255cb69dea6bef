/** Many connectors of one server, each a tenant of its own to it, over one stand-in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startProduct } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'

export interface Fleet {
  /** The aliases of the connectors. */
  readonly aliases: readonly string[]
  /** A server over all of them, on the same data folder each time. */
  start(): Promise<Server>
  /** Requests to Push so far. */
  requests(): Promise<number>
  stop(): Promise<void>
}

const environment = {
  // What is measured is what is kept: it may be read as fast as it comes.
  PUSHGRAPH_RATE: '500',
  PUSHGRAPH_BURST: '500',
  PUSHGRAPH_MAX_REQUESTS: '2000',
  PUSHGRAPH_MAX_WAIT_MS: '120000',
  PUSHGRAPH_MAX_AGE_S: '86400',
  PUSHGRAPH_STALE_S: '86400',
  PUSHGRAPH_CONFIG: 'connectors.json',
}

/** So many tenants of the demo tenant's size; nothing of them is read. */
export const startFleet = async (count: number, isSealed: boolean): Promise<Fleet> => {
  const standIn = await startStandIn(1, { latencyMs: 1, limiter: false })
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-tenants-'))
  const door = await openDoor(Number(new URL(standIn.url).port))
  const connectors = Array.from({ length: count }, (_, nth) => ({
    alias: `t${nth + 1}`,
    apiKey: standIn.key,
    // Each has an address, and so a tenant, of its own.
    url: `http://127.0.${Math.floor(nth / 200) + 1}.${(nth % 200) + 1}:${door.port}/v1`,
  }))
  writeFileSync(join(folder, 'connectors.json'), JSON.stringify({ connectors }))
  if (isSealed) writeFileSync(join(folder, 'key.txt'), '1'.repeat(64))
  return {
    aliases: connectors.map(({ alias }) => alias),
    start: () =>
      startProduct(
        { url: '', key: '' },
        {
          dataDirectory: folder,
          environment: {
            ...environment,
            ...(isSealed ? { PUSHGRAPH_DATA_KEY_FILE: 'key.txt' } : {}),
          },
        },
      ),
    requests: async () => (await standIn.statistics()).requests,
    stop: async () => {
      door.close()
      await standIn.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What listens at every address of this machine and hands over to that port. */
const openDoor = async (
  to: number,
): Promise<{ readonly port: number; readonly close: () => void }> => {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer(from => {
    const onward = connect(to, '127.0.0.1')
    for (const [socket, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
