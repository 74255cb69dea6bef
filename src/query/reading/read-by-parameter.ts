/** Getting the rows that a parameter of Push narrows to, where it does. */
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Call, ConnectorStore } from '../../store/store.ts'
import type { Freshness } from './freshness.ts'
import type { Operation } from '../operation/operation.ts'
import type { Way } from '../planning/plan.ts'

type Narrow = Extract<Way, { kind: 'after' | 'emails' }>

export interface Narrowed {
  /** Among others, the rows that the parameter asks for, all of them. */
  readonly rows: readonly Row[]
  /** Start of the oldest read, in milliseconds. */
  readonly asOf: number
}

export interface NarrowReader {
  /** Undefined where the parameter turns out not to narrow. */
  narrowed(name: CollectionName, way: Narrow): Maybe<Narrowed | undefined>
}

export const createNarrowReader = (
  store: ConnectorStore,
  operation: Operation,
  freshness: Freshness,
): NarrowReader => {
  const narrowed: NarrowReader['narrowed'] = (name, way) => {
    const table = store.table(name)
    const asOfs = (): (number | undefined)[] =>
      way.kind === 'after'
        ? [table.after(way.field, way.seconds)]
        : way.values.map(value => table.slice(`${way.field} folded`, value))
    const refresh = (): Promise<unknown> => read(freshness.background())
    const read = async (call: Call): Promise<boolean> => {
      const outcomes =
        way.kind === 'after'
          ? [await store.readAfter(name, way.field, way.seconds, call)]
          : await Promise.all(
              way.values.map(value => store.readEmail(name, way.field, value, call)),
            )
      return outcomes.every(outcome => outcome === 'read')
    }
    const collect = (fromStore: boolean): Narrowed => {
      const asOf = Math.min(...asOfs().map(at => at ?? operation.startedAt))
      operation.served(asOf, fromStore)
      freshness.noteUnreadable(
        name,
        way.kind === 'after'
          ? table.afterUnreadable(way.field)
          : way.values.flatMap(value => table.sliceUnreadable(`${way.field} folded`, value)),
      )
      return { rows: [...table.values()], asOf }
    }
    const key = `${name} ${JSON.stringify(way)}`
    if (asOfs().every(asOf => freshness.usable(asOf, key, refresh))) return collect(true)
    const { call, release } = operation.reserve(1, 0, freshness.callFor(name))
    return read(call)
      .finally(release)
      .then(isRead => (isRead ? collect(false) : undefined))
  }

  return { narrowed }
}
