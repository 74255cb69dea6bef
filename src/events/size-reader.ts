/** How many events are stored, as of some moment ago: to count many takes a while. */
import type { Clock } from '../model/clock.ts'
import type { FileSize } from './reading.ts'

/** How much is stored, and for how long. */
export interface EventStore extends FileSize {
  readonly retentionDays: number
}

/** Counting that took longer than this is not done again at once, */
const SLOW_COUNT_MS = 20
/** but after so many times as long as it took. */
const COUNT_REUSED = 50
/** How long a scrape waits for it. */
const SOON_MS = 250

export interface SizeReader {
  /** How much is stored; of a large file perhaps as it was some seconds ago. */
  size(): Promise<EventStore>
  /** The same, or as it was last counted where that takes long or fails; undefined where it never was. */
  sizeSoon(): Promise<EventStore | undefined>
  /**
   * How many events there are of the connectors that pass, as of the last count and with those that came since;
   * undefined before the first count.
   */
  counted(passes: (connector: string) => boolean): number | undefined
  /** One more event of that connector is stored. */
  arrived(connector: string): void
  /** What is known is no longer true: it is counted anew, some time. */
  countAgain(): void
}

/** Counts what is stored; where that takes long, the same count serves for a while. */
export const createSizeReader = (
  read: () => Promise<FileSize>,
  { clock, retentionDays }: { readonly clock: Clock; readonly retentionDays: number },
): SizeReader => {
  /** Events of each connector that came since the last count. */
  const since = new Map<string, number>()
  let counted: { readonly size: Promise<EventStore>; until: number } | undefined
  let known: EventStore | undefined

  const count = async (): Promise<EventStore> => {
    const before = new Map(since)
    const found = { ...(await read()), retentionDays }
    known = found
    // What came while it was counted may be in it or not.
    for (const [connector, came] of before) since.set(connector, (since.get(connector) ?? 0) - came)
    return found
  }

  const size = (): Promise<EventStore> => {
    const from = clock.now()
    if (counted !== undefined && from < counted.until) return counted.size
    const counting = {
      size: count(),
      until: Infinity,
    }
    counted = counting
    const settle = (): void => {
      const tookMs = clock.now() - from
      counting.until = tookMs > SLOW_COUNT_MS ? clock.now() + COUNT_REUSED * tookMs : 0
    }
    counting.size.then(settle, () => {
      counting.until = 0
    })
    return counting.size
  }
  return {
    size,
    arrived: connector => {
      since.set(connector, (since.get(connector) ?? 0) + 1)
    },
    countAgain: () => {
      counted = undefined
      count().catch(() => undefined)
    },
    counted: passes => {
      if (known === undefined) return undefined
      let events = 0
      for (const of of known.stored) if (passes(of.connector)) events += of.events
      for (const [connector, came] of since) if (passes(connector)) events += came
      return events
    },
    sizeSoon: () =>
      new Promise(resolve => {
        const cancel = clock.after(SOON_MS, () => {
          resolve(known)
        })
        const settle = (found: EventStore | undefined): void => {
          cancel()
          resolve(found)
        }
        size().then(settle, () => {
          settle(known)
        })
      }),
  }
}
