/** A receiver of syslog that shakes hands, reads no more, and refuses when it is told to: by TLS in good order, as rsyslog does. */
import { type AddressInfo, createServer } from 'node:net'
import { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { authority } from './certificates.ts'

export interface RefusingReceiver {
  readonly port: number
  /** Takes leave by TLS, and closes what it did not read. */
  refuse(): void
  close(): Promise<void>
}

export const startRefusingReceiver = async (): Promise<RefusingReceiver> => {
  let refuse = (): void => undefined
  const server = createServer({ allowHalfOpen: true }, socket => {
    const through = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        socket.write(chunk, done)
      },
      // The end by TLS is not that of the connection.
      final: done => done(),
    })
    socket.on('data', (chunk: Buffer) => through.push(chunk))
    socket.on('error', () => undefined)
    const secured = new TLSSocket(through, { isServer: true, ...authority.server })
    secured.on('error', () => undefined)
    secured.on('secure', () => socket.pause())
    refuse = () => {
      secured.end(() => socket.destroy())
    }
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    refuse: () => refuse(),
    close: async () => {
      refuse()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
