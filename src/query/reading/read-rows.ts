/** Getting single rows by their ids: one by one, or by a scan where that is the better way. */
import { toError, UpstreamUnavailableError } from '../../errors.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { Call, ConnectorStore } from '../../store/store.ts'
import type { Freshness } from './freshness.ts'
import type { Operation } from '../operation/operation.ts'
import type { Scanning } from './scan-for-operation.ts'

export interface RowReader {
  /** The row if the store can say now, null if there is none, undefined if Push must be asked. */
  known<Name extends CollectionName>(name: Name, id: string): Rows[Name] | null | undefined
  /** Rows in the order of the ids; null where there is none, an error where it cannot be known. */
  rows<Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ): Promise<(Rows[Name] | null | Error)[]>
  /** A row with the members that lists may leave out. */
  detailed<Name extends CollectionName>(name: Name, id: string): Promise<Rows[Name] | null>
  /** The same for many rows, so that the store has their details. @throws what made that impossible. */
  details(name: CollectionName, ids: readonly string[]): Promise<void>
}

export const createRowReader = (
  store: ConnectorStore,
  operation: Operation,
  freshness: Freshness,
  scanning: Scanning,
): RowReader => {
  /** Fresh for itself, whatever is known of its collection. */
  const isFresh = (asOf: number): boolean => {
    operation.validity.markVolatile()
    return asOf >= operation.freshSince
  }

  const known: RowReader['known'] = (name, id) => {
    const table = store.table(name)
    const row = table.get(id)
    if (row !== undefined) {
      const readAt = table.readAt(id)
      // A whole collection is refreshed by one scan; many rows would each be read again.
      const usable =
        freshness.isWhole(table) ||
        isFresh(readAt) ||
        freshness.wholeUsable(table) ||
        freshness.usable(readAt, `${name} ${id}`, () =>
          store.readOne(name, id, freshness.background()),
        )
      if (!usable) return undefined
      operation.served(readAt, true)
      return row
    }
    const absent = table.absent(id) ?? 0
    if (!(freshness.isWhole(table) || isFresh(absent) || freshness.wholeUsable(table)))
      return undefined
    operation.served(Math.max(absent, table.whole ?? 0), true)
    return null
  }

  /** What the store has of it, however old; the error where it has nothing to say. */
  const staleRow = <Name extends CollectionName>(
    name: Name,
    id: string,
    error: unknown,
  ): Rows[Name] | null | Error => {
    const table = store.table(name)
    const row = table.get(id)
    const asOf = row === undefined ? table.whole : table.readAt(id)
    if (asOf === undefined || operation.call.signal?.aborted === true) return toError(error)
    freshness.serveStale(name, asOf, error)
    return row ?? null
  }

  /** The row, read by a scan that somebody needs anyway or that is cheaper. */
  const rowsByScan = async <Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ): Promise<(Rows[Name] | null | Error)[]> => {
    const table = store.table(name)
    const since = Math.min(operation.freshSince, freshness.scan(name).startedAt)
    const fresh = (id: string): boolean => table.readAt(id) >= since
    let failure: Error | undefined
    try {
      await scanning.finish(name, () => ids.every(fresh))
    } catch (error) {
      failure = toError(error)
    }
    return ids.map(id => {
      const row = table.get(id)
      if (failure !== undefined && !fresh(id)) return staleRow(name, id, failure)
      operation.served(row === undefined ? (table.whole ?? 0) : table.readAt(id), false)
      if (row !== undefined) operation.read(1)
      // It may be one of those that nobody can read.
      else freshness.noteUnreadable(name, table.unreadable)
      return row ?? null
    })
  }

  const rowById = async <Name extends CollectionName>(
    name: Name,
    id: string,
    call: Call,
  ): Promise<Rows[Name] | null | Error | 'unavailable'> => {
    try {
      const row = await store.readOne(name, id, call)
      if (row === 'unavailable') return row
      operation.served(store.table(name).readAt(id) || operation.startedAt, false)
      if (row !== null) operation.read(1)
      return row
    } catch (error) {
      return staleRow(name, id, error)
    }
  }

  /** The rows of those ids, side by side; all of them stale or an error where the budget has no room. */
  const rowsById = async <Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ): Promise<(readonly [string, Rows[Name] | null | Error | 'unavailable'])[]> => {
    try {
      const { call, release } = scanning.reserve(name, ids.length)
      const answers = ids.map(async id => [id, await rowById(name, id, call)] as const)
      return await Promise.all(answers).finally(release)
    } catch (error) {
      return ids.map(id => [id, staleRow(name, id, error)])
    }
  }

  const rows: RowReader['rows'] = async <Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ) => {
    const found = new Map<string, Rows[Name] | null | Error>()
    const ask: string[] = []
    for (const id of ids) {
      const row = known(name, id)
      if (row === undefined) ask.push(id)
      else found.set(id, row)
    }
    const missing = [...new Set(ask)]
    operation.observations.observedReads(store.alias, `byId ${name}`, missing.length)
    const scans = store.byId(name) === false || scanning.isBetter(name, missing.length)
    const scanned = scans ? missing : []
    if (missing.length > 0 && !scans)
      for (const [id, answer] of await rowsById(name, missing))
        if (answer === 'unavailable') scanned.push(id)
        else found.set(id, answer)
    if (scanned.length > 0) {
      const answers = await rowsByScan(name, scanned)
      for (const [index, id] of scanned.entries()) found.set(id, answers[index] ?? null)
    }
    return ids.map(id => found.get(id) ?? null)
  }

  const detailed: RowReader['detailed'] = async (name, id) => {
    const table = store.table(name)
    const at = table.detailedAt(id)
    if (at >= operation.freshSince || (at > 0 && at >= operation.staleSince))
      return table.get(id) ?? null
    operation.observations.observedReads(store.alias, `details ${name}`, 1)
    const [[, row] = [id, null]] = await rowsById(name, [id])
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
    for (const [, answer] of await rowsById(name, missing)) {
      if (answer instanceof Error) throw answer
      if (answer === 'unavailable') throw unavailable
    }
  }

  return { known, rows, detailed, details }
}
