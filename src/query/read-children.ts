/** Getting the rows of a parent: by a parameter of Push, or by a scan where that is the better way. */
import { toError } from '../errors.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import type { ConnectorStore, Table } from '../store/store.ts'
import type { Freshness } from './freshness.ts'
import type { Operation } from './operation.ts'
import type { Scanning } from './scanning.ts'

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
}

export const createChildReader = (
  store: ConnectorStore,
  operation: Operation,
  freshness: Freshness,
  scanning: Scanning,
): ChildReader => {
  const sliceAsOf = (table: Table, field: string, value: string): number | undefined => {
    const slice = table.slice(field, value)
    return slice === undefined ? table.whole : Math.max(slice, table.whole ?? 0)
  }

  const knownChildren: ChildReader['knownChildren'] = (name, field, value) => {
    const table = store.table(name)
    const slice = table.slice(field, value)
    const fresh =
      freshness.usable(slice, `${name} ${field} ${value}`, () =>
        store.readSlice(name, field, value, freshness.background()),
      ) || freshness.wholeUsable(table)
    if (!fresh) return undefined
    operation.served(sliceAsOf(table, field, value) ?? operation.startedAt, true)
    freshness.noteUnreadable(table)
    return table.by(field, value)
  }

  const childrenBySlice = async <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): Promise<readonly Rows[Name][] | Error | 'unavailable'> => {
    try {
      if ((await store.readSlice(name, field, value, freshness.callFor(name))) === 'unavailable')
        return 'unavailable'
      return readChildren(name, field, value)
    } catch (error) {
      return staleChildren(name, field, value, error)
    }
  }

  const readChildren = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): readonly Rows[Name][] => {
    const table = store.table(name)
    const found = table.by(field, value)
    operation.served(sliceAsOf(table, field, value) ?? operation.startedAt, false)
    operation.read(found.length)
    freshness.noteUnreadable(table)
    return found
  }

  const staleChildren = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
    error: unknown,
  ): readonly Rows[Name][] | Error => {
    const table = store.table(name)
    const old = sliceAsOf(table, field, value)
    if (old === undefined) return toError(error)
    freshness.serveStale(name, old, error)
    return table.by(field, value)
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
    let scanned: string[] = []
    if (
      ask.length > 0 &&
      (store.bySlice(name, field) === false || scanning.isBetter(name, ask.length))
    )
      scanned = ask
    else if (ask.length > 0) {
      scanning.spend(name, ask.length)
      const answers = await Promise.all(ask.map(value => childrenBySlice(name, field, value)))
      for (const [index, value] of ask.entries()) {
        const answer = answers[index]
        if (answer === 'unavailable') scanned.push(value)
        else if (answer !== undefined) found.set(value, answer)
      }
    }
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
            ? readChildren(name, field, value)
            : staleChildren(name, field, value, failure),
        )
    }
    return values.map(value => found.get(value) ?? [])
  }

  return { knownChildren, children }
}
