/** What callers may have at the door, one by one and all together, and how each limit is told of. */
import { CallerLimitError } from '../../errors.ts'
import type { CallerLimits } from '../../model/callers.ts'

/** The limits at the door. Each has a setting, and one of the same name with `_ALL` for all callers together. */
export interface DoorLimits extends CallerLimits {
  /** How long an operation waits for its turn. */
  readonly maxWaitMs: number
  /** How long the headers of a request may take to come, and the whole of it. */
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** How long a reader may take nothing of an answer that waits for it. */
  readonly unreadTimeoutMs: number
}

/** How long callers may take, in milliseconds. */
export const TIMEOUTS = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  unreadTimeoutMs: 30_000,
}

/** What is limited by a refusal; connections are ended, not refused. */
export type DoorLimit =
  'operations' | 'waiting' | 'rate' | 'subscriptions' | 'unreadBytes' | 'bodyBytes'

/** Who has too much: the caller, or all callers together. */
export type Scope = 'perCaller' | 'inAll'

const settings: Readonly<Record<DoorLimit | 'sockets', string>> = {
  operations: 'PUSHGRAPH_MAX_OPERATIONS',
  waiting: 'PUSHGRAPH_MAX_WAITING',
  rate: 'PUSHGRAPH_MAX_CALLER_RATE',
  subscriptions: 'PUSHGRAPH_MAX_SUBSCRIPTIONS',
  sockets: 'PUSHGRAPH_MAX_SOCKETS',
  unreadBytes: 'PUSHGRAPH_MAX_UNREAD_MB',
  bodyBytes: 'PUSHGRAPH_MAX_BODIES_MB',
}

/** The setting of that limit. */
export const settingOf = (limited: DoorLimit | 'sockets', scope: Scope): string =>
  scope === 'inAll' ? `${settings[limited]}_ALL` : settings[limited]

const ofDoor: ReadonlySet<string> = new Set(
  Object.values(settings).flatMap(setting => [setting, `${setting}_ALL`]),
)

/** Whether that is the setting of a limit here. */
export const isOfDoor = (setting: string): boolean => ofDoor.has(setting)

const counted: Readonly<Record<DoorLimit, string>> = {
  operations: 'operations at once, and this one waited for too long',
  waiting: 'operations that wait for their turn',
  rate: 'requests a second',
  subscriptions: 'open subscriptions',
  unreadBytes: 'megabytes of answers that are being made or are not read',
  bodyBytes: 'megabytes of bodies that did not come whole yet or wait for their turn',
}

const MEGABYTE = 1_048_576

/** The refusal by that limit; `retryAfterMs`: when asking again makes sense. */
export const overLimit = (
  limits: DoorLimits,
  limited: DoorLimit,
  scope: Scope,
  retryAfterMs: number,
): CallerLimitError => {
  const bound = limits[limited][scope]
  const max = limited.endsWith('Bytes') ? bound / MEGABYTE : bound
  const limit = settingOf(limited, scope)
  const who = scope === 'inAll' ? 'All callers together' : 'One caller'
  const seconds = Math.ceil(retryAfterMs / 1_000)
  return new CallerLimitError(
    `${who} may have ${max} ${counted[limited]}: ${limit}. Ask again in ${seconds} s`,
    { limit, max, retryAfterMs: Math.ceil(retryAfterMs) },
  )
}
