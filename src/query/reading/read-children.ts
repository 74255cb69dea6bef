/** Getting the rows of a parent: by a parameter of Push, or by a scan where that is cheaper. */
import { toError } from '../../errors.ts'
import { parameterOf } from '../../model/collection-lookups.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { Gap } from '../../paging/gap.ts'
import { readEach, type Reading } from './read-each.ts'

export interface ChildReader {
  /** The rows whose field has that value if the store can say now. */
  knownChildren<Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): readonly Rows[Name][] | undefined
  /**
   * The same for each of the values, in their order; an error where it cannot be known. `parameter`: the one that the
   * plan has found for the field.
   */
  children<Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
    parameter?: string,
  ): Promise<(readonly Rows[Name][] | Error)[]>
  /** Since when the store knows the rows of that value, and which of them could not be read. */
  childState(
    name: CollectionName,
    field: string,
    value: string,
  ): { readonly asOf: number | undefined; readonly gaps: readonly Gap[] }
}

export const createChildReader = (reading: Reading): ChildReader => {
  const { store, operation, freshness } = reading

  const childState: ChildReader['childState'] = (name, field, value) => {
    const table = store.table(name)
    const slice = table.slice(field, value)
    // Whichever was read last is what the table shows.
    return slice === undefined || slice < (table.whole ?? 0)
      ? { asOf: table.whole, gaps: table.gaps }
      : { asOf: slice, gaps: table.sliceGaps(field, value) }
  }

  const serve = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
    fromStore: boolean,
  ): readonly Rows[Name][] => {
    const { asOf, gaps } = childState(name, field, value)
    const found = store.table(name).by(field, value)
    operation.served(asOf ?? operation.startedAt, fromStore)
    if (!fromStore) operation.read(found.length)
    freshness.noteGaps(name, gaps)
    return found
  }

  const refresh = async (name: CollectionName, field: string, value: string): Promise<void> => {
    const parameter = parameterOf(name, field, 'eq', 'exact')
    if (parameter !== undefined)
      await store.readSlice(name, { field, parameter }, value, freshness.background())
  }

  const knownChildren: ChildReader['knownChildren'] = (name, field, value) => {
    const table = store.table(name)
    const slice = table.slice(field, value)
    const usable =
      freshness.isCurrent(table, slice) ||
      freshness.usable(slice, `${name} ${field} ${value}`, () => refresh(name, field, value))
    return usable ? serve(name, field, value, true) : undefined
  }

  const children: ChildReader['children'] = <Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
    parameter = parameterOf(name, field, 'eq', 'exact'),
  ) =>
    readEach<readonly Rows[Name][]>(
      {
        collection: name,
        what: `of ${field} ${name}`,
        isRefused: parameter === undefined || store.bySlice(name, parameter) === false,
        known: value => knownChildren(name, field, value),
        ask: async (value, call) => {
          if (parameter === undefined) return 'unavailable'
          const outcome = await store.readSlice(name, { field, parameter }, value, call)
          return outcome === 'read' ? serve(name, field, value, false) : outcome
        },
        // Which rows a value has is known only when all are read.
        escapesScan: () => false,
        byScan: () => ({ has: () => false, serve: value => serve(name, field, value, false) }),
        stale: (value, error) => {
          const { asOf } = childState(name, field, value)
          if (asOf === undefined) return toError(error)
          freshness.serveStale(name, asOf, error)
          return store.table(name).by(field, value)
        },
      },
      values,
      reading,
    )

  return { knownChildren, children, childState }
}
