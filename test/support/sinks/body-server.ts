/** A server of HTTP that is handed each request once its body is whole. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface BodyServer {
  /** `http://127.0.0.1:port`, or with `https` where it speaks TLS. */
  readonly origin: string
  close(): Promise<void>
}

/** `tls`: its certificate, and what it asks of ours; plain HTTP where absent. */
export const startBodyServer = async (
  answerTo: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void,
  tls: ServerOptions | undefined,
): Promise<BodyServer> => {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answerTo(request, Buffer.concat(chunks), response))
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
