/** Spares Push, and those who wait, when it fails again and again: nothing is sent for a while, then one trial. */
import { UpstreamUnavailableError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'

export interface Circuit {
  /** @throws {CircuitOpenError} while nothing is to be sent */
  check(): void
  /**
   * One request is about to be sent; exactly one function of the verdict must be called.
   *
   * @throws {CircuitOpenError} while nothing is to be sent
   */
  begin(): CircuitReport
  look(): CircuitState
}

export interface CircuitReport {
  /** Push answered, be it with a refusal. */
  worked(): void
  /**
   * Push failed: no answer, a broken one, or 5xx, whether or not it says when to come back. `isHopeless`: nobody was
   * there to be asked, or is taken to be.
   */
  failed(isHopeless?: boolean): void
}

export interface CircuitState {
  readonly state: 'closed' | 'open' | 'trial'
  /** Failures since Push last worked. */
  readonly failures: number
  /** Whether Push has ever worked. */
  readonly worked: boolean
  /** When Push last failed (milliseconds); undefined if it never did. */
  readonly failedAt: number | undefined
  /** Milliseconds until a trial; 0 unless open. */
  readonly retryAfterMs: number
}

/** Push has been failing; nothing was sent. */
export class CircuitOpenError extends UpstreamUnavailableError {
  constructor(alias: string, retryAfterMs: number) {
    super(
      `Push has been failing for connector ${alias}; the next try is in ${Math.ceil(retryAfterMs / 1000)} s.`,
      undefined,
      undefined,
      retryAfterMs,
    )
  }
}

/** So many failures in a row open it, each of a request sent after the one before. */
const FAILURES_TO_OPEN = 5
/** Failures closer together count once: what fails side by side tells no more than one, and a blip is soon over. */
const APART_MS = 500
/** The same of those that found nobody there; of a Push that has never worked, the first: it is no blip. */
const UNREACHABLE_TO_OPEN = 3
const FIRST_REST_MS = 5000
const LONGEST_REST_MS = 60_000
// While the trial is under way others are told to come back after it.
const TRIAL_MS = 1000

/** A closed circuit; `onChange` is told of every opening (with its length in milliseconds) and closing (0). */
export const createCircuit = (
  alias: string,
  clock: Clock,
  onChange: (restMs: number) => void,
): Circuit => {
  let failures = 0
  let strikes = 0
  let struckAt = -Infinity
  let unreachable = 0
  let unreachableAt = -Infinity
  let hasWorked = false
  let failedAt: number | undefined
  let restMs = 0
  let restUntil = 0
  let trial = false
  let opened = 0

  const isOpen = (): boolean => restMs > 0
  const untilTrialMs = (): number => {
    const leftMs = restUntil - clock.now()
    // A rest never lasts longer because the clock was set back.
    return Math.max(0, Math.min(leftMs, restMs))
  }

  const check = (): void => {
    if (!isOpen()) return
    if (trial) throw new CircuitOpenError(alias, TRIAL_MS)
    if (untilTrialMs() > 0) throw new CircuitOpenError(alias, untilTrialMs())
  }

  const open = (): void => {
    restMs = restMs === 0 ? FIRST_REST_MS : Math.min(LONGEST_REST_MS, restMs * 2)
    restUntil = clock.now() + restMs
    opened += 1
    onChange(restMs)
  }

  /** Whether the failure of a request sent at `sentAt` makes the run long enough. */
  const strikesOut = (sentAt: number): boolean => {
    const now = clock.now()
    // A clock set back would else put off the next one.
    if (struckAt > now) struckAt = -Infinity
    if (sentAt < struckAt || now - struckAt < APART_MS) return false
    strikes += 1
    struckAt = now
    return strikes >= FAILURES_TO_OPEN
  }

  /** The same of one that found nobody there. */
  const isGivenUp = (sentAt: number): boolean => {
    if (!hasWorked) return true
    const now = clock.now()
    if (unreachableAt > now) unreachableAt = -Infinity
    if (sentAt < unreachableAt) return false
    unreachable += 1
    unreachableAt = now
    return unreachable >= UNREACHABLE_TO_OPEN
  }

  return {
    check,
    begin: () => {
      check()
      const isTrial = isOpen()
      const since = opened
      const sentAt = clock.now()
      if (isTrial) trial = true
      return {
        worked: () => {
          failures = 0
          strikes = 0
          unreachable = 0
          hasWorked = true
          // Also what was sent before the opening tells that Push is back.
          if (isOpen()) onChange(0)
          restMs = 0
          trial = false
        },
        failed: (isHopeless = false) => {
          failures += 1
          failedAt = clock.now()
          if (isTrial) {
            trial = false
            open()
            return
          }
          // What was sent before the opening adds nothing to it.
          if (since !== opened || isOpen()) return
          const isOut = strikesOut(sentAt)
          if (isOut || (isHopeless && isGivenUp(sentAt))) open()
        },
      }
    },
    look: () => ({
      state: !isOpen() ? 'closed' : trial || untilTrialMs() === 0 ? 'trial' : 'open',
      failures,
      worked: hasWorked,
      failedAt,
      retryAfterMs: isOpen() ? untilTrialMs() : 0,
    }),
  }
}
