/** Getting single rows by their ids: one by one, or by a scan where that is cheaper. */
import { toError, UpstreamUnavailableError } from '../../errors.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import {
  readEach,
  type Reading,
  readSingly,
  type ScanAnswers,
  type SingleRead,
} from './read-each.ts'
import { isUnknown } from './unknown-rows.ts'

export interface RowReader {
  /** The row if the store can say now, null if there is none, undefined if Push must be asked. */
  known<Name extends CollectionName>(name: Name, id: string): Rows[Name] | null | undefined
  /**
   * Rows in the order of the ids; null where there is none, an error where it cannot be known. `anew`: those that are no
   * longer fresh are asked for, be it that they might be served while they are refreshed.
   */
  rows<Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
    anew?: boolean,
  ): Promise<(Rows[Name] | null | Error)[]>
  /** A row with the members that lists may leave out. */
  detailed<Name extends CollectionName>(name: Name, id: string): Promise<Rows[Name] | null>
  /** The same for many rows, so that the store has their details. @throws what made that impossible. */
  details(name: CollectionName, ids: readonly string[]): Promise<void>
}

export const createRowReader = (reading: Reading): RowReader => {
  const { store, operation, freshness } = reading

  const knownRow = <Name extends CollectionName>(
    name: Name,
    id: string,
    anew: boolean,
  ): Rows[Name] | null | undefined => {
    const table = store.table(name)
    const row = table.get(id)
    if (row !== undefined) {
      const readAt = table.readAt(id)
      const usable =
        freshness.isCurrent(table, readAt) ||
        (!anew &&
          freshness.usable(readAt, `${name} ${id}`, () =>
            store.readOne(name, id, freshness.background()),
          ))
      if (!usable) return undefined
      operation.served(readAt, true)
      return row
    }
    if (isUnknown(table, id)) return undefined
    const absent = table.absent(id) ?? 0
    if (!freshness.isCurrent(table, absent)) return undefined
    operation.served(Math.max(absent, table.whole ?? 0), true)
    return null
  }

  const known: RowReader['known'] = (name, id) => knownRow(name, id, false)

  const rows: RowReader['rows'] = <Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
    anew = false,
  ) =>
    readEach<Rows[Name] | null>(
      {
        ...byId(name, reading),
        what: `byId ${name}`,
        isRefused: store.byId(name) === false,
        known: id => knownRow(name, id, anew),
        byScan: () => rowsByScan(name, reading),
        // What is known of the others is for as long as the whole collection may be served.
        escapesScan: id =>
          isUnknown(store.table(name), id) && freshness.isCurrent(store.table(name), undefined),
      },
      ids,
      reading,
    )

  const detailed: RowReader['detailed'] = async (name, id) => {
    const table = store.table(name)
    const at = table.detailedAt(id)
    if (at >= operation.freshSince || (at > 0 && at >= operation.staleSince))
      return table.get(id) ?? null
    operation.observations.observedReads(store.alias, `details ${name}`, 1)
    const [[, row] = [id, null]] = await readSingly(byId(name, reading), [id], reading)
    if (row instanceof Error) throw row
    return row === 'unavailable' ? (table.get(id) ?? null) : row
  }

  const details: RowReader['details'] = async (name, ids) => {
    const table = store.table(name)
    const missing = ids.filter(id => table.detailedAt(id) < operation.freshSince)
    if (missing.length === 0) return
    operation.observations.observedReads(store.alias, `details ${name}`, missing.length)
    const unavailable = new UpstreamUnavailableError(
      `The API does not give single ${name}, and its list leaves out what is asked for`,
    )
    if (store.byId(name) === false) throw unavailable
    for (const [, answer] of await readSingly(byId(name, reading), missing, reading)) {
      if (answer instanceof Error) throw answer
      if (answer === 'unavailable') throw unavailable
    }
  }

  return { known, rows, detailed, details }
}

/** Rows read by their ids. */
const byId = <Name extends CollectionName>(
  name: Name,
  { store, operation, freshness }: Reading,
): SingleRead<Rows[Name] | null> => ({
  collection: name,
  ask: async (id, call) => {
    const row = await store.readOne(name, id, call)
    if (row === 'unavailable') return row
    operation.served(store.table(name).readAt(id) || operation.startedAt, false)
    if (row !== null) operation.read(1)
    return row
  },
  stale: (id, error) => {
    const table = store.table(name)
    const row = table.get(id)
    const asOf = row === undefined ? table.whole : table.readAt(id)
    if (isUnknown(table, id)) return toError(error)
    if (asOf === undefined || operation.work.signal.aborted) return toError(error)
    freshness.serveStale(name, asOf, error)
    return row ?? null
  },
})

/** Rows as a scan that runs or begins now brings them; it need not go on when those that are asked for are there. */
const rowsByScan = <Name extends CollectionName>(
  name: Name,
  { store, operation, freshness }: Reading,
): ScanAnswers<Rows[Name] | null> => {
  const table = store.table(name)
  const since = Math.min(operation.freshSince, freshness.scan(name).startedAt)
  return {
    has: id => table.readAt(id) >= since,
    serve: id => {
      const row = table.get(id)
      operation.served(row === undefined ? (table.whole ?? 0) : table.readAt(id), false)
      if (row !== undefined) operation.read(1)
      else if (isUnknown(table, id)) freshness.noteGaps(name, table.gaps)
      return row ?? null
    },
  }
}
