/**
 * When an event happened by our clock, where only its arrival was kept: Push may have tried several times, and who read the
 * object meanwhile knows better. Push's clock and ours may differ; what they differ by shows in the events that came at once.
 */
import type { EventRow } from '../model/events.ts'

export interface HappenedAt {
  /** Takes these into account, in whichever order they came. */
  see(events: readonly EventRow[]): void
  /** When it happened, in milliseconds by our clock: never earlier than it did, and no later than it arrived. */
  of(event: EventRow): number
}

/** Beyond the newest of them, a clock may have been set since. */
const NEWEST = 400

/** Nothing is known: an event is taken to have happened when it arrived. */
export const createHappenedAt = (): HappenedAt => {
  let delays: number[] = []

  return {
    see: events => {
      const told = events.filter(isToldWhen).map(delayOf)
      delays = [...delays, ...told].slice(-NEWEST)
    },
    of: event => {
      const arrivedAt = event.receivedAt * 1_000
      if (!isToldWhen(event)) return arrivedAt
      // Its second is over by then, and the quickest took some time, too.
      return Math.min(arrivedAt, (event.occurredAt + 1 + Math.min(...delays)) * 1_000)
    },
  }
}

const isToldWhen = ({ inferred }: EventRow): boolean => !inferred.includes('timestamp')

/** Seconds from Push's clock to ours, with the time that it took. */
const delayOf = ({ receivedAt, occurredAt }: EventRow): number => receivedAt - occurredAt
