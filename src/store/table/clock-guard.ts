import type { Clock } from '../../model/clock.ts'

/**
 * Gives the time, and calls `onSetBack` first where the wall clock was set back since it was last asked: what was read
 * before would otherwise be newer than all that is read until the clock has caught up.
 */
export const createClockGuard = (
  clock: Pick<Clock, 'now'>,
  onSetBack: (now: number) => void,
): (() => number) => {
  let latest = clock.now()
  return () => {
    const now = clock.now()
    if (now < latest) onSetBack(now)
    latest = now
    return now
  }
}
