/** A connector as its users see it. */
import { collectionNames } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { ConnectorHealth, ConnectorStore, RateLimitState } from '../store/store.ts'

/** What a connector is like at the moment at which somebody looks. */
export interface ConnectorView {
  readonly alias: string
  readonly health: ConnectorHealth
  readonly rateLimit: RateLimitState
  readonly store: readonly CollectionView[]
  readonly capabilities: readonly { readonly name: string; readonly verdict: string }[]
}

export interface CollectionView {
  readonly collection: CollectionName
  readonly rows: number
  /** Milliseconds; null before the first whole read. */
  readonly asOf: number | null
  readonly complete: boolean
  readonly refreshing: boolean
}

export const viewConnector = (store: ConnectorStore): ConnectorView => new View(store)

// Every object has its connector, of which mostly the alias is asked for: the rest is looked up when it is.
class View implements ConnectorView {
  readonly #store: ConnectorStore

  constructor(store: ConnectorStore) {
    this.#store = store
  }

  get alias(): string {
    return this.#store.alias
  }

  get health(): ConnectorHealth {
    return this.#store.health
  }

  get rateLimit(): RateLimitState {
    return this.#store.rateLimit
  }

  get store(): readonly CollectionView[] {
    return collectionNames.map(name => viewCollection(this.#store, name))
  }

  get capabilities(): ConnectorView['capabilities'] {
    return [...this.#store.facts]
      .map(([name, verdict]) => ({ name, verdict }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

const viewCollection = (store: ConnectorStore, name: CollectionName): CollectionView => {
  // A look at the store must not keep a collection in it.
  const table = store.peek(name)
  return {
    collection: name,
    rows: table?.size ?? 0,
    asOf: table?.whole ?? null,
    complete: table?.whole !== undefined && table.unreadable.length === 0,
    refreshing: store.scanning(name)?.running === true,
  }
}
