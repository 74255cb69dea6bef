/** The order of lists: a position never changes while its row lives, and new rows come after all others. */

import type { PageOrigin } from '../../paging/page-origin.ts'
import { withRoom } from './growable-column.ts'

/** The page that a position was placed from, and how many rows of it were placed before. */
export interface Origin {
  readonly page: PageOrigin
  readonly index: number
}

/** Positions of slots, which are whatever numbers the caller gives its rows. */
export interface RowOrder {
  /** One more than the last position. */
  readonly end: number
  /** The slot at that position; -1 where its row has gone. */
  slotAt(position: number): number
  /** Undefined where the slot has no position. */
  positionOf(slot: number): number | undefined
  /** Gives the slot the next position; false where it has one. */
  place(slot: number): boolean
  /** The slot's row has gone; the slot may be used for another one. */
  leave(slot: number): void
  /** What follows is placed from the page that was asked for like this. */
  turnPage(origin: PageOrigin): void
  /** Where a position was placed from; undefined before the first page. */
  origin(position: number): Origin | undefined
}

const NONE = -1

export const createRowOrder = (): RowOrder => {
  // Each one more than what it stands for: 0 is none.
  let positions = new Int32Array(0)
  let order = new Int32Array(0)
  let end = 0
  const pages: { readonly from: number; readonly page: PageOrigin }[] = []

  const positionOf = (slot: number): number => (slot < 0 ? NONE : (positions[slot] ?? 0) - 1)

  return {
    get end() {
      return end
    },
    slotAt: position => (position < 0 ? NONE : (order[position] ?? 0) - 1),
    positionOf: slot => {
      const position = positionOf(slot)
      return position === NONE ? undefined : position
    },
    place: slot => {
      if (positionOf(slot) !== NONE) return false
      positions = withRoom(positions, slot)
      order = withRoom(order, end)
      positions[slot] = end + 1
      order[end] = slot + 1
      end += 1
      return true
    },
    leave: slot => {
      const position = positionOf(slot)
      if (position === NONE) return
      order[position] = 0
      positions[slot] = 0
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
  }
}
