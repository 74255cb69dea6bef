/** What can go wrong on the way to Push, on demand. */
import type { Answer } from './answer.ts'
import type { Random } from './tenant/random.ts'

/** In place of an answer. */
const refusing = ['error500', 'html502', 'error503', 'error429', 'reset', 'hang'] as const
/** In an answer's body or headers, or in its time. */
const spoiling = [
  ...(['cut', 'garbage', 'truncated', 'html200', 'wrongContentType', 'missingResult'] as const),
  ...(['wrongTypes', 'repeatingToken', 'slow'] as const),
] as const

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
export const faultKinds = [...refusing, ...spoiling] as const

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

/** What goes over the connection. */
export interface Reply {
  /** Null: the connection is reset, or (`silent`) nothing ever comes. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The connection ends within the body. */
  readonly cut: boolean
  readonly silent: boolean
}

const JSON_TYPE = 'application/json'

/** The answer as it should go out. */
export const toReply = ({ status, body, headers = {} }: Answer): Reply => ({
  ...plain(status, JSON_TYPE, body === undefined ? '' : JSON.stringify(body)),
  headers: { ...(body === undefined ? {} : { 'content-type': JSON_TYPE }), ...headers },
})

/** The answer as it goes out with this fault; `tooMany` is the limiter's refusal, `random` makes the garbage. */
export const toFaultyReply = (
  kind: FaultKind,
  answer: Answer,
  tooMany: Answer,
  random: Random,
): Reply => {
  const reply = toReply(answer)
  switch (kind) {
    case 'error500':
      return toReply({ status: 500, body: { message: 'Internal server error' } })
    case 'html502':
      return plain(502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>')
    case 'error503':
      return toReply({ status: 503, body: { message: 'Service Unavailable' } })
    case 'error429':
      return toReply(tooMany)
    case 'reset':
      return { ...reply, status: null }
    case 'hang':
      return { ...reply, status: null, silent: true }
    case 'cut':
      return { ...reply, cut: true }
    case 'garbage':
      return plain(
        200,
        JSON_TYPE,
        Buffer.from(Array.from({ length: 512 }, () => random.between(0, 255))),
      )
    case 'truncated':
      return { ...reply, body: reply.body.subarray(0, reply.body.length >> 1) }
    case 'html200':
      return plain(200, 'text/html', '<!doctype html><title>Sign in</title><p>Please sign in.</p>')
    case 'wrongContentType':
      return { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain' } }
    case 'missingResult':
      return toReply({ ...answer, body: withoutResult(answer.body) })
    case 'wrongTypes':
      return toReply({ ...answer, body: withWrongTypes(answer.body) })
    case 'repeatingToken':
      return toReply({ ...answer, body: repeating(answer) })
    case 'slow':
      return reply
    default:
      return kind satisfies never
  }
}

/** How much later than usual, in milliseconds. */
export const delayOf = ({ kind, delayMs }: Fault): number =>
  delayMs ?? (kind === 'slow' ? 1_000 : 0)

/** Whether what was asked for is done although the reply says otherwise, or says nothing. */
export const isApplied = ({ kind, applied }: Fault): boolean =>
  applied === true || !(refusing as readonly FaultKind[]).includes(kind)

const plain = (status: number, contentType: string, body: string | Buffer): Reply => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body as string),
  cut: false,
  silent: false,
})

type Envelope = Readonly<Record<string, unknown>> & { readonly result?: readonly object[] }

const toEnvelope = (body: unknown): Envelope => (body ?? {}) as Envelope

const withoutResult = (body: unknown): object => {
  const { result, paging } = toEnvelope(body)
  return result === undefined ? {} : { paging }
}

const withWrongTypes = (body: unknown): unknown => {
  const envelope = toEnvelope(body)
  if (envelope.result === undefined) return mistyped(envelope)
  const middle = envelope.result.length >> 1
  return {
    ...envelope,
    result: envelope.result.map((row, index) => (index === middle ? mistyped(row) : row)),
  }
}

const mistyped = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? 12_345 : 'of another type',
    ]),
  )

const repeating = ({ body, again }: Answer): unknown =>
  again === undefined
    ? body
    : { ...toEnvelope(body), paging: { moreResults: true, nextToken: again } }
