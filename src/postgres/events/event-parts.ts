/** The tables of stretches of time: made before they are needed, by whichever replica comes first. */
import type { NewEvent } from '../../model/events.ts'
import type { Clock } from '../../model/clock.ts'
import type { Database } from '../connecting/database.ts'

export interface EventParts {
  /** Resolves once the events have tables of their own, or cannot have any now: then one that takes all serves. */
  ready(events: readonly Pick<NewEvent, 'occurredAt'>[]): Promise<void>
}

const WEEK_S = 604_800
const DAY_S = 86_400
/** Days of events that are kept in tables of a day, as these go as wholes, and so of a week. */
const DAYS_BY_DAY = 14
const DAYS_BY_WEEK = 91
/** Where one could not be made it is tried again after so long. */
const AGAIN_MS = 60_000
/** What is older lies with all else: it goes soon. */
const OLDER_S = WEEK_S

/** Milliseconds that an event may wait for its table. */
const MOST_MS = 300

export const createEventParts = (
  database: Pick<Database, 'query'>,
  { clock, retentionDays }: { readonly clock: Clock; readonly retentionDays: number },
): EventParts => {
  const span = spanFor(retentionDays)
  /** When each stretch is to be asked for again; never where it is there. */
  const asked = new Map<number, number>()

  const stretchOf = (at: number): number => Math.floor((at - 4 * DAY_S) / span)

  const make = async (stretch: number): Promise<void> => {
    asked.set(stretch, clock.now() + AGAIN_MS)
    const at = stretch * span + 4 * DAY_S
    try {
      const [made] = await database.query<{ readonly there: boolean }>(
        'write',
        'SELECT event_make_part($1::bigint, $2::bigint) AS there',
        [at, span],
        { timeoutMs: MOST_MS },
      )
      if (made?.there === true) asked.set(stretch, Infinity)
    } catch {
      // What is stored meanwhile lies in the table that takes all, and is moved out of it then.
    }
  }

  return {
    ready: async events => {
      const now = clock.now()
      const seconds = now / 1_000
      const oldest = seconds - retentionDays * DAY_S - OLDER_S
      const times = events
        .map(({ occurredAt }) => occurredAt)
        .filter(at => at > oldest && at < seconds + span)
      // The next one is there before anybody needs it.
      const wanted = new Set([seconds, seconds + span, ...times].map(stretchOf))
      for (const stretch of wanted) if ((asked.get(stretch) ?? 0) <= now) await make(stretch)
    },
  }
}

/** Seconds of each stretch: more days to keep make longer ones, so that the tables stay few. */
const spanFor = (retentionDays: number): number =>
  retentionDays <= DAYS_BY_DAY ? DAY_S : WEEK_S * Math.ceil(retentionDays / DAYS_BY_WEEK)
