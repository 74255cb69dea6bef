/** The tenants that are served: those of the settings, or the demo tenant where there are none. */
import { randomBytes } from 'node:crypto'
import { DEMO_ALIAS } from '../config/auth.ts'
import type { Config } from '../config/config.ts'
import type { ConnectorConfig } from '../config/connectors.ts'
import type { StandIn } from '../demo/stand-in.ts'

export interface Tenants {
  readonly connectors: readonly ConnectorConfig[]
  /** Set where the demo tenant is served. */
  readonly standIn: StandIn | undefined
}

/** Starts the stand-in where no connector is configured; whoever asks closes it. */
export const openTenants = async ({ connectors, demo, mutations }: Config): Promise<Tenants> => {
  if (connectors.length > 0) return { connectors, standIn: undefined }
  const webhookSecret = `psws_${randomBytes(16).toString('hex')}`
  const { createStandIn } = await import('../demo/stand-in.ts')
  const { seed, scale, latencyMs, rate, burst } = demo
  const standIn = await createStandIn({ seed, scale, switches: { latencyMs } })
  return {
    standIn,
    connectors: [
      {
        alias: DEMO_ALIAS,
        url: standIn.url,
        rate,
        burst,
        key: async () => (mutations ? standIn.keys.full : standIn.keys.readOnly),
        keyId: 'demo',
        webhookSecrets: () => [webhookSecret],
      },
    ],
  }
}
