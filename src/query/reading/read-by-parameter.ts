/** Getting the rows that a parameter of Push narrows to, where it does. */
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Unreadable } from '../../paging/token-guard.ts'
import type { Call, ConnectorStore } from '../../store/store.ts'
import type { NarrowPath } from '../planning/plan.ts'
import type { Reading } from './read-each.ts'

type ByNarrowParameter = Extract<NarrowPath, { kind: 'range' | 'emails' }>

export interface Narrowed {
  /** Among others, the rows that the parameter asks for, all of them. */
  readonly rows: readonly Row[]
  /** Start of the oldest read, in milliseconds. */
  readonly asOf: number
}

export interface NarrowReader {
  /** Undefined where the parameter turns out not to narrow. */
  narrowed(name: CollectionName, accessPath: ByNarrowParameter): Maybe<Narrowed | undefined>
}

export const createNarrowReader = ({ store, operation, freshness }: Reading): NarrowReader => {
  const narrowed: NarrowReader['narrowed'] = (name, accessPath) => {
    const parts = partsOf(name, accessPath, store)
    const read = async (call: Call): Promise<boolean> => {
      const outcomes = await Promise.all(parts.map(part => part.read(call)))
      return outcomes.every(outcome => outcome === 'read')
    }
    const refresh = (): Promise<unknown> => read(freshness.background())
    const collect = (fromStore: boolean): Narrowed => {
      const asOf = Math.min(...parts.map(part => part.asOf() ?? operation.startedAt))
      operation.served(asOf, fromStore)
      freshness.noteUnreadable(
        name,
        parts.flatMap(part => part.unreadable()),
      )
      return { rows: [...store.table(name).values()], asOf }
    }
    const key = `${name} ${JSON.stringify(accessPath)}`
    if (parts.every(part => freshness.usable(part.asOf(), key, refresh))) return collect(true)
    const { call, release } = operation.reserve(1, 0, freshness.callFor(name))
    return read(call)
      .finally(release)
      .then(isRead => (isRead ? collect(false) : undefined))
  }

  return { narrowed }
}

/** What one use of the parameter brings. */
interface Part {
  /** Since when the store knows it. */
  asOf(): number | undefined
  unreadable(): readonly Unreadable[]
  read(call: Call): Promise<'read' | 'unavailable'>
}

const partsOf = (
  name: CollectionName,
  accessPath: ByNarrowParameter,
  store: ConnectorStore,
): readonly Part[] => {
  const { field } = accessPath
  const table = store.table(name)
  if (accessPath.kind === 'range') {
    const { seconds } = accessPath
    return [
      {
        asOf: () => table.after(field, seconds),
        unreadable: () => table.afterUnreadable(field),
        read: call => store.readAfter(name, accessPath, seconds, call),
      },
    ]
  }
  const folded = `${field} folded`
  return accessPath.values.map(address => ({
    asOf: () => table.slice(folded, address),
    unreadable: () => table.sliceUnreadable(folded, address),
    read: call => store.readEmail(name, accessPath, address, call),
  }))
}
