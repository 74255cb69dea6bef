/**
 * Which events go, and when: never by a clock that may be wrong. The newest event proves the time, since its signature
 * was checked against the clock when it came; so what is past the retention goes by its arrival, a day of events at a
 * time, and not before the server has run for some minutes.
 */
import type { Clock } from '../model/clock.ts'
import type { Arrivals } from './reading.ts'

/** What is stored, and how to delete of it. */
export interface RetentionSource {
  arrivals(): Promise<Arrivals | undefined>
  /** Deletes up to `most` of the events from before that moment (UNIX seconds); how many there were. */
  purge(before: number, most: number): Promise<number>
}

export interface RetentionOptions {
  /** What is kept, in words: `events` where absent. */
  readonly what?: string
  readonly retentionDays: number
  readonly clock: Clock
  readonly say?: ((level: 'info' | 'warn', message: string) => void) | undefined
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

export interface Retention {
  /** Deletes one step of what is past the retention; how many events went. */
  purge(): Promise<number>
  end(): void
}

const MINUTE_MS = 60_000
const HOUR_S = 3_600
const DAY_S = 86_400
const FIRST_AFTER_MS = 10 * MINUTE_MS
const EVERY_MS = 60 * MINUTE_MS
/** Events deleted in one transaction: writing waits for it. */
const PURGED_AT_ONCE = 2_000

/**
 * The moment (UNIX seconds) before which events go in this step. The clock counts up to an hour beyond the arrival of
 * the newest event, and a step takes a day of the oldest events.
 */
export const purgedBefore = (
  { oldestAt, newestAt }: Arrivals,
  nowSeconds: number,
  retentionDays: number,
): number =>
  Math.min(Math.min(nowSeconds, newestAt + HOUR_S) - retentionDays * DAY_S, oldestAt + DAY_S)

/** Deletes what is past the retention some minutes from now, and every hour. */
export const startRetention = (source: RetentionSource, options: RetentionOptions): Retention => {
  const { what = 'events', clock, retentionDays, say } = options
  let ended = false
  let isHeld = false

  const tellHeld = ({ oldestAt, newestAt }: Arrivals, now: number): void => {
    const wasHeld = isHeld
    isHeld = newestAt + DAY_S < now && oldestAt < now - retentionDays * DAY_S
    if (isHeld && !wasHeld)
      say?.(
        'warn',
        `${capitalized(what)} past their retention are kept: the newest came at ${toIso(newestAt)}, and a clock that is ahead must not delete any. They go once newer ones come.`,
      )
  }

  const purge = async (): Promise<number> => {
    const now = clock.now() / 1_000
    const arrivals = ended ? undefined : await source.arrivals()
    if (arrivals === undefined) return 0
    tellHeld(arrivals, now)
    const before = purgedBefore(arrivals, now, retentionDays)
    let gone = 0
    for (let purged = PURGED_AT_ONCE; purged === PURGED_AT_ONCE && !ended; gone += purged)
      purged = await source.purge(before, PURGED_AT_ONCE)
    if (gone > 0)
      say?.(
        'info',
        `${gone} ${what} from before ${toIso(before)} were deleted: they are kept for ${retentionDays} days`,
      )
    return gone
  }

  const purgeAndGoOn = (): void => {
    purge().catch((error: unknown) => {
      if (!ended)
        options.onProblem?.(`${capitalized(what)} past their retention could not be deleted`, error)
    })
    cancel = clock.after(EVERY_MS, purgeAndGoOn)
  }
  let cancel = clock.after(FIRST_AFTER_MS, purgeAndGoOn)

  return {
    purge,
    end: () => {
      ended = true
      cancel()
    },
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Of a moment that a clock may have made up. */
const toIso = (seconds: number): string => {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString()
}
