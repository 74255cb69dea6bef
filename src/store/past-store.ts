/** The rows that one operation reads of what was known of a connector at a moment: a store like that of the connector as it is. */
import type { Clock } from '../model/clock.ts'
import type { SizesByConnector } from '../upstream/state/sizes.ts'
import { type ConnectorStore, createStore } from './store.ts'
import { createPastClient, type PastClientOptions } from './past/past-client.ts'

export type { PastRows } from './past/past-client.ts'

export interface PastStoreOptions extends PastClientOptions {
  /** What it is called among the connectors of the operation. */
  readonly alias: string
  readonly clock: Clock
}

export const createPastStore = ({ alias, clock, ...options }: PastStoreOptions): ConnectorStore => {
  const { connectors } = createStore({
    connectors: [{ alias, client: createPastClient(options), sizes: unknownSizes }],
    clock,
    // What all operations may hold of the past is bounded elsewhere.
    maxBytes: Infinity,
    refresh: false,
  })
  const store = connectors.get(alias)
  if (store === undefined) throw new Error('A store without the connector that it was made for')
  return store
}

/** How large lists were is seen as they are read. */
const unknownSizes: SizesByConnector = {
  get: () => undefined,
  set: () => undefined,
  seen: () => undefined,
  see: () => undefined,
}
