/** Statistics and switches from another process, over HTTP; only where it was asked for. */
import { type Answer, refusal } from './answer.ts'
import type { StandIn } from './contract.ts'
import type { WebhookTarget } from './life/sender.ts'
import type { Switches } from './switches.ts'

/** Beside `/v1`, so that no client of the API meets it. */
export const CONTROL_PATH = '/__control'

type Controlled = Pick<
  StandIn,
  'set' | 'reset' | 'statistics' | 'switches' | 'sendWebhooks' | 'webhookCounts'
>

/**
 * GET gives `{ statistics, switches, webhooks }`. POST takes `{ set?: {switch: value}, reset?: true | number, webhooks?:
 * {url, secret} | null }` as JSON, sets first, and gives the same. A reset with a number begins chance from that one.
 */
export const control = (standIn: Controlled, method: string, body: unknown): Answer => {
  if (method === 'POST') {
    if (typeof body !== 'object' || body === null) return refusal(400, 'The body must be an object')
    const { set, reset, webhooks } = body as {
      set?: Partial<Switches>
      reset?: boolean | number
      webhooks?: WebhookTarget | null
    }
    if (webhooks !== undefined && webhooks !== null && !isTarget(webhooks))
      return refusal(400, 'webhooks must have a url and a secret')
    try {
      if (set !== undefined) standIn.set(set)
    } catch (error) {
      return refusal(400, error instanceof Error ? error.message : 'Invalid switches')
    }
    if (webhooks !== undefined) standIn.sendWebhooks(webhooks ?? undefined)
    if (reset === true) standIn.reset()
    if (typeof reset === 'number') standIn.reset(reset)
  } else if (method !== 'GET') return refusal(405, 'Method not allowed')
  const { switches, webhookCounts: webhooks } = standIn
  return { status: 200, body: { statistics: standIn.statistics(), switches, webhooks } }
}

const isTarget = (value: unknown): value is WebhookTarget => {
  const { url, secret } = Object(value) as Partial<Record<keyof WebhookTarget, unknown>>
  return typeof url === 'string' && URL.canParse(url) && typeof secret === 'string'
}
