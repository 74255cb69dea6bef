/** The door of a server under test: wide open but for what a test narrows. */
import type { IncomingMessage } from 'node:http'
import { createAdmission, type Admission } from '../../src/http/admission/admission.ts'
import type { DoorLimits } from '../../src/http/admission/limits.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { TrustedProxies } from '../../src/model/callers.ts'

const wide = { perCaller: 1_000_000, inAll: 1_000_000 }

export const wideLimits: DoorLimits = {
  operations: wide,
  waiting: wide,
  rate: wide,
  subscriptions: wide,
  sockets: wide,
  unreadBytes: { perCaller: 1e9, inAll: 1e9 },
  bodyBytes: { perCaller: 1e9, inAll: 1e9 },
  maxWaitMs: 60_000,
  headersTimeoutMs: 60_000,
  requestTimeoutMs: 60_000,
  unreadTimeoutMs: 60_000,
}

export const createDoor = (
  limits: Partial<DoorLimits> = {},
  trusted: TrustedProxies = { kind: 'none' },
  clock: Parameters<typeof createAdmission>[0]['clock'] = systemClock,
): Admission => createAdmission({ limits: { ...wideLimits, ...limits }, trusted, clock })

/** A request from that address, as far as callers are told apart by it. */
export const requestFrom = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage
