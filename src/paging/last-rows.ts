/** The last rows that came, by which it shows where a list goes on that has moved; and that another order is another one. */
import type { CollectionName } from '../model/rows.ts'
import type { Page } from '../upstream/contract/contract.ts'

export interface LastRows {
  /** Takes in the rows of a page; `isStart`: the list was begun with it. `most`: as many as a page may hold. */
  note(ids: readonly string[], isStart: boolean, most: number): void
  /** Whether the row came before, as far as anybody remembers. */
  isMet(id: string): boolean
  /** Whether these rows are the last that came. */
  are(page: Page): boolean
  /**
   * Where to read on in a page that was asked for so that it begins about where they did: the index behind the last of them.
   * Undefined where another order would look like that, too: where they stand in another one, or too few of them are left.
   * `isJoined`: the page follows on one in which enough of them were found.
   */
  indexBehind(page: Page, isJoined: boolean): number | undefined
}

/** So many rows stand in their order by chance once in forty thousand times, as where each request has an order of its own. */
const SURE_ROWS = 8

/** None has come yet. `hasMet`: whether the walk has met that row before, as far as it remembers. */
export const createLastRows = (hasMet: (id: string) => boolean): LastRows => {
  /** By their places. */
  let places: ReadonlyMap<string, number> = new Map()
  const isMet = (id: string): boolean => hasMet(id) || places.has(id)
  const placesIn = ({ rows }: Page<CollectionName>) => rows.map(({ id }) => places.get(id))

  return {
    note: (ids, isStart, most) => {
      const all = new Set(isStart ? [] : places.keys())
      for (const id of ids) {
        // A row that comes once more stands where it came last.
        all.delete(id)
        all.add(id)
      }
      // A page of which one row was new says too little of where the next ones are.
      const last = [...all].slice(-Math.max(ids.length, most))
      places = new Map(last.map((id, index) => [id, index]))
    },
    isMet,
    are: page => {
      const first = places.size - page.rows.length
      return page.rows.length > 0 && placesIn(page).every((place, n) => place === first + n)
    },
    indexBehind: (page, isJoined) => {
      const found = placesIn(page)
      const behind = found.findLastIndex(place => place !== undefined) + 1
      const from = found.findIndex(place => place !== undefined)
      const theirs = found.slice(Math.max(0, from), behind)
      const isInOrder = theirs.every((place = -1, n) => place > (theirs[n - 1] ?? -1))
      const isSure = isJoined ? theirs.length > 0 : theirs.length >= SURE_ROWS
      if (page.unreadable.length > 0 || !isInOrder || !isSure) return undefined
      return page.rows.slice(behind).some(({ id }) => isMet(id)) ? undefined : behind
    },
  }
}
