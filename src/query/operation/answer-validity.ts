/**
 * Until when an answer stands: as long as every collection that it rests on is fresh, whole and unchanged, the same
 * question is given the same answer.
 */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ConnectorStore, ConnectorStores, Store, Table } from '../../store/store.ts'

/** How old rows may be, in milliseconds of age. */
export interface MaxAges {
  /** Rows younger than this are served as they are. */
  readonly maxAgeMs: number
  /** Rows younger than this are served while they are read again in the background. */
  readonly staleMs: number
}

export interface ValidityTerms {
  readonly clock: Pick<Clock, 'now'>
  readonly freshness: MaxAges
  /** Whose connectors the answer is of; once others take their place, it is not given again. */
  readonly store?: Pick<Store, 'connectors'>
}

/** The moments (milliseconds) since which rows are fresh, and since which they may be served at all. */
export interface AgeBounds {
  readonly freshSince: number
  readonly staleSince: number
}

/** What an age means at a moment. */
export const sinceOf = (now: number, { maxAgeMs, staleMs }: MaxAges): AgeBounds => ({
  freshSince: now - maxAgeMs,
  staleSince: now - Math.max(staleMs, maxAgeMs),
})

/**
 * Whether the table holds the whole collection and nobody has to read it again yet. What took a minute to read is as
 * fresh as can be when it is in; where nothing is refreshed, plans go by its age alone.
 */
export const isFreshWhole = (
  { whole, wholeTookMs }: Table,
  { freshSince, staleSince }: AgeBounds,
  refreshes: boolean,
): boolean =>
  whole !== undefined && whole >= staleSince && whole + (refreshes ? wholeTookMs : 0) >= freshSince

interface Ground {
  readonly store: ConnectorStore
  readonly name: CollectionName
  readonly epoch: string
  readonly version: number
  readonly whole: number | undefined
  readonly wholeTookMs: number
  readonly gaps: Table['gaps']
}

/** Of an answer of which nothing has been read yet; it is volatile until it is complete. */
export class AnswerValidity {
  readonly #terms: ValidityTerms
  readonly #connectors: ConnectorStores | undefined
  readonly #grounds: Ground[] = []
  /** Of their tables, which an answer does not keep from going. */
  readonly #epochs = new Set<string>()
  #isVolatile = false
  #isFollowed = false
  #onRepeat: (() => void) | undefined

  constructor(terms: ValidityTerms) {
    this.#terms = terms
    this.#connectors = terms.store?.connectors
  }

  /** The answer rests on that table, a whole and fresh collection. */
  dependsOn(store: ConnectorStore, table: Table): void {
    const { collection: name, epoch, version, whole, wholeTookMs, gaps } = table
    if (this.#epochs.has(epoch)) return
    this.#epochs.add(epoch)
    this.#grounds.push({ store, name, epoch, version, whole, wholeTookMs, gaps })
    if (table.followed) this.#isFollowed = true
  }

  /** The answer rests on a collection that webhooks keep up to date. */
  noteFollowed(): void {
    this.#isFollowed = true
  }

  get isFollowed(): boolean {
    return this.#isFollowed
  }

  restsOn(table: Table): boolean {
    return this.#epochs.has(table.epoch)
  }

  /** The answer rests on something else too: nobody knows how long it stands. */
  markVolatile(): void {
    this.#isVolatile = true
  }

  /** The answer is there, and all of it is known to be data. `onRepeat` hears each time that it is given again. */
  complete(onRepeat: () => void): void {
    this.#onRepeat = onRepeat
  }

  /** Whether the complete answer would be given again now. If so, what it rests on counts as used. */
  isStillValid(): boolean {
    if (this.#isVolatile || this.#onRepeat === undefined || this.#grounds.length === 0) return false
    const { clock, freshness, store: served } = this.#terms
    if (served?.connectors !== this.#connectors) return false
    const since = sinceOf(clock.now(), freshness)
    for (const ground of this.#grounds) if (!holds(ground, since)) return false
    for (const { store, name } of this.#grounds) store.table(name)
    return true
  }

  /** It is given again. */
  givenAgain(): void {
    this.#onRepeat?.()
  }
}

const holds = (then: Ground, since: AgeBounds): boolean => {
  const { store, name } = then
  const table = store.peek(name)
  return (
    table?.epoch === then.epoch &&
    table.version === then.version &&
    table.whole === then.whole &&
    table.wholeTookMs === then.wholeTookMs &&
    table.gaps === then.gaps &&
    isFreshWhole(table, since, store.refresher.enabled)
  )
}
