/** The order of lists: a position never changes while its row lives, and new rows come after all others. */
import type { PageOrigin } from '../../paging/page-origin.ts'
import { withRoom } from './growable-column.ts'

/** The page that a position was placed from, and how many rows of it were placed before. */
export interface Origin {
  readonly page: PageOrigin
  readonly index: number
}

/** The rows as they stood at one moment. */
export interface FrozenRows<R> {
  /** One more than the last position. */
  readonly end: number
  /** The row that was at that position; undefined where there was none. */
  at(position: number): R | undefined
  /** In the order of their positions. */
  readonly rows: readonly R[]
}

/** Positions of slots, which are whatever numbers the caller gives its rows. */
export interface RowOrder<R> {
  /** One more than the last position. */
  readonly end: number
  /** The row at that position; undefined where it has gone. */
  at(position: number): R | undefined
  /** Undefined where the slot has no position. */
  positionOf(slot: number): number | undefined
  /** Gives the slot the next position; false where it has one. */
  place(slot: number): boolean
  /** The slot's row goes; the slot may be used for another one. */
  leave(slot: number): void
  /** Another row is in a slot that had one. */
  changed(): void
  /** What follows is placed from the page that was asked for like this. */
  turnPage(origin: PageOrigin): void
  /** Where a position was placed from; undefined before the first page. */
  origin(position: number): Origin | undefined
  /** The rows as they stand now; the same answer until one of them changes. */
  frozen(): FrozenRows<R>
}

const NONE = -1

/** Nothing has a position yet; `rowIn` gives the row that is in a slot. */
export const createRowOrder = <R>(rowIn: (slot: number) => R | undefined): RowOrder<R> => {
  // Each one more than what it stands for: 0 is none.
  let positions = new Int32Array(0)
  let slots = new Int32Array(0)
  let end = 0
  let known: FrozenRows<R> | undefined
  const pages: { readonly from: number; readonly page: PageOrigin }[] = []

  const at = (position: number): R | undefined =>
    position < 0 ? undefined : rowIn((slots[position] ?? 0) - 1)

  const positionOf = (slot: number): number => (slot < 0 ? NONE : (positions[slot] ?? 0) - 1)

  const freeze = (): FrozenRows<R> => {
    const places: (R | undefined)[] = []
    for (let position = 0; position < end; position += 1) places.push(at(position))
    const isFull = !places.includes(undefined)
    const rows = (isFull ? places : places.filter(row => row !== undefined)) as readonly R[]
    return { end, at: position => places[position], rows }
  }

  return {
    get end() {
      return end
    },
    at,
    positionOf: slot => {
      const position = positionOf(slot)
      return position === NONE ? undefined : position
    },
    place: slot => {
      if (slot < 0 || positionOf(slot) !== NONE) return false
      positions = withRoom(positions, slot)
      slots = withRoom(slots, end)
      positions[slot] = end + 1
      slots[end] = slot + 1
      end += 1
      known = undefined
      return true
    },
    leave: slot => {
      known = undefined
      const position = positionOf(slot)
      if (position === NONE) return
      slots[position] = 0
      positions[slot] = 0
    },
    changed: () => {
      known = undefined
    },
    turnPage: page => {
      // A page that placed nothing is no place to come back to.
      if (pages.at(-1)?.from === end) pages.pop()
      pages.push({ from: end, page })
    },
    origin: position => {
      let [low, high] = [0, pages.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((pages[middle]?.from ?? 0) <= position) low = middle + 1
        else high = middle
      }
      const found = pages[low - 1]
      return found === undefined ? undefined : { page: found.page, index: position - found.from }
    },
    frozen: () => (known ??= freeze()),
  }
}
