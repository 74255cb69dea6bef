/** Getting the rows that a parameter of Push narrows to, where it does. */
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Gap } from '../../paging/gap.ts'
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

export const createNarrowReader = ({ store, operation, freshness }: Reading): NarrowReader => ({
  narrowed: (name, accessPath) => {
    const uses = usesOf(name, accessPath, store)
    const read = async (call: Call): Promise<boolean> => {
      const outcomes = await Promise.all(uses.map(use => use.read(call)))
      return outcomes.every(outcome => outcome === 'read')
    }
    const collect = (fromStore: boolean): Narrowed => {
      const asOf = Math.min(...uses.map(use => use.asOf() ?? operation.startedAt))
      operation.served(asOf, fromStore)
      const gaps = uses.flatMap(use => use.gaps())
      freshness.noteGaps(name, gaps)
      return { rows: [...store.table(name).values()], asOf }
    }
    const key = `${name} ${JSON.stringify(accessPath)}`
    const refresh = (): Promise<unknown> => read(freshness.background())
    if (uses.every(use => freshness.usable(use.asOf(), key, refresh))) return collect(true)
    const { call, release } = operation.reserve(1, 0, freshness.callFor(name))
    return read(call)
      .finally(release)
      .then(isRead => (isRead ? collect(false) : undefined))
  },
})

/** One use of the parameter: since when the store has what it brings, and how that is read. */
interface Use {
  asOf(): number | undefined
  gaps(): readonly Gap[]
  read(call: Call): Promise<'read' | 'unavailable'>
}

const usesOf = (
  name: CollectionName,
  accessPath: ByNarrowParameter,
  store: ConnectorStore,
): readonly Use[] => {
  const { kind, field } = accessPath
  const table = store.table(name)
  const ofAddress = (address: string): Use => ({
    asOf: () => table.slice(`${field} folded`, address),
    gaps: () => table.sliceGaps(`${field} folded`, address),
    read: call => store.readEmail(name, accessPath, address, call),
  })
  const since = (seconds: number): Use => ({
    asOf: () => table.after(field, seconds),
    gaps: () => table.afterGaps(field),
    read: call => store.readAfter(name, accessPath, seconds, call),
  })
  return kind === 'range' ? [since(accessPath.seconds)] : accessPath.values.map(ofAddress)
}
