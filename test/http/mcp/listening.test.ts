/** Agents that listen, and what is left of them. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createListening } from '../../../src/http/mcp/listening.ts'
import { createDoor } from '../../support/door.ts'

test('who left while its request was read takes no place', async () => {
  const admission = createDoor()
  const server = createServer()
  const connections = admission.watch(server)
  const listening = createListening({ admission, connections, follow: undefined })
  onTestFinished(() => void server.close())
  const begun = new Promise<number>((resolve, reject) => {
    server.on('request', (raw, response) => {
      // As where a body is unpacked meanwhile.
      once(response, 'close')
        .then(() => {
          listening.begin({ raw } as never, { raw: response } as never)
          resolve(admission.counts().subscriptions)
        })
        .catch(reject)
      asking.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const asking = request({ host: '127.0.0.1', port, agent: false }).on('error', () => undefined)
  asking.end()
  expect(await begun).toBe(0)
})
