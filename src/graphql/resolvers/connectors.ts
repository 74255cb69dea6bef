/** How the connectors fare. */
import type { Resolvers } from '../../generated/resolvers.ts'

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
    store: ({ store }) =>
      store.map(of => ({ ...of, asOf: of.asOf === null ? null : Math.floor(of.asOf / 1_000) })),
    eventStore: ({ alias }, _, { loaders }) => loaders.eventStore(alias),
    capabilities: ({ capabilities }) => [...capabilities],
  },
}
