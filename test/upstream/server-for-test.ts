/** A plain HTTP server in Push's place, for what the stand-in does not do. */
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface TestServer {
  readonly url: string
  /** Everything that arrived, in order. */
  readonly requests: readonly IncomingMessage[]
  readonly connections: () => number
}

/** A server on a free loopback port, closed when the running test ends. */
export const serverForTest = async (answer: RequestListener): Promise<TestServer> => {
  const requests: IncomingMessage[] = []
  let connections = 0
  const server = createServer((request, response) => {
    requests.push(request)
    void answer(request, response)
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, requests, connections: () => connections }
}
