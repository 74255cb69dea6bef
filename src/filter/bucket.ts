/** Stretches of time in UTC, each told by the second at which it begins. */
import type { TimeBucket } from '../model/dimensions.ts'

const HOUR = 3_600
const DAY = 86_400
const WEEK = 7 * DAY
/** 1970 began on a Thursday: the first Monday at or before it. */
const FIRST_MONDAY = -3 * DAY
/** Beyond it, in either direction, the machine has no calendar. */
const LATEST_SECONDS = 8_640_000_000_000

/** The beginning of the bucket that a moment falls in (both in UNIX seconds), null for one without a calendar day. */
export const bucketOf = (bucket: TimeBucket, seconds: number): number | null => {
  if (!(Math.abs(seconds) <= LATEST_SECONDS - 31 * DAY)) return null
  switch (bucket) {
    case 'HOUR':
      return Math.floor(seconds / HOUR) * HOUR
    case 'DAY':
      return Math.floor(seconds / DAY) * DAY
    case 'WEEK':
      return Math.floor((seconds - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY
    case 'MONTH':
      return monthStart(seconds, 0)
    default:
      return bucket satisfies never
  }
}

/** The beginning of the bucket that follows the one that begins at `start`. */
export const bucketAfter = (bucket: TimeBucket, start: number): number => {
  switch (bucket) {
    case 'HOUR':
      return start + HOUR
    case 'DAY':
      return start + DAY
    case 'WEEK':
      return start + WEEK
    case 'MONTH':
      return monthStart(start, 1)
    default:
      return bucket satisfies never
  }
}

/** As ISO 8601 writes it: `2024-05-01T13:00:00Z`, `2024-05-01`, `2024-W18`, `2024-05`. */
export const bucketText = (bucket: TimeBucket, start: number): string => {
  const [date = ''] = new Date(start * 1_000).toISOString().split('T')
  switch (bucket) {
    case 'HOUR':
      return new Date(start * 1_000).toISOString().replace('.000Z', 'Z')
    case 'DAY':
      return date
    case 'WEEK':
      return weekText(start)
    case 'MONTH':
      return date.slice(0, -3)
    default:
      return bucket satisfies never
  }
}

const monthStart = (seconds: number, later: number): number => {
  const date = new Date(seconds * 1_000)
  date.setUTCHours(0, 0, 0, 0)
  date.setUTCMonth(date.getUTCMonth() + later, 1)
  return date.getTime() / 1_000
}

/** A week belongs to the year of its Thursday, and is the first one when that is the year's first Thursday. */
const weekText = (monday: number): string => {
  const thursday = new Date((monday + 3 * DAY) * 1_000)
  const [year = ''] = thursday.toISOString().split(/-\d\d-\d\dT/)
  const yearStart = new Date(thursday)
  yearStart.setUTCMonth(0, 1)
  const week = Math.floor((thursday.getTime() - yearStart.getTime()) / (WEEK * 1_000)) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}
