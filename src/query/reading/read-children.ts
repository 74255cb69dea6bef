/** Getting the rows of a parent: by a parameter of Push, or by a scan where that is the better way. */
import { toError } from '../../errors.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { Call, ConnectorStore } from '../../store/store.ts'
import type { Unreadable } from '../../paging/token-guard.ts'
import type { Freshness } from './freshness.ts'
import type { Operation } from '../operation/operation.ts'
import type { Scanning } from './scan-for-operation.ts'

export interface ChildReader {
  /** The rows whose field has that value if the store can say now. */
  knownChildren<Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): readonly Rows[Name][] | undefined
  /** The same for each of the values, in their order; an error where it cannot be known. */
  children<Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
  ): Promise<(readonly Rows[Name][] | Error)[]>
  /** Since when the store knows the rows of that value, and which of them could not be read. */
  childState(
    name: CollectionName,
    field: string,
    value: string,
  ): { readonly asOf: number | undefined; readonly unreadable: readonly Unreadable[] }
}

export const createChildReader = (
  store: ConnectorStore,
  operation: Operation,
  freshness: Freshness,
  scanning: Scanning,
): ChildReader => {
  const childState: ChildReader['childState'] = (name, field, value) => {
    const table = store.table(name)
    const slice = table.slice(field, value)
    // Whichever was read last is what the table shows.
    return slice === undefined || slice < (table.whole ?? 0)
      ? { asOf: table.whole, unreadable: table.unreadable }
      : { asOf: slice, unreadable: table.sliceUnreadable(field, value) }
  }

  const serve = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
    fromStore: boolean,
  ): readonly Rows[Name][] => {
    const { asOf, unreadable } = childState(name, field, value)
    const found = store.table(name).by(field, value)
    operation.served(asOf ?? operation.startedAt, fromStore)
    if (!fromStore) operation.read(found.length)
    freshness.noteUnreadable(name, unreadable)
    return found
  }

  /** Fresh for itself, whatever is known of its collection. */
  const isFresh = (slice: number | undefined): boolean => {
    operation.validity.markVolatile()
    return slice !== undefined && slice >= operation.freshSince
  }

  const knownChildren: ChildReader['knownChildren'] = (name, field, value) => {
    const table = store.table(name)
    const slice = table.slice(field, value)
    // A whole collection is refreshed by one scan; many slices would each be read again.
    const usable =
      freshness.isWhole(table) ||
      isFresh(slice) ||
      freshness.wholeUsable(table) ||
      freshness.usable(slice, `${name} ${field} ${value}`, () =>
        store.readSlice(name, field, value, freshness.background()),
      )
    return usable ? serve(name, field, value, true) : undefined
  }

  const childrenBySlice = async <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
    call: Call,
  ): Promise<readonly Rows[Name][] | Error | 'unavailable'> => {
    try {
      const outcome = await store.readSlice(name, field, value, call)
      return outcome === 'read' ? serve(name, field, value, false) : outcome
    } catch (error) {
      return staleChildren(name, field, value, error)
    }
  }

  const staleChildren = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
    error: unknown,
  ): readonly Rows[Name][] | Error => {
    const { asOf } = childState(name, field, value)
    if (asOf === undefined) return toError(error)
    freshness.serveStale(name, asOf, error)
    return store.table(name).by(field, value)
  }

  /** The slices of those values, side by side; all of them stale or an error where the budget has no room. */
  const slices = async <Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
  ): Promise<(readonly [string, readonly Rows[Name][] | Error | 'unavailable'])[]> => {
    try {
      const { call, release } = scanning.reserve(name, values.length)
      const answers = values.map(
        async value => [value, await childrenBySlice(name, field, value, call)] as const,
      )
      return await Promise.all(answers).finally(release)
    } catch (error) {
      return values.map(value => [value, staleChildren(name, field, value, error)])
    }
  }

  const children: ChildReader['children'] = async <Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
  ) => {
    const found = new Map<string, readonly Rows[Name][] | Error>()
    const ask: string[] = []
    for (const value of new Set(values)) {
      const at = knownChildren(name, field, value)
      if (at === undefined) ask.push(value)
      else found.set(value, at)
    }
    operation.observations.observedReads(store.alias, `of ${field} ${name}`, ask.length)
    const scans = store.bySlice(name, field) === false || scanning.isBetter(name, ask.length)
    const scanned = scans ? ask : []
    if (ask.length > 0 && !scans)
      for (const [value, answer] of await slices(name, field, ask))
        if (answer === 'unavailable') scanned.push(value)
        else found.set(value, answer)
    if (scanned.length > 0) {
      const failure = await scanning
        .finish(name, () => false)
        .then(
          () => undefined,
          (error: unknown) => error,
        )
      for (const value of scanned)
        found.set(
          value,
          failure === undefined
            ? serve(name, field, value, false)
            : staleChildren(name, field, value, failure),
        )
    }
    return values.map(value => found.get(value) ?? [])
  }

  return { knownChildren, children, childState }
}
