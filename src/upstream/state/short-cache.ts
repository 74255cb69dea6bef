/** What stands in the state file, kept in memory for a moment: every operation looks at it, and it seldom changes. */
import type { Clock } from '../../model/clock.ts'

export interface ShortCache<Value> {
  /** What was read within the last second, or is read now. */
  get(): Value
  /** It has changed: the next look reads it again. */
  forget(): void
}

/** Another process's change is seen this late at most. */
const KEPT_MS = 1_000

export const createShortCache = <Value>(
  clock: Pick<Clock, 'now'>,
  read: () => Value,
): ShortCache<Value> => {
  let kept: { readonly value: Value; readonly at: number } | undefined

  return {
    get: () => {
      const now = clock.now()
      // A clock that was set back makes nothing last longer.
      if (kept === undefined || now < kept.at || now - kept.at >= KEPT_MS)
        kept = { value: read(), at: now }
      return kept.value
    },
    forget: () => {
      kept = undefined
    },
  }
}
