/** Getting the rows that a parameter of Push narrows to, where it does. */
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Call, ConnectorStore } from '../../store/store.ts'
import type { Freshness } from './freshness.ts'
import type { Operation } from '../operation/operation.ts'
import type { AccessPath } from '../planning/plan.ts'

type Narrow = Extract<AccessPath, { kind: 'range' | 'emails' }>

export interface Narrowed {
  /** Among others, the rows that the parameter asks for, all of them. */
  readonly rows: readonly Row[]
  /** Start of the oldest read, in milliseconds. */
  readonly asOf: number
}

export interface NarrowReader {
  /** Undefined where the parameter turns out not to narrow. */
  narrowed(name: CollectionName, accessPath: Narrow): Maybe<Narrowed | undefined>
}

export const createNarrowReader = (
  store: ConnectorStore,
  operation: Operation,
  freshness: Freshness,
): NarrowReader => {
  const narrowed: NarrowReader['narrowed'] = (name, accessPath) => {
    const table = store.table(name)
    const asOfs = (): (number | undefined)[] =>
      accessPath.kind === 'range'
        ? [table.after(accessPath.field, accessPath.seconds)]
        : accessPath.values.map(value => table.slice(`${accessPath.field} folded`, value))
    const refresh = (): Promise<unknown> => read(freshness.background())
    const read = async (call: Call): Promise<boolean> => {
      const outcomes =
        accessPath.kind === 'range'
          ? [await store.readAfter(name, accessPath.field, accessPath.seconds, call)]
          : await Promise.all(
              accessPath.values.map(value => store.readEmail(name, accessPath.field, value, call)),
            )
      return outcomes.every(outcome => outcome === 'read')
    }
    const collect = (fromStore: boolean): Narrowed => {
      const asOf = Math.min(...asOfs().map(at => at ?? operation.startedAt))
      operation.served(asOf, fromStore)
      freshness.noteUnreadable(
        name,
        accessPath.kind === 'range'
          ? table.afterUnreadable(accessPath.field)
          : accessPath.values.flatMap(value =>
              table.sliceUnreadable(`${accessPath.field} folded`, value),
            ),
      )
      return { rows: [...table.values()], asOf }
    }
    const key = `${name} ${JSON.stringify(accessPath)}`
    if (asOfs().every(asOf => freshness.usable(asOf, key, refresh))) return collect(true)
    const { call, release } = operation.reserve(1, 0, freshness.callFor(name))
    return read(call)
      .finally(release)
      .then(isRead => (isRead ? collect(false) : undefined))
  }

  return { narrowed }
}
