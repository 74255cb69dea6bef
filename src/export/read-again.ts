/**
 * Objects that are listed as they were, and are read by their ids once more: lists leave something of them out, which may
 * have grown.
 */
import type { CollectionName, Rows } from '../model/rows.ts'

/** What was created within so many seconds is read again. */
const LATELY_S = 86_400
/** Objects, and so requests, of a connector in a round. */
const MOST = 100

export interface ReadAgain<Item> {
  /** `isMissing`: what the list leaves out is missing from what was written of it. */
  note(item: Item, isMissing: boolean): void
  /** Those that are to be read: the newest hundred that were created lately, or lack something. */
  newest(): readonly Item[]
}

/** None is noted. `now`: milliseconds. */
export const createReadAgain = <Item extends { readonly row: Rows[CollectionName] }>(
  now: number,
): ReadAgain<Item> => {
  let noted: Item[] = []
  const newest = (): Item[] =>
    noted.sort((a, b) => createdAt(b.row) - createdAt(a.row)).slice(0, MOST)
  return {
    note: (item, isMissing) => {
      if (!isMissing && createdAt(item.row) < now / 1_000 - LATELY_S) return
      noted.push(item)
      // A list may be of any size.
      if (noted.length >= 2 * MOST) noted = newest()
    },
    newest,
  }
}

/** UNIX seconds. */
const createdAt = (row: Rows[CollectionName]): number =>
  'createdAt' in row ? row.createdAt : -Infinity
