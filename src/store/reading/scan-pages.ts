/** The pages of a scan, one after the other: those that are kept as long as they will do, then those of Push. */
import type { CollectionName } from '../../model/rows.ts'
import { createPageWalker } from '../../paging/page-walker.ts'
import { KeptTooOldError, type PageRead, type Walk } from '../../paging/walk.ts'

export interface ScanPages<Name extends CollectionName> {
  /**
   * Reads the next page. What comes back may go into the table, in that order: nothing as long as it is not certain that
   * what is kept will do, or where that proves to be too old. @throws what the reading of a page threw
   */
  next(): Promise<readonly PageRead<Name>[]>
  /** Takes the page that waits out of the queue. */
  stop(): void
  /** Of the reading that goes on, as its requests know it. */
  readonly signal: AbortSignal
  /** Whether the next page is taken from what is kept, if it is there. */
  readonly isKept: boolean
  /** Rows met so far, each counted once; of pages that are held back none. */
  readonly rows: number
  /** When the first page was asked for that is held back (milliseconds). */
  readonly heldAt: number | undefined
}

/** Nothing is read yet. A kept beginning that was asked for before `goOnSince` will do with its end alone. */
export const createScanPages = <Name extends CollectionName>(
  walk: Walk<Name>,
  goOnSince = 0,
): ScanPages<Name> => {
  let walker = createPageWalker(walk)
  /** Pages that are not in the table yet. */
  const held: PageRead<Name>[] = []

  return {
    next: async () => {
      try {
        const page = await walker.next()
        held.push(page)
        const [{ readAt } = page] = held
        // What cannot be gone on with if its end is missing is of no use before the end is there.
        if (walker.isKept && page.next !== undefined && readAt < goOnSince) return []
        return held.splice(0)
      } catch (error) {
        if (!(error instanceof KeptTooOldError)) throw error
        held.length = 0
        walker = createPageWalker({ ...walk, notBefore: undefined, kept: undefined })
        return []
      }
    },
    stop: () => walker.stop(),
    get signal() {
      return walker.signal
    },
    get isKept() {
      return walker.isKept
    },
    get rows() {
      return held.length > 0 ? 0 : walker.met.rowsSeen
    },
    get heldAt() {
      return held[0]?.readAt
    },
  }
}
