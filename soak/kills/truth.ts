/** What the rows of a stand-in were from moment to moment. */
import type { PastChange, PushData, PushRows } from '../../src/demo/stand-in.ts'
import { collectionNames } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'

export type PushRow = PushRows[CollectionName]

/** From when to when (milliseconds); both belong to it. */
export interface Span {
  readonly from: number
  readonly until: number
}

export interface Truth {
  /** What the object was in that time, one after the other; null: it was not there. Empty for one that never was. */
  versions(name: CollectionName, id: string, span: Span): readonly (PushRow | null)[]
  /** The ids of all objects that ever were. */
  ids(name: CollectionName): Iterable<string>
}

interface Version {
  readonly from: number
  readonly row: PushRow | null
}

/** `data` is what was there at first; `changes` gives all that happened since, the oldest first. */
export const createTruth = (data: PushData, changes: () => readonly PastChange[]): Truth => {
  const histories = Object.fromEntries(
    collectionNames.map(name => [
      name,
      new Map<string, Version[]>(data[name].map(row => [row.id, [{ from: -Infinity, row }]])),
    ]),
  ) as Record<CollectionName, Map<string, Version[]>>
  let learnt = 0

  const learn = (): void => {
    const all = changes()
    for (const { collection, old, new: row, at } of all.slice(learnt)) {
      const { id } = (row ?? old) as PushRow
      const known = histories[collection].get(id) ?? [{ from: -Infinity, row: null }]
      known.push({ from: at, row })
      histories[collection].set(id, known)
    }
    learnt = all.length
  }

  return {
    versions: (name, id, { from, until }) => {
      learn()
      const history = histories[name].get(id) ?? []
      return history
        .filter((of, index) => of.from <= until && (history[index + 1]?.from ?? Infinity) >= from)
        .map(({ row }) => row)
    },
    ids: name => {
      learn()
      return histories[name].keys()
    },
  }
}
