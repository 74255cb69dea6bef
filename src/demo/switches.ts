/**
 * Everything nobody outside knows about Push's API, and everything a test wants to choose, as switches that can be
 * set while the stand-in runs. The defaults are the likelier readings.
 */
import type { CollectionName } from '../model/rows.ts'
import { type FaultKind, type FaultSchedule, faultKinds } from './faults.ts'

/**
 * - `honoured`: filters as documented
 * - `ignored`: every row comes
 * - `widened`: the rows asked for, and about an eighth of the others
 * - `refused`: 400
 */
export type ParameterMode = 'honoured' | 'ignored' | 'widened' | 'refused'

/** One for all, or by collection, or by collection and parameter; what is not named is `honoured`. */
export type ParameterModes =
  | ParameterMode
  | {
      readonly [Name in CollectionName]?:
        ParameterMode | { readonly [parameter: string]: ParameterMode }
    }

/** `missing`: 404 for every id. `forbidden`: 403 for every id. */
export type ByIdMode = 'works' | 'missing' | 'forbidden'

/** One for all, or by collection; what is not named works. */
export type ByIdModes = ByIdMode | { readonly [Name in CollectionName]?: ByIdMode }

/**
 * What a write to a collection does: `works`; `ignored`: 200, and nothing is changed; `refused`: 400; `missing`: 404, as
 * where there is no such endpoint.
 */
export type WriteMode = 'works' | 'ignored' | 'refused' | 'missing'

/** One for all, or by collection; what is not named works. */
export type WriteModes = WriteMode | { readonly [Name in CollectionName]?: WriteMode }

export interface Switches {
  // Paging
  /** The largest page, in rows. Default 200. */
  maxPage: number
  /** A `limit` above the largest page gives the largest page, or a 400. Default `clamp`. */
  abovePage: 'clamp' | 'refuse'
  /** Rows of a page when no `limit` is given. Default 100. */
  defaultPage: number
  /**
   * What the last page says. Always `moreResults: false`, with `nextToken` `null` or `absent` or, for `present`, a
   * token (of an empty page); but `empty-page`: the last rows still promise more, and an empty page ends the list;
   * `more-without-token`: `moreResults: true` with a null token. Default `null`.
   */
  lastToken: 'null' | 'absent' | 'present' | 'empty-page' | 'more-without-token'
  /** `refused`: 400; `ignored`: the list starts at its first row. Default `works`. */
  offset: 'works' | 'ignored' | 'refused'
  /**
   * A token resumes after the last row given, or at a position that shifts when rows come and go; `none`: more is
   * promised, and no token given. Default `keyset`.
   */
  tokens: 'keyset' | 'position' | 'none'
  /** Every nth page of a chain is empty though rows follow; 0: none. Default 0. */
  emptyPages: number
  /** Every second page of a chain holds half of what was asked for, though rows follow. Default false. */
  shortPages: boolean
  /** The same order for every scan, or another one each time a list is begun anew. Default `stable`. */
  order: 'stable' | 'shuffled-per-scan'

  // Parameters
  parameters: ParameterModes
  /** A parameter that rest.md does not name is passed over, or a 400. Default `ignored`. */
  unknownParameters: 'ignored' | 'refused'
  /**
   * `...After` and `...Before` leave out the bound or include it; `wider` gives one second more than `inclusive`,
   * `narrower` one second less than `exclusive`. Default `exclusive`.
   */
  bounds: 'exclusive' | 'inclusive' | 'wider' | 'narrower'
  /** Whether `accounts?email=` minds letter case. Default `ignores`. */
  emailCase: 'minds' | 'ignores'

  // Objects
  /** Default: all work but `browserExtensions`, which nobody documents. */
  byId: ByIdModes
  /** The status for an id that is not there. Default 404. */
  unknownId: 404 | 400
  /** Whether the items of `GET /detections` carry `employee` and `events`. Default false. */
  listDetails: boolean
  /** `DELETE /accounts/{id}` answers 200 with `{}`, or 204 without a body. Default 200. */
  deleteStatus: 200 | 204
  /** Default `works`. */
  writes: WriteModes
  /** What a write that changes an object is answered with: the object, `{}`, or 204 without a body. Default `object`. */
  writeAnswers: 'object' | 'empty' | 'nothing'

  // Limiter
  /** Whether anything is ever refused. Default true. */
  limiter: boolean
  /** Tokens per second and key. Default 10. */
  rate: number
  /** The temporary burst, in requests. Default 10. */
  burst: number
  /** The bucket holds `burst`, or (`added`) one second's `rate` and the `burst`. Default `bucket`. */
  burstMeans: 'bucket' | 'added'
  /** Tokens per second that somebody else takes from the same buckets. Default 0. */
  otherSpender: number
  /** The form of `Retry-After` on a 429. Default `none`. */
  retryAfter: 'seconds' | 'date' | 'none'

  // The tenant's own life
  /** Objects of all kinds that are created, changed or deleted a minute. Default 0: the data stays as it is. */
  changesPerMinute: number
  /** Logins and deeds of administrators a minute, which webhooks tell of and no list shows. Default 0. */
  activityPerMinute: number

  // Webhooks, where somebody is named to whom they go
  /** The share of webhooks that are never sent, 0 to 1. Default 0. */
  webhookLoss: number
  /** The most milliseconds by which a webhook is late; each by chance. Default 0. */
  webhookDelayMs: number
  /** The share of webhooks that are held back until another one has gone out, 0 to 1. Default 0. */
  webhookReorder: number
  /** The share of webhooks that are sent once more, with the same id, though they were taken, 0 to 1. Default 0. */
  webhookRepeats: number
  /** The share of webhooks of creations and changes that tell one member wrongly, 0 to 1. Default 0. */
  webhookMisreports: number

  // The way
  /** Milliseconds from arrival to answer. Default 120. */
  latencyMs: number
  /** The share of the latency by which it varies either way. Default 0.2. */
  latencyJitter: number

  // Faults
  /** Asked first; undefined leaves the request to `faultRate`. Not settable from another process. */
  faults: FaultSchedule | undefined
  /** The share of requests that fail by chance, 0 to 1. Default 0. */
  faultRate: number
  /** What they fail with, each as likely. Default: all but `hang` and `slow`. */
  faultKinds: readonly FaultKind[]
}

export const defaultSwitches: Readonly<Switches> = {
  maxPage: 200,
  abovePage: 'clamp',
  defaultPage: 100,
  lastToken: 'null',
  offset: 'works',
  tokens: 'keyset',
  emptyPages: 0,
  shortPages: false,
  order: 'stable',
  parameters: 'honoured',
  unknownParameters: 'ignored',
  bounds: 'exclusive',
  emailCase: 'ignores',
  byId: { browserExtensions: 'missing' },
  unknownId: 404,
  listDetails: false,
  deleteStatus: 200,
  writes: 'works',
  writeAnswers: 'object',
  limiter: true,
  rate: 10,
  burst: 10,
  burstMeans: 'bucket',
  otherSpender: 0,
  retryAfter: 'none',
  changesPerMinute: 0,
  activityPerMinute: 0,
  webhookLoss: 0,
  webhookDelayMs: 0,
  webhookReorder: 0,
  webhookRepeats: 0,
  webhookMisreports: 0,
  latencyMs: 120,
  latencyJitter: 0.2,
  faults: undefined,
  faultRate: 0,
  faultKinds: faultKinds.filter(kind => kind !== 'hang' && kind !== 'slow'),
}
