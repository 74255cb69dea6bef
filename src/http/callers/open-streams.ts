/**
 * What is open of callers whose rights may end meanwhile: WebSockets and streams of events. Each is ended with the rights
 * that it was opened with: by the clock, or when other tokens take the place of those that there were.
 */
import { atDeadline, type Clock } from '../../model/clock.ts'
import type { Identity } from './identity.ts'

export interface OpenStreams {
  /** Calls `end` once, when the rights end, at once where they have; until the returned function is called. */
  follow(identity: Identity, end: () => void): () => void
  /** Ends what is open of each caller whose rights do not hold any longer. */
  review(): void
  /** Nothing is ended by the clock any more. */
  close(): void
}

export const createOpenStreams = (clock: Clock): OpenStreams => {
  const open = new Map<Identity, Set<() => void>>()
  let stopTimer: (() => void) | undefined
  let timerAt = Infinity

  /** Looks again at the first moment at which rights of somebody end. */
  const setTimer = (): void => {
    const next = [...open.keys()].reduce((first, { endsAt }) => Math.min(first, endsAt), Infinity)
    if (next === timerAt) return
    stopTimer?.()
    timerAt = next
    stopTimer = next === Infinity ? undefined : atDeadline(clock, next, onTimer)
  }

  /** What rings too early, as a timer of more than 24 days does, is set again. */
  const onTimer = (): void => {
    timerAt = Infinity
    review()
  }

  const review: OpenStreams['review'] = () => {
    for (const [identity, ends] of open) {
      if (identity.holds()) continue
      open.delete(identity)
      for (const end of ends) end()
    }
    setTimer()
  }

  return {
    follow: (identity, end) => {
      if (!identity.holds()) {
        end()
        return () => undefined
      }
      const ends = open.get(identity)
      if (ends === undefined) open.set(identity, new Set([end]))
      else ends.add(end)
      if (identity.endsAt < timerAt) setTimer()
      return () => {
        const own = open.get(identity)
        if (own?.delete(end) === true && own.size === 0) open.delete(identity)
      }
    },
    review,
    close: () => {
      stopTimer?.()
      open.clear()
    },
  }
}
