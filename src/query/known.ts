/** What is known of a connector at the beginning of an operation, as planning wants to know it. */
import type { ConnectorStore } from '../store/store.ts'
import type { Known } from './demand.ts'
import type { Operation } from './operation.ts'
import type { Memory } from './sightings.ts'
import { presumedRows } from './sizes.ts'

export const knownOf = (
  store: ConnectorStore,
  operation: Operation,
  { passing, sought }: Memory,
): Known => {
  // What is a little old may be served where it is read again in the background.
  const since = store.refresher.enabled ? operation.staleSince : operation.freshSince
  const covered = (asOf: number | undefined): boolean => asOf !== undefined && asOf >= since
  const { available, burst, limit } = store.rateLimit
  return {
    rows: name => presumedRows(name, store.expectedRows(name)),
    covered: name => covered(store.table(name).whole),
    has: (name, id) => store.table(name).readAt(id) >= since,
    hasSlice: (name, field, value) => covered(store.table(name).slice(field, value)),
    walked: name => {
      const scan = store.scanning(name)
      return scan !== undefined && scan.startedAt >= operation.freshSince
        ? { rows: scan.rows, pages: scan.pages }
        : { rows: 0, pages: 0 }
    },
    comesDetailed: name => {
      const table = store.table(name)
      for (const row of table.values())
        if (table.detailedAt(row.id) === 0) return !('events' in row) || row.events !== null
      return false
    },
    byId: name => store.byId(name) !== false,
    bySlice: (name, field) => store.bySlice(name, field) !== false,
    byParameter: (name, field) => store.byParameter(name, field) !== false,
    isLearnt: (name, field) => store.byParameter(name, field) === true,
    // All rows pass what asks for nothing, and how many those are is no sighting.
    passing: (name, filter) => (filter.kind === 'all' ? undefined : passing(name, filter)),
    sought,
    byOffset: name => store.facts.get(`offset ${name}`) === 'works',
    pageSize: store.pageSize,
    nowSeconds: operation.startedAt / 1_000,
    terms: {
      available,
      burst,
      rate: limit,
      latencyMs: store.latencyMs,
    },
  }
}
