/**
 * What the rooms above may ask of one connector's API. The client keeps no rows: it paces, retries, shares equal
 * requests in flight, and decodes.
 */
import type { CollectionName, Rows } from '../../model/rows.ts'

/** On whose behalf a request is made, and how long that caller can wait. */
export interface Call {
  /** Who takes turns with the others: an operation's id, or a name for background work. */
  readonly owner: string
  /** The operation that it is made for, where that is not who takes turns. */
  readonly madeFor?: string | undefined
  readonly priority: 'interactive' | 'background'
  /** Milliseconds since 1970; a request that cannot be answered by then is refused at once. */
  readonly deadline: number
  /** Aborting takes the caller's waiting requests out of the queue. */
  readonly signal?: AbortSignal
  /** Told once per request that really goes to Push for this caller (retries included), with how long it waited. */
  readonly onRequest?: (waitedMs: number) => void
  /**
   * An answer that is kept will do, where it was asked for at this moment (milliseconds) or later. Where absent, Push is
   * asked anew.
   */
  readonly notBefore?: number | undefined
  /** Told where a kept answer is what the caller gets. */
  readonly onKept?: () => void
}

/** A look for a kept answer alone. */
export interface KeptLook {
  /** As in a call. */
  readonly notBefore: number
  readonly signal: AbortSignal
  readonly onKept?: (() => void) | undefined
}

export interface PageRequest {
  /** Rows wanted at most; the client lowers it to what it learnt the API accepts. */
  readonly limit?: number
  readonly nextToken?: string
  readonly offset?: number
  readonly parameters?: Readonly<Record<string, string>>
}

/** A row of a page that could not be read: where and why, never with its value. */
export interface Unreadable {
  readonly path: string
  readonly reason: string
  /** Its id, where that at least can be read. */
  readonly id?: string
}

export interface Page<Name extends CollectionName = CollectionName> {
  readonly rows: readonly Rows[Name][]
  /** Undefined on the last page. */
  readonly nextToken: string | undefined
  /** Push says that more follows, and gives no token for it. */
  readonly promisesMore: boolean
  /** When the answer was asked for (milliseconds): the rows are no older than this. */
  readonly readAt: number
  /** Rows as sent, also those that could not be read. */
  readonly sent: number
  readonly unreadable: readonly Unreadable[]
  /** Of the last page of what was known of a list at a moment: there may have been more. */
  readonly isPartial?: true
}

/** What Push says of one id. `absent`: 404, 403 or 400, of which the caller must know whether to believe it. */
export type Lookup<Name extends CollectionName = CollectionName> =
  | { readonly kind: 'row'; readonly row: Rows[Name]; readonly readAt: number }
  | { readonly kind: 'absent'; readonly status: number; readonly readAt: number }

/** A change that Push is asked to make. */
export interface WriteRequest {
  readonly method: 'PATCH' | 'DELETE'
  /** What of the object it is made to, as its path goes on: `loginMethods`. */
  readonly part?: string
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>
}

/** What Push did. `absent`: it has no such object. */
export type WriteAnswer =
  | {
      readonly kind: 'done'
      /** What it answered with, as sent; undefined where that cannot be read or is nothing. */
      readonly object: unknown
      /** By our clock (milliseconds). */
      readonly sentAt: number
      readonly answeredAt: number
      /** By Push's clock, or else by ours (UNIX seconds). */
      readonly occurredAt: number
    }
  | { readonly kind: 'absent' }

export interface RateLimitState {
  /** Requests per second allowed now; below the configured rate while others spend on the same key. */
  readonly limit: number
  readonly burst: number
  /** Requests that could go out at this moment. */
  readonly available: number
  readonly queued: number
  readonly estimatedWaitMs: number
}

export interface ConnectorHealth {
  readonly status: 'OK' | 'DEGRADED' | 'FAILING'
  /** Null while OK. */
  readonly reason: string | null
  /** Whether a request would be sent to Push now, so that also one that is failing may turn out to work. */
  readonly asks: boolean
}

/** Something learnt about this connector's API, kept across restarts. */
export interface Facts {
  get(name: string): string | undefined
  set(name: string, verdict: string): void
  all(): ReadonlyMap<string, string>
}

export interface Client {
  page<Name extends CollectionName>(
    collection: Name,
    request: PageRequest,
    call: Call,
  ): Promise<Page<Name>>
  one<Name extends CollectionName>(collection: Name, id: string, call: Call): Promise<Lookup<Name>>
  /** The page as it is kept, without a request; undefined where none will do. Absent where nothing is kept at all. */
  readonly kept?:
    | (<Name extends CollectionName>(
        collection: Name,
        request: PageRequest,
        look: KeptLook,
      ) => Promise<Page<Name> | undefined>)
    | undefined
  /** Bytes of kept answers about that collection. */
  readonly keptBytes?: ((collection: CollectionName) => Promise<number>) | undefined
  /** Another replica had an object of it changed by then (ms): what was asked for before is not taken from what is kept. */
  readonly outdate?: ((collection: CollectionName, at: number) => void) | undefined
  /**
   * Has Push change one object. It is sent again only where it is certain that Push did not take it.
   *
   * @throws {OutcomeUnknownError} where Push may have made the change; every other failure says that it did not
   */
  write(
    collection: CollectionName,
    id: string,
    request: WriteRequest,
    call: Call,
  ): Promise<WriteAnswer>
  /** The page size that the API is known (or else presumed) to answer with. */
  pageSize(): number
  /** The usual time from sending to answer, in milliseconds; a presumption until the first answer. */
  latencyMs(): number
  rateLimit(): RateLimitState
  health(): ConnectorHealth
  /** Whether Push has ever answered, be it with a refusal. */
  hasAnswered(): boolean
  /**
   * Rows that it gave have left memory: it holds no texts any more for those that come to share with them. Absent where it
   * never does.
   */
  readonly rowsLeft?: (() => void) | undefined
  readonly facts: Facts
  /** Ends the pool; waiting requests are refused. */
  close(): Promise<void>
}

/** How many rows each collection had when it was last read whole, and when (milliseconds); kept across restarts. */
export interface CollectionSizes {
  get(collection: string): CollectionSize | undefined
  /** `newest`: of the rows that were counted, as in the size. */
  set(collection: string, rows: number, newest?: number): void
}

export interface CollectionSize {
  readonly rows: number
  /** When they were counted (milliseconds). */
  readonly at: number
  /** When the newest of them was created (UNIX seconds); undefined where that is not known. */
  readonly newest?: number | undefined
}

/** A client with the sizes that its readers have learnt. */
export interface Source extends Client {
  readonly sizes: CollectionSizes
}

export type Priority = Call['priority']
