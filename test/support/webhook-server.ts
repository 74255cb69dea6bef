/** Who takes webhooks in tests: keeps what came, and answers as it is told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/model/clock.ts'
import { payloadOf, type Members } from '../../src/model/events.ts'
import { verify } from '../../src/webhooks/signature.ts'
import { SECRET } from './deliveries.ts'

export interface Arrived {
  readonly payload: Members
  /** Milliseconds, by the clock. */
  readonly at: number
  /** Whether it was signed with the secret at that time. */
  readonly isGenuine: boolean
  readonly signature: string
}

export interface WebhookServer {
  readonly target: { readonly url: string; readonly secret: string }
  readonly arrived: Arrived[]
  /** What it answers from now on; null: nothing. */
  status: number | null
}

/** Listens until the running test ends; only to be called within one. */
export const webhookServerForTest = async (clock: Clock): Promise<WebhookServer> => {
  const arrived: Arrived[] = []
  const server = createServer((request, response) => {
    void buffer(request).then(body => {
      const signature = String(request.headers['x-signature'])
      const nowSeconds = clock.now() / 1_000
      const verdict = verify({ header: signature, body, secrets: [SECRET], nowSeconds })
      arrived.push({
        payload: payloadOf({ body: body.toString() }),
        at: clock.now(),
        isGenuine: verdict.ok,
        signature,
      })
      if (webhookServer.status !== null) response.writeHead(webhookServer.status).end()
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const target = { url: `http://127.0.0.1:${port}/`, secret: SECRET }
  const webhookServer: WebhookServer = { target, arrived, status: 200 }
  return webhookServer
}
