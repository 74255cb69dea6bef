/** Trying again: which failures are worth it, when, and how often. */
import {
  GatewayError,
  RateLimitedError,
  UpstreamInvalidError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../errors.ts'
import { type Clock, pause } from '../../model/clock.ts'
import { CircuitOpenError } from './circuit.ts'
import { UnreadableRowsError } from './unreadable-rows.ts'
import { KeyUnreadableError } from '../state/keys.ts'
import { BucketUnreachable } from '../limiter/bucket-keeper.ts'
import { NoTurnError } from '../limiter/limiter.ts'
import type { Urgency } from '../limiter/urgency.ts'

export interface RetryPolicy {
  readonly maxAttempts: number
  /** From this attempt on each gets all the time that remains: a Push that is slow answers only whoever waits. */
  readonly patientFrom: number
  /** The attempts of a request that Push puts off for at least `baseDelayMs`: each costs nothing but the pause. */
  readonly maxRefusals: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
}

export const retryPolicy: RetryPolicy = {
  maxAttempts: 4,
  patientFrom: 3,
  maxRefusals: 12,
  baseDelayMs: 200,
  maxDelayMs: 5000,
}

/**
 * Milliseconds until the next attempt after attempt number `attempt` (from 1) failed with `error`; undefined when
 * trying again makes no sense. `random` (0 to 1) spreads those who failed together over the whole delay.
 */
export const retryDelay = (
  policy: RetryPolicy,
  attempt: number,
  error: unknown,
  random: number,
): number | undefined => {
  // Nothing was sent, and waiting here would not change that.
  if (error instanceof NoTurnError) return undefined
  if (error instanceof BucketUnreachable) return undefined
  if (error instanceof CircuitOpenError) return undefined
  if (error instanceof KeyUnreadableError) return undefined
  // The limiter holds everybody back.
  if (error instanceof RateLimitedError) return attempt < policy.maxRefusals ? 0 : undefined
  if (error instanceof UnreadableRowsError && error.confirmed) return undefined
  if (!isTransient(error)) return undefined
  const pauseMs = pauseAfter(error)
  const isPutOff = pauseMs >= policy.baseDelayMs
  if (attempt >= (isPutOff ? policy.maxRefusals : policy.maxAttempts)) return undefined
  const backOffMs = random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
  // Where Push asks for a longer pause, the limiter keeps it, and refuses who cannot wait that long.
  return pauseMs >= backOffMs ? 0 : backOffMs
}

/**
 * Milliseconds that attempt number `attempt` (from 1) may take: `usualMs`, or all that are left, where this is an
 * attempt to be patient with, or where no further one would get more time than it.
 */
export const attemptTimeout = (
  policy: RetryPolicy,
  attempt: number,
  usualMs: number,
  leftMs: number,
): number => {
  const isPatient = attempt >= policy.patientFrom || usualMs * 2 > leftMs
  // What has no deadline waits for a dead connection no longer than a page of a scan may.
  return Math.min(LONGEST_ATTEMPT_MS, isPatient ? Math.max(1, leftMs) : usualMs)
}

const LONGEST_ATTEMPT_MS = 120_000

/** How long Push asked to be left alone when it failed (milliseconds); 0 where it did not. */
export const pauseAfter = (error: unknown): number =>
  error instanceof UpstreamUnavailableError ? (error.retryAfterMs ?? 0) : 0

/** Whether Push may do better the next time. */
export const isTransient = (error: unknown): boolean =>
  error instanceof UpstreamTimeoutError ||
  error instanceof UpstreamUnavailableError ||
  error instanceof UpstreamInvalidError

/**
 * The result of the first attempt that succeeds.
 *
 * @throws the last failure of Push once trying again makes no sense, cannot be done by the deadline, or is held back by
 *   what `isHeldBack` knows of it; the reason of the signal when it aborts
 */
export const withRetry = async <Result>(
  policy: RetryPolicy,
  clock: Clock,
  urgency: Urgency,
  run: (attempt: number) => Promise<Result>,
  onRetry: (attempt: number, delayMs: number, error: GatewayError) => void,
  isHeldBack: () => boolean = () => false,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(attempt)
    } catch (error) {
      urgency.signal.throwIfAborted()
      // A further attempt that found no turn says less than the failure before it.
      if (error instanceof NoTurnError && isTransient(urgency.failure))
        throw urgency.failure as Error
      const delayMs = retryDelay(policy, attempt, error, clock.random())
      if (delayMs === undefined || clock.now() + delayMs >= urgency.deadline) throw error
      // To wait for a further one would tell no more than this.
      if (isHeldBack()) throw error
      if (!(error instanceof GatewayError)) throw error
      urgency.failure = error
      onRetry(attempt, delayMs, error)
      if (delayMs > 0) await pause(delayMs, clock, urgency.signal)
    }
  }
}
