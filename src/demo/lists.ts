/**
 * The tenant while the stand-in runs: one ordered list per collection that writes and tests may change. Every row
 * has a place, a number that grows along the list and stays while others come and go, so that a token can say
 * "after this one" also when that one has gone.
 */
import { collectionNames } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { RowChange } from './history.ts'
import type { PushData, PushRows } from './tenant/objects.ts'
import { hash } from './tenant/random.ts'

export interface Ordered<Name extends CollectionName = CollectionName> {
  readonly rows: readonly PushRows[Name][]
  /** The place of each row, ascending. */
  readonly places: readonly number[]
}

/** What writes and tests may do to the tenant. */
export interface ListChanges {
  /** Adds a row at a position of the list order; at its end where absent. */
  readonly insert: <Name extends CollectionName>(
    collection: Name,
    row: PushRows[Name],
    position?: number,
  ) => void
  /** False where no such row was there. Rows that point to it stay. */
  readonly remove: (collection: CollectionName, id: string) => boolean
  /** Changes members of a row; the row itself, or undefined where there is none. */
  readonly update: <Name extends CollectionName>(
    collection: Name,
    id: string,
    changes: Partial<PushRows[Name]>,
  ) => PushRows[Name] | undefined
  /** Puts a list into another order, by the seed; running chains of tokens get confused, as they would. */
  readonly reorder: (collection: CollectionName, seed: number) => void
}

export interface Lists extends ListChanges {
  /** The arrays as they are now. */
  readonly data: PushData
  readonly find: <Name extends CollectionName>(
    collection: Name,
    id: string,
  ) => PushRows[Name] | undefined
  /** The rows in the list's own order for shuffle 0, else in an order that this number alone decides. */
  readonly ordered: <Name extends CollectionName>(
    collection: Name,
    shuffle: number,
  ) => Ordered<Name>
}

/** `onChange` hears of each row that is created, changed or deleted. */
export const createLists = (
  origin: PushData,
  onChange: (change: RowChange) => void = () => undefined,
): Lists => {
  const lists = Object.fromEntries(
    collectionNames.map(name => [
      name,
      createList<PushRows[CollectionName]>(origin[name], (old, now) => {
        onChange({ collection: name, old, new: now })
      }),
    ]),
  ) as unknown as { readonly [Name in CollectionName]: List<PushRows[Name]> }
  const listOf = <Name extends CollectionName>(collection: Name) =>
    lists[collection] as List<PushRows[Name]>

  return {
    data: Object.fromEntries(
      Object.entries(lists).map(([name, { rows }]) => [name, rows]),
    ) as unknown as PushData,
    find: (collection, id) => listOf(collection).find(id),
    ordered: (collection, shuffle) => listOf(collection).ordered(shuffle),
    insert: (collection, row, position) => {
      listOf(collection).insert(row, position)
    },
    remove: (collection, id) => listOf(collection).remove(id),
    update: (collection, id, changes) => listOf(collection).update(id, changes),
    reorder: (collection, seed) => {
      listOf(collection).reorder(seed)
    },
  }
}

interface Identified {
  readonly id: string
}

interface List<Row extends Identified> {
  readonly rows: readonly Row[]
  readonly find: (id: string) => Row | undefined
  ordered(shuffle: number): { readonly rows: readonly Row[]; readonly places: readonly number[] }
  readonly insert: (row: Row, position?: number) => void
  readonly remove: (id: string) => boolean
  readonly update: (id: string, changes: Partial<Row>) => Row | undefined
  readonly reorder: (seed: number) => void
}

// Chains of tokens that run at one time, each with an order of its own.
const SHUFFLES_KEPT = 4

const createList = <Row extends Identified>(
  origin: readonly Row[],
  onChange: (old: Row | null, now: Row | null) => void,
): List<Row> => {
  const rows = [...origin]
  const places = rows.map((_, index) => index)
  const byId = new Map(rows.map(row => [row.id, row]))
  const shuffled = new Map<number, ReturnType<typeof inOrderOf<Row>>>()

  const indexOf = (id: string): number => {
    const row = byId.get(id)
    return row === undefined ? -1 : rows.indexOf(row)
  }

  return {
    rows,
    find: id => byId.get(id),
    ordered: shuffle => {
      if (shuffle === 0) return { rows, places }
      const kept = shuffled.get(shuffle) ?? inOrderOf(rows, shuffle)
      shuffled.set(shuffle, kept)
      const oldest = shuffled.keys().next()
      if (shuffled.size > SHUFFLES_KEPT && oldest.done !== true) shuffled.delete(oldest.value)
      return kept
    },
    insert: (row, position = rows.length) => {
      if (byId.has(row.id)) throw new RangeError('a row with this id is there already')
      const before = places[position - 1] ?? (places[0] ?? 0) - 2
      const after = places[position] ?? before + 2
      rows.splice(position, 0, row)
      places.splice(position, 0, (before + after) / 2)
      byId.set(row.id, row)
      shuffled.clear()
      onChange(null, row)
    },
    remove: id => {
      const index = indexOf(id)
      const old = rows[index]
      if (old === undefined) return false
      rows.splice(index, 1)
      places.splice(index, 1)
      byId.delete(id)
      shuffled.clear()
      onChange(old, null)
      return true
    },
    update: (id, changes) => {
      const index = indexOf(id)
      const old = rows[index]
      if (old === undefined) return undefined
      const row = { ...old, ...changes, id }
      rows[index] = row
      byId.set(id, row)
      shuffled.clear()
      onChange(old, row)
      return row
    },
    reorder: seed => {
      const { rows: reordered } = inOrderOf(rows, seed)
      rows.splice(0, rows.length, ...reordered)
      places.splice(0, places.length, ...rows.map((_, index) => index))
      shuffled.clear()
    },
  }
}

// The place comes from the id alone, so that a row keeps it while others come and go.
const inOrderOf = <Row extends Identified>(rows: readonly Row[], shuffle: number) => {
  const placed = rows.map(row => ({ row, place: hash(row.id, shuffle) }))
  placed.sort((a, b) => a.place - b.place)
  return { rows: placed.map(({ row }) => row), places: placed.map(({ place }) => place) }
}
