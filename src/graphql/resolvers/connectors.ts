/** How the connectors fare. */
import type { Resolvers } from '../../generated/resolvers.ts'
import { toSeconds } from './pages.ts'

export const connectors: Pick<Resolvers, 'Connector' | 'Sink' | 'StoredCollection'> = {
  Connector: {
    alias: of => of.alias,
    status: of => of.health().status,
    reason: of => of.health().reason,
    rateLimit: of => {
      const { available, estimatedWaitMs, ...rest } = of.rateLimit()
      return {
        ...rest,
        available: Math.floor(available),
        estimatedWaitMs: Math.ceil(estimatedWaitMs),
      }
    },
    store: of => [...of.collections()],
    eventStore: (of, _, { loaders }) => loaders.eventStore(of.alias),
    capabilities: of => of.capabilities(),
    database: async (_of, _, { shared }) => (await shared?.()) ?? null,
    sinks: (of, _, { sinks }) =>
      sinks().filter(({ connectors: own }) => own?.includes(of.alias) ?? true),
  },
  Sink: {
    lagSeconds: of => of.lagSeconds ?? null,
    sent: of => of.totals?.sent ?? null,
    quarantined: of => of.totals?.quarantined ?? null,
    lastError: of => of.lastFailure?.message ?? null,
    at: of => toSeconds(of.lastFailure?.at ?? null),
  },
  StoredCollection: {
    asOf: of => toSeconds(of.asOf),
    bytes: of => of.bytes(),
  },
}
