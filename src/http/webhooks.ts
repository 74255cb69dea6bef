/** Where Push sends its webhooks: `POST /webhooks/{connector}`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Tracing } from '../model/tracing.ts'
import type { ReceiptOutcome, Receiver } from '../webhooks/receiver.ts'
import type { Refusal } from '../webhooks/signature.ts'
import type { Metering } from './apollo/metering.ts'
import { type BodyOptions, readBodies } from './bodies.ts'
import { addRoute, toRefusal } from './refusals/refuse.ts'

/** Who is told of deliveries that were answered. */
export interface DeliveryListeners {
  readonly metering?: Pick<Metering, 'delivery'> | undefined
  readonly tracing?: Pick<Tracing, 'delivery'> | undefined
}

/** Serves the webhooks of all connectors. The body stays as it was written, since the signature is over its bytes. */
export const serveWebhooks = (
  app: FastifyInstance,
  receiver: Receiver,
  bodies: BodyOptions,
  { metering, tracing }: DeliveryListeners = {},
): void => {
  void app.register(async scope => {
    scope.removeAllContentTypeParsers()
    readBodies(scope, '*', bodies, bytes => bytes)
    const handle = async (request: FastifyRequest, reply: FastifyReply) => {
      const from = performance.now()
      const { connector } = request.params as { readonly connector: string }
      const header = request.headers['x-signature']
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const outcome = await receiver.receive(
        connector,
        [header].flat().join(',') || undefined,
        body,
      )
      const ms = performance.now() - from
      const { status, answer } = answerTo(outcome)
      metering?.delivery(ms)
      tracing?.delivery({
        headers: request.headers,
        connector: outcome.kind === 'unknown connector' ? undefined : connector,
        result: outcome.kind,
        status,
        ms,
      })
      return reply.code(status).header('cache-control', 'no-store').send(answer)
    }
    // What Push sends is signed.
    addRoute(scope, ['POST'], '/webhooks/:connector', handle, 'everybody')
  })
}

const answerTo = (
  outcome: ReceiptOutcome,
): { readonly status: number; readonly answer: object } => {
  switch (outcome.kind) {
    case 'stored':
    case 'known':
      return { status: 200, answer: { status: outcome.kind } }
    case 'unknown connector':
      return {
        status: 404,
        answer: toRefusal('NOT_FOUND', 'There is no connector of that name'),
      }
    case 'unreadable':
      return { status: 400, answer: toRefusal('BAD_REQUEST', outcome.problem) }
    case 'refused':
      return { status: 401, answer: toRefusal('UNAUTHENTICATED', refusals[outcome.reason]) }
    case 'unavailable':
      return {
        status: 503,
        answer: toRefusal('UNAVAILABLE', 'The event cannot be stored now; send it again'),
      }
    default:
      return outcome satisfies never
  }
}

const refusals: Readonly<Record<Refusal, string>> = {
  'no secret':
    'This connector has no webhook secret; set PUSH_WEBHOOK_SECRET, or webhookSecrets in PUSHGRAPH_CONFIG',
  'no header': 'The header X-Signature is missing',
  'unreadable header':
    'The header X-Signature must have t=SECONDS once, and v1=HEX with 64 hex digits',
  mismatch: 'The signature does not fit the body and any secret of this connector',
  'too old': 'The signature is more than 35 minutes old',
  'too new': 'The signature is more than 35 minutes ahead of this machine',
}
