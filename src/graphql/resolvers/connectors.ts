/** How the connectors fare. */
import type { Resolvers } from '../../generated/resolvers.ts'
import { toSeconds } from './pages.ts'

export const connectors: Pick<Resolvers, 'Connector'> = {
  Connector: {
    alias: ({ alias }) => alias,
    status: ({ health }) => health.status,
    reason: ({ health }) => health.reason,
    rateLimit: ({ rateLimit }) => ({
      ...rateLimit,
      available: Math.floor(rateLimit.available),
      estimatedWaitMs: Math.ceil(rateLimit.estimatedWaitMs),
    }),
    store: ({ store }) => store.map(of => ({ ...of, asOf: toSeconds(of.asOf) })),
    eventStore: ({ alias }, _, { loaders }) => loaders.eventStore(alias),
    capabilities: ({ capabilities }) => [...capabilities],
  },
}
