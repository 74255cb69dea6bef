/** What can go wrong on the way to Push, on demand. */

/**
 * - `error500`, `error503`: JSON errors; `html502`: a proxy's error page
 * - `error429`: a refusal that is not the limiter's
 * - `reset`: the connection is reset before any answer; `hang`: no answer ever
 * - `cut`: the connection ends in the middle of the body
 * - `garbage`: 200 with bytes that are no text; `truncated`: 200 with half of the JSON, as if it were all
 * - `html200`: 200 with a page; `wrongContentType`: the right body, called text/plain
 * - `missingResult`: JSON without `result` (of one object: `{}`); `wrongTypes`: one row with members of other types
 * - `repeatingToken`: a list whose `nextToken` leads to this same page again
 * - `slow`: the right answer, late by `delayMs`
 */
export const faultKinds = [
  'error500',
  'html502',
  'error503',
  'error429',
  'reset',
  'hang',
  'cut',
  'garbage',
  'truncated',
  'html200',
  'wrongContentType',
  'missingResult',
  'wrongTypes',
  'repeatingToken',
  'slow',
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  readonly kind: FaultKind
  /** Milliseconds beyond the usual latency; 0 where absent, for `slow` 1,000. */
  readonly delayMs?: number
  /** Whether a write happens although the answer says otherwise (5xx, 429, reset, hang); false where absent. */
  readonly applied?: boolean
}

/** The request as a fault schedule sees it. */
export interface FaultableRequest {
  readonly method: string
  /** Below `/v1`, without the query: `/accounts`. */
  readonly path: string
  /** The endpoint with the id left open: `/accounts/{id}`. */
  readonly route: string
  readonly query: Readonly<Record<string, string>>
}

/** Asked once per request that passed key and limiter; `n` counts them from 1 since the start or the last reset. */
export type FaultSchedule = (request: FaultableRequest, n: number) => Fault | undefined
