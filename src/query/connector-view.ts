/** A connector as its users see it. */
import { collectionNames } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { ConnectorHealth, ConnectorStore, RateLimitState } from '../store/store.ts'

export interface CollectionView {
  readonly collection: CollectionName
  readonly rows: number
  /** Milliseconds; null before the first whole read. */
  readonly asOf: number | null
  readonly complete: boolean
  readonly refreshing: boolean
  /** Webhooks keep it up to date. */
  readonly followed: boolean
  /** What reads found that no webhook had told, since the start. */
  readonly drift: number
  /** Of the answers that are kept in the data folder. */
  bytes(): Promise<number>
}

/** What a connector is like at the moment at which somebody looks: every object has one, of which mostly the alias is asked for. */
export class ConnectorView {
  readonly alias: string
  readonly #store: ConnectorStore

  constructor(store: ConnectorStore) {
    this.alias = store.alias
    this.#store = store
  }

  health(): ConnectorHealth {
    return this.#store.health()
  }

  rateLimit(): RateLimitState {
    return this.#store.rateLimit()
  }

  collections(): readonly CollectionView[] {
    return collectionNames.map(name => viewCollection(this.#store, name))
  }

  drift(name: CollectionName): ReadonlyMap<string, number> {
    return this.#store.drift(name)
  }

  capabilities(): { readonly name: string; readonly verdict: string }[] {
    return [...this.#store.facts()]
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
    complete: table?.whole !== undefined && table.gaps.length === 0,
    refreshing: store.scanning(name)?.running === true,
    followed: table?.followed === true,
    drift: [...store.drift(name).values()].reduce((sum, count) => sum + count, 0),
    bytes: () => store.keptBytes(name),
  }
}
