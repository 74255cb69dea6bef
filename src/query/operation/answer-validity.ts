/**
 * Until when an answer stands: as long as every collection that it rests on is fresh, whole and unchanged, the same
 * question is given the same answer.
 */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ConnectorStore, Table } from '../../store/store.ts'

export interface AnswerValidity {
  /** The answer rests on that table, a whole and fresh collection. */
  dependsOn(store: ConnectorStore, table: Table): void
  restsOn(table: Table): boolean
  /** The answer rests on something else too: nobody knows how long it stands. */
  markVolatile(): void
  /** Tells later whether the answer would be given again; undefined where that is not known or is already over. */
  validator(terms: ValidityTerms): StillValid | undefined
}

/** Whether the answer would be given again now. If so, what it rests on counts as used. */
export type StillValid = () => boolean

export interface ValidityTerms {
  readonly clock: Pick<Clock, 'now'>
  /** How old rows may be, in milliseconds of age, as for the operation itself. */
  readonly freshness: { readonly maxAgeMs: number; readonly staleMs: number }
}

/** The moments (milliseconds) since which rows are fresh, and since which they may be served at all. */
export interface AgeBounds {
  readonly freshSince: number
  readonly staleSince: number
}

/** What an age means at a moment. */
export const sinceOf = (
  now: number,
  { maxAgeMs, staleMs }: ValidityTerms['freshness'],
): AgeBounds => ({
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
  readonly unreadable: Table['unreadable']
}

/** The standing of an answer of which nothing has been read yet. */
export const createAnswerValidity = (): AnswerValidity => {
  const grounds = new Map<Table, Ground>()
  let ended = false

  return {
    dependsOn: (store, table) => {
      const { collection: name, epoch, version, whole, wholeTookMs, unreadable } = table
      if (!grounds.has(table))
        grounds.set(table, { store, name, epoch, version, whole, wholeTookMs, unreadable })
    },
    restsOn: table => grounds.has(table),
    markVolatile: () => {
      ended = true
    },
    validator: ({ clock, freshness }) => {
      if (ended || grounds.size === 0) return undefined
      const all = [...grounds.values()]
      const validator: StillValid = () => {
        const since = sinceOf(clock.now(), freshness)
        for (const ground of all) if (!holds(ground, since)) return false
        for (const { store, name } of all) store.table(name)
        return true
      }
      return validator() ? validator : undefined
    },
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
    table.unreadable === then.unreadable &&
    isFreshWhole(table, since, store.refresher.enabled)
  )
}
