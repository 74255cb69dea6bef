/** Equal requests in flight are one: its answer goes to all who asked, and it lives as long as one of them waits. */
import { RateLimitedError, UpstreamTimeoutError, type GatewayError } from '../../errors.ts'
import { atDeadline, type Clock } from '../../model/clock.ts'
import type { Call } from '../contract/contract.ts'
import { createUrgency, type Urgency } from '../limiter/urgency.ts'

export interface Flight {
  readonly urgency: Urgency
  /** Tells one caller of a request that goes to Push: whoever asked first of those still waiting. */
  readonly onRequest: (waitedMs: number) => void
  /** On which terms an answer that is kept will do; where absent, none does. */
  readonly kept?: KeptTerms
}

/** What all who wait agree on. */
export interface KeptTerms {
  /** The moment (milliseconds) at or after which it must have been asked for; undefined where one of them has Push asked anew. */
  readonly notBefore: number | undefined
  /** Whether one that was asked for then will still do. If so, it is what they get: who comes later asks for himself. */
  take(askedAt: number): boolean
}

export interface SingleFlight {
  /**
   * The answer to the request named `key`: that of an equal one in flight, else of the one that `start` begins.
   *
   * @throws the flight's failure; the reason of `call.signal`; at `call.deadline` what the request was waiting for
   */
  run<Answer>(key: string, call: Call, start: (flight: Flight) => Promise<Answer>): Promise<Answer>
  /** Everybody who waits is refused with `reason`. */
  close(reason: Error): void
}

interface OpenFlight extends Flight {
  readonly kept: KeptTerms & { join(notBefore: number | undefined): void }
  readonly answer: Promise<unknown>
  /** In the order of their coming; one call object may stand behind several. */
  readonly callers: Set<Caller>
  readonly leave: AbortController
}

interface Caller {
  readonly call: Call
  readonly giveUp: (reason: Error) => void
}

/** Nothing in flight yet. */
export const createSingleFlight = (clock: Clock): SingleFlight => {
  const flights = new Map<string, OpenFlight>()

  const open = (
    key: string,
    call: Call,
    start: (flight: Flight) => Promise<unknown>,
  ): OpenFlight => {
    const leave = new AbortController()
    const callers = new Set<Caller>()
    const urgency = createUrgency(call, leave.signal)
    const onRequest = (waitedMs: number): void => {
      const [first] = callers
      first?.call.onRequest?.(waitedMs)
    }
    let { notBefore } = call
    const kept: OpenFlight['kept'] = {
      get notBefore() {
        return notBefore
      },
      take: askedAt => {
        if (notBefore === undefined || askedAt < notBefore) return false
        if (flights.get(key) === flight) flights.delete(key)
        for (const caller of callers) caller.call.onKept?.()
        return true
      },
      join: also => {
        notBefore =
          notBefore === undefined || also === undefined ? undefined : Math.max(notBefore, also)
      },
    }
    const answer = Promise.resolve()
      .then(() => start({ urgency, onRequest, kept }))
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key)
      })
    // Where every caller has left, nobody is there to hear of the failure.
    answer.catch(() => undefined)
    const flight: OpenFlight = { urgency, onRequest, kept, answer, callers, leave }
    flights.set(key, flight)
    return flight
  }

  const abandon = (key: string, flight: OpenFlight, reason: unknown): void => {
    if (flights.get(key) === flight) flights.delete(key)
    flight.leave.abort(reason)
  }

  return {
    run: <Answer>(key: string, call: Call, start: (flight: Flight) => Promise<Answer>) =>
      new Promise<Answer>((resolve, reject) => {
        if (call.signal?.aborted === true) {
          reject(call.signal.reason as Error)
          return
        }
        const since = clock.now()
        const flight = flights.get(key) ?? open(key, call, start)

        const leave = (): void => {
          stop()
          call.signal?.removeEventListener('abort', aborted)
          flight.callers.delete(caller)
        }
        const giveUp = (reason: Error): void => {
          leave()
          if (flight.callers.size === 0) abandon(key, flight, reason)
          reject(reason)
        }
        const caller = { call, giveUp }
        const aborted = (): void => giveUp(call.signal?.reason as Error)
        const late = (): void => {
          giveUp(tooLate(flight.urgency, Math.max(0, call.deadline - since)))
        }
        const stop = atDeadline(clock, call.deadline, late)
        call.signal?.addEventListener('abort', aborted)
        flight.callers.add(caller)
        flight.urgency.raise(call.priority, call.deadline)
        flight.kept.join(call.notBefore)
        const failed = (error: Error): void => {
          leave()
          reject(error)
        }
        flight.answer.then(answer => {
          leave()
          resolve(answer as Answer)
        }, failed)
        if (since + (flight.urgency.waitMs?.() ?? 0) > call.deadline) late()
      }),
    close: reason => {
      for (const { callers } of [...flights.values()])
        for (const { giveUp } of [...callers]) giveUp(reason)
    },
  }
}

/** What the request was waiting for when the caller's time ran out. */
const tooLate = (urgency: Urgency, waitedMs: number): GatewayError => {
  if (urgency.failure !== undefined) return urgency.failure
  if (urgency.underWay)
    return new UpstreamTimeoutError(`Push gave no answer within ${waitedMs} ms.`, waitedMs)
  const waitMs = urgency.waitMs?.()
  return new RateLimitedError(
    "Push's request limit left no turn in time.",
    waitMs === undefined ? undefined : Math.ceil(waitMs),
  )
}
