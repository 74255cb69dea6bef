/**
 * The door: what one caller, and all callers together, may have at once. Whoever has more is refused with `RATE_LIMITED`,
 * which names the limit; health, figures and webhooks are never asked for here.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { CallerLimitError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import type { TrustedProxies } from '../../model/callers.ts'
import { type Caller, createCallers } from './caller.ts'
import { type Connections, type Loop, watchConnections } from './connections.ts'
import { type DoorLimits, type DoorLimit, overLimit, type Scope, settingOf } from './limits.ts'
import { createPlaces, type OperationPlace } from './places.ts'
import { createRequestRate, type RequestRate } from './request-rate.ts'
import { Shares } from './shares.ts'

export interface AdmissionOptions {
  readonly limits: DoorLimits
  readonly trusted: TrustedProxies
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** Requests a second; those of this process alone where absent. */
  readonly rate?: RequestRate | undefined
  /** The turns of all who have long work; without it nobody has. */
  readonly loop?: Loop
}

/** Bytes that are held for callers. Refusals are thrown as CallerLimitError. */
export interface HeldBytes {
  /** @throws {CallerLimitError} where the caller would have too many */
  take(caller: Caller, bytes: number): void
  give(caller: Caller, bytes: number): void
}

export interface Admission {
  readonly limits: DoorLimits
  readonly callerOf: (request: IncomingMessage) => Caller
  /** Counts a request. @throws {CallerLimitError} where it comes too fast, or its caller leaves answers unread */
  knock(caller: Caller): void
  /**
   * Counts an attempt to prove who one is, by the address that it comes from; the returned function is told whether it
   * succeeded. @throws {CallerLimitError} where too many from there failed
   */
  attempt(request: IncomingMessage): (succeeded: boolean) => void
  /** A place for one operation. @throws {CallerLimitError} where too many wait already */
  enter(caller: Caller): OperationPlace
  /** Counts so many subscriptions until the returned one is left. @throws {CallerLimitError} */
  subscribe(caller: Caller, count: number): { leave(): void }
  /** Bytes of bodies: of requests to the graph, and of webhooks. */
  readonly bodies: HeldBytes
  readonly deliveries: HeldBytes
  /** Bytes of answers that are being made, or wait for their readers. */
  readonly unread: {
    /** Counts so many more, or says why that caller may not have them. */
    take(caller: Caller, bytes: number): CallerLimitError | undefined
    /** Why so many more may not wait for that caller; undefined where they may. */
    refusal(caller: Caller, bytes: number): CallerLimitError | undefined
    /** Counts bytes that wait, whatever the limits say: they are on their way. */
    add(caller: Caller, bytes: number): void
    give(caller: Caller, bytes: number): void
    /** Bytes that are counted for that caller. */
    heldBy(caller: Caller): number
  }
  /** Bounds the connections of a server. */
  watch(server: Server): Connections
  counts(): AdmissionCounts
}

export interface AdmissionCounts {
  readonly running: number
  readonly waiting: number
  readonly subscriptions: number
  readonly sockets: number
  readonly unreadBytes: number
  readonly bodyBytes: number
  /** What was refused so far, by the name of the limit, and connections that were ended by it. */
  readonly refused: ReadonlyMap<string, number>
}

/** When asking again makes sense where nobody can know: a body or an answer leaves in about so long. */
const RETRY_AFTER_MS = 1_000
const RETRY_SUBSCRIBING_MS = 5_000
/** What failed to prove who it is counts as so many requests. */
export const FAILED_ATTEMPT = 4

export const createAdmission = ({
  limits,
  trusted,
  clock,
  rate = createRequestRate(limits.rate, clock),
  loop = idleLoop,
}: AdmissionOptions): Admission => {
  const callers = createCallers(trusted)
  const refused = new Map<string, number>()
  const count = (limit: string): void => {
    refused.set(limit, (refused.get(limit) ?? 0) + 1)
  }
  const refusal = (limited: DoorLimit, scope: Scope, retryAfterMs: number): CallerLimitError => {
    count(settingOf(limited, scope))
    return overLimit(limits, limited, scope, retryAfterMs)
  }
  const places = createPlaces(limits, clock, refusal, () => loop.isLate())
  const subscriptions = new Shares(limits.subscriptions)
  const unread = new Shares(limits.unreadBytes)
  const bodies = new Shares(limits.bodyBytes)
  const deliveries = new Shares(limits.bodyBytes)
  const watched: Connections[] = []

  const bytesOf = (shares: Shares, limited: DoorLimit): HeldBytes => ({
    take: (caller, bytes) => {
      const full = shares.take(caller, bytes)
      if (full !== undefined) throw refusal(limited, full, RETRY_AFTER_MS)
    },
    give: (caller, bytes) => shares.give(caller, bytes),
  })

  return {
    limits,
    callerOf: callers.of,
    knock: caller => {
      const tooFast = rate.count(caller)
      if (tooFast !== undefined) throw refusal('rate', tooFast.scope, tooFast.retryAfterMs)
      const full = unread.total === 0 ? undefined : unread.lacks(caller, 1)
      if (full !== undefined) throw refusal('unreadBytes', full, RETRY_AFTER_MS)
    },
    attempt: request => {
      const address = callers.addressOf(request)
      const tooFast = rate.count(address)
      if (tooFast !== undefined) throw refusal('rate', tooFast.scope, tooFast.retryAfterMs)
      return succeeded => rate.charge(address, succeeded ? -1 : FAILED_ATTEMPT - 1)
    },
    enter: places.enter,
    subscribe: (caller, count) => {
      const full = subscriptions.take(caller, count)
      if (full !== undefined) throw refusal('subscriptions', full, RETRY_SUBSCRIBING_MS)
      return once(() => subscriptions.give(caller, count))
    },
    bodies: bytesOf(bodies, 'bodyBytes'),
    deliveries: bytesOf(deliveries, 'bodyBytes'),
    unread: {
      take: (caller, bytes) => {
        const full = unread.take(caller, bytes)
        return full === undefined ? undefined : refusal('unreadBytes', full, RETRY_AFTER_MS)
      },
      refusal: (caller, bytes) => {
        const full = unread.lacks(caller, bytes)
        return full === undefined ? undefined : refusal('unreadBytes', full, RETRY_AFTER_MS)
      },
      add: (caller, bytes) => unread.add(caller, bytes),
      give: (caller, bytes) => unread.give(caller, bytes),
      heldBy: caller => unread.heldBy(caller),
    },
    watch: server => {
      const connections = watchConnections(server, { callers, limits, loop, onCutOff: count })
      watched.push(connections)
      return connections
    },
    counts: () => ({
      ...places.counts(),
      subscriptions: subscriptions.total,
      sockets: watched.reduce((sum, connections) => sum + connections.count(), 0),
      unreadBytes: unread.total,
      bodyBytes: bodies.total + deliveries.total,
      refused,
    }),
  }
}

const idleLoop: Loop = { isLate: () => false, giveWay: () => undefined }

const once = (end: () => void): { leave(): void } => {
  let hasLeft = false
  return {
    leave: () => {
      if (!hasLeft) end()
      hasLeft = true
    },
  }
}
