/** What callers may have at once, as the settings say. */
import type { z } from 'zod'
import type { Bounds, CallerLimits } from '../model/callers.ts'
import type { variables } from './variables.ts'

const MEGABYTE = 1_048_576

export const readCallerLimits = (settings: z.infer<typeof variables>): CallerLimits => {
  const limit = (perCaller: number, inAll: number, unit = 1): Bounds =>
    Object.freeze({ perCaller: perCaller * unit, inAll: inAll * unit })

  return Object.freeze({
    operations: limit(settings.PUSHGRAPH_MAX_OPERATIONS, settings.PUSHGRAPH_MAX_OPERATIONS_ALL),
    waiting: limit(settings.PUSHGRAPH_MAX_WAITING, settings.PUSHGRAPH_MAX_WAITING_ALL),
    rate: limit(settings.PUSHGRAPH_MAX_CALLER_RATE, settings.PUSHGRAPH_MAX_CALLER_RATE_ALL),
    subscriptions: limit(
      settings.PUSHGRAPH_MAX_SUBSCRIPTIONS,
      settings.PUSHGRAPH_MAX_SUBSCRIPTIONS_ALL,
    ),
    sockets: limit(settings.PUSHGRAPH_MAX_SOCKETS, settings.PUSHGRAPH_MAX_SOCKETS_ALL),
    unreadBytes: limit(
      settings.PUSHGRAPH_MAX_UNREAD_MB,
      settings.PUSHGRAPH_MAX_UNREAD_MB_ALL,
      MEGABYTE,
    ),
    bodyBytes: limit(
      settings.PUSHGRAPH_MAX_BODIES_MB,
      settings.PUSHGRAPH_MAX_BODIES_MB_ALL,
      MEGABYTE,
    ),
  })
}
