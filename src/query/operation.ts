/** One operation as the rooms below see it: whom it may ask, how long it waits, how old its rows may be, what it cost. */
import type { CollectionName } from '../model/rows.ts'
import type { Clock } from '../model/clock.ts'
import type { Call } from '../store/store.ts'
import { BudgetError } from '../errors.ts'
import { createSightings, type Sightings } from './sightings.ts'
import { createStanding, sinceOf, type Standing } from './standing.ts'
import { createTurns, type Turns } from './turns.ts'

/** How old rows may be, in milliseconds of age. */
export interface Freshness {
  /** Rows younger than this are served as they are. */
  readonly maxAgeMs: number
  /** Rows younger than this are served while they are read again in the background. */
  readonly staleMs: number
}

export interface Warning {
  readonly code: string
  readonly message: string
  readonly connector: string
  readonly collection: CollectionName | null
}

/** What `extensions.pushgraph` tells of an operation. */
export interface Summary {
  readonly requests: number
  readonly waitedMs: number
  readonly rowsRead: number
  readonly rowsReturned: number
  readonly cacheHits: number
  readonly asOf: number | null
  readonly complete: boolean
  readonly warnings: readonly Warning[]
}

export interface OperationOptions {
  readonly id: string
  readonly clock: Clock
  readonly freshness: Freshness
  readonly maxRequests: number
  readonly maxWaitMs: number
  /** The connectors this caller sees, in the order of the settings. */
  readonly connectors: readonly string[]
  readonly signal?: AbortSignal
}

/** Requests set aside. */
export interface Reservation {
  /** The terms of the requests that they were set aside for. */
  readonly call: Call
  /** Gives back those that were not made. */
  readonly release: () => void
}

export interface Operation {
  readonly id: string
  readonly connectors: readonly string[]
  readonly startedAt: number
  readonly deadline: number
  /** Rows read at or after this moment are fresh. */
  readonly freshSince: number
  /** Rows read at or after this moment may be served while they are refreshed. */
  readonly staleSince: number
  /** The terms of a request made for this operation. */
  readonly call: Call
  /** The same, counted for one collection. */
  callFor(connector: string, collection: CollectionName): Call
  /** Requests made so far. */
  readonly requests: number
  /** Whether all that was served was read since the operation began, and nothing is missing. */
  readonly isCold: boolean
  /** What it has seen of its questions, for the plans of later ones. */
  readonly sightings: Sightings
  /** Requests made so far for a collection. */
  requestsFor(connector: string, collection: CollectionName): number
  /** Rows returned so far by the connection at that path. */
  rowsAt(path: string): number
  /** Requests that may still be made, those set aside left out. */
  readonly requestsLeft: number
  /**
   * Sets requests aside for what is about to be read, so that others at the same time do not count on them.
   * @throws BudgetError when so many do not fit the budget.
   */
  reserve(requests: number, retryAfterMs: number, call: Call): Reservation
  /** Its share of the event loop. */
  readonly turns: Turns
  /** What the answer rests on, and until when it stands. */
  readonly standing: Standing
  /** Rows were served that are no older than `asOf` (milliseconds). */
  served(asOf: number, fromStore: boolean): void
  returned(rows: number, path?: string): void
  read(rows: number): void
  /** Something is missing from the answer. */
  incomplete(warning: Warning): void
  /** Something the caller should know, though nothing is missing. */
  warn(warning: Warning): void
  summary(): Summary
}

export const createOperation = (options: OperationOptions): Operation => {
  const startedAt = options.clock.now()
  const deadline = startedAt + options.maxWaitMs
  const standing = createStanding()
  const warnings = new Map<string, Warning>()
  const requestsFor = new Map<string, number>()
  const rowsAt = new Map<string, number>()
  let requests = 0
  let reserved = 0
  let waitedMs = 0
  let rowsRead = 0
  let rowsReturned = 0
  let cacheHits = 0
  let asOf: number | null = null
  let complete = true

  const warn = (warning: Warning): void => {
    standing.endsNow()
    warnings.set(
      `${warning.code} ${warning.connector} ${warning.collection ?? ''} ${warning.message}`,
      warning,
    )
  }

  const count = (waited: number): void => {
    standing.endsNow()
    requests += 1
    waitedMs += waited
  }

  const call: Call = {
    owner: options.id,
    priority: 'interactive',
    deadline,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onRequest: count,
  }

  return {
    id: options.id,
    connectors: options.connectors,
    startedAt,
    deadline,
    ...sinceOf(startedAt, options.freshness),
    call,
    callFor: (connector, collection) => ({
      ...call,
      onRequest: waited => {
        count(waited)
        const key = `${connector} ${collection}`
        requestsFor.set(key, (requestsFor.get(key) ?? 0) + 1)
      },
    }),
    get requests() {
      return requests
    },
    get isCold() {
      return complete && asOf !== null && asOf >= startedAt
    },
    sightings: createSightings(),
    requestsFor: (connector, collection) => requestsFor.get(`${connector} ${collection}`) ?? 0,
    rowsAt: path => rowsAt.get(path) ?? 0,
    turns: createTurns(),
    standing,
    get requestsLeft() {
      return Math.max(0, options.maxRequests - requests - reserved)
    },
    reserve: (wanted, retryAfterMs, callOf) => {
      if (requests + reserved + wanted > options.maxRequests)
        throw new BudgetError(
          `This needs ${wanted} more requests to Push than the ${options.maxRequests} that one operation may make; ask for less, or raise PUSHGRAPH_MAX_REQUESTS`,
          wanted,
          retryAfterMs,
        )
      let left = wanted
      const use = (count: number): void => {
        left -= count
        reserved -= count
      }
      reserved += wanted
      return {
        call: {
          ...callOf,
          onRequest: waited => {
            if (left > 0) use(1)
            callOf.onRequest?.(waited)
          },
        },
        release: () => {
          use(left)
        },
      }
    },
    served: (at, fromStore) => {
      asOf = asOf === null ? at : Math.min(asOf, at)
      if (fromStore) cacheHits += 1
    },
    returned: (rows, path) => {
      rowsReturned += rows
      if (path !== undefined) rowsAt.set(path, (rowsAt.get(path) ?? 0) + rows)
    },
    read: rows => {
      standing.endsNow()
      rowsRead += rows
    },
    incomplete: warning => {
      complete = false
      warn(warning)
    },
    warn,
    summary: () => ({
      requests,
      waitedMs: Math.round(waitedMs),
      rowsRead,
      rowsReturned,
      cacheHits,
      asOf,
      complete,
      warnings: [...warnings.values()],
    }),
  }
}
