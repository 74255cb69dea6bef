/** What a running stand-in offers to those who started it. */
import type { Clock } from '../model/clock.ts'
import type { TenantData } from './data.ts'
import type { FaultKind } from './faults.ts'
import type { History, PastChange, RowChange } from './history.ts'
import type { DemoKeys } from './keys.ts'
import type { WebhookCounts, WebhookTarget } from './life/sender.ts'
import type { ListChanges } from './lists.ts'
import type { PushData } from './tenant/objects.ts'
import type { Switches } from './switches.ts'

export interface StandInOptions {
  /** The port on 127.0.0.1; 0 takes a free one. Default 0. */
  readonly port?: number
  /** Which tenant: other seeds give other people and other ids. Default 1. */
  readonly seed?: number
  /** How large: 1 is about 1,000 employees and 12,000 accounts. Default 1. */
  readonly scale?: number
  /** UNIX seconds at which the data is as if read. Default: the clock's time. */
  readonly now?: number
  /** Data made before, in place of `seed`, `scale` and `now`; it is not changed by writes. */
  readonly data?: TenantData
  readonly keys?: DemoKeys
  readonly switches?: Partial<Switches>
  /** Default: the machine's. Chance comes from the seed, not from here. */
  readonly clock?: Clock
  /** Whether `/__control` answers (without a key), for benches in another process. Default false. */
  readonly control?: boolean
}

export type KeyKind = 'full' | 'readOnly' | 'wrong' | 'none'

/** One request as it arrived. */
export interface RequestRecord {
  /** From 1, since the start or the last reset. */
  readonly n: number
  readonly method: string
  /** Below `/v1`, without the query: `/accounts`. */
  readonly path: string
  /** The endpoint with the id left open: `/accounts/{id}`. */
  readonly route: string
  /** A repeated parameter's values stand in one text, with commas. */
  readonly query: Readonly<Record<string, string>>
  readonly key: KeyKind
  /** Milliseconds, by the clock. */
  readonly arrivedAt: number
  /** Null until answered, and for good where the connection was reset or hangs. */
  readonly answeredAt: number | null
  readonly status: number | null
  /** Refused by the limiter. */
  readonly overLimit: boolean
  readonly fault: FaultKind | null
}

/** Counts since the start or the last reset. */
export interface Statistics {
  readonly requests: number
  /** Requests that the limiter refused. A client that keeps to the limit sees none. */
  readonly overLimit: number
  /** By method and route, such as `GET /accounts/{id}`. */
  readonly byRoute: Readonly<Record<string, number>>
  /** By status; requests that got none are not in here. */
  readonly byStatus: Readonly<Record<string, number>>
  readonly byFault: Readonly<Record<string, number>>
}

export interface StandIn extends ListChanges, History {
  /** Where clients point: `http://127.0.0.1:PORT/v1`. */
  readonly url: string
  readonly port: number
  readonly keys: DemoKeys
  /** What the tenant and all chance in it are made from. */
  readonly seed: number
  /** The tenant as it is now, writes included; the arrays are in list order. Made when first asked for. */
  readonly data: PushData
  /** The data it started with: seed, scale, and where the awkward rows are. */
  readonly origin: TenantData
  readonly switches: Readonly<Switches>
  /** Changes the switches named, from the next request on. */
  readonly set: (changes: Partial<Switches>) => void

  /**
   * Sends webhooks there from now on: of what the tenant changes of itself, and of its activity; what writes and tests
   * change, nobody is told. Undefined: nowhere, also what was to be sent again.
   */
  readonly sendWebhooks: (target: WebhookTarget | undefined) => void
  readonly webhookCounts: WebhookCounts
  /** The newest changes whose webhook was lost by the switch, the oldest first; 1,000 are kept. */
  readonly untoldChanges: readonly PastChange[]
  /** Resolves when no webhook waits for its answer; those that are late or to be sent again are not waited for. */
  readonly webhooksSettled: () => Promise<void>
  /** Makes the tenant's next change at once, whatever the rate, and tells of it; undefined where nothing can happen. */
  readonly step: () => RowChange | undefined

  /** The newest requests, oldest first; 20,000 are kept. */
  readonly requests: readonly RequestRecord[]
  readonly statistics: () => Statistics
  /**
   * Forgets requests and counts, fills the buckets and begins chance anew, from that number or as at the start. Data,
   * switches and what happens to the tenant of itself stay.
   */
  readonly reset: (chanceSeed?: number) => void

  /** Ends at once, with connections that hang. */
  readonly close: () => Promise<void>
}
