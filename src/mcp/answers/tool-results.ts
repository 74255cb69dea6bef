/** Results of tools as the protocol has them. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Fitted } from './fit.ts'
import { hasFailedWhole, type ToldAnswer, type ToldError, toToldErrors } from './told-answer.ts'

/** What came of asking: the answer, or why there is none that a model could read. */
export const toToolResult = (
  { answer, told, text, bytes }: Fitted,
  maxBytes: number,
  wrote = false,
): CallToolResult => {
  if (hasFailedWhole(answer)) return failed(...toToldErrors(answer))
  if (bytes > maxBytes) return failed(tooLong(bytes, maxBytes, wrote, told.note !== undefined))
  return answered(told, text)
}

/** An answer, as data and as the same in text, for clients that read nothing else. */
export const answered = (told: ToldAnswer, text = JSON.stringify(told)): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: { ...told },
})

/** What went wrong and what to do about it: for the model, which can ask otherwise. */
export const failed = (...errors: readonly ToldError[]): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify({ errors: errors.map(withWayOut) }) }],
  isError: true,
})

const tooLong = (
  bytes: number,
  maxBytes: number,
  wrote: boolean,
  isShortened: boolean,
): ToldError => ({
  code: 'ANSWER_TOO_LONG',
  message: wrote
    ? `It was done, and is not to be done again. What came of it has ${bytes} bytes, and an answer may have ${maxBytes}: look the object up.`
    : `The answer has ${bytes} bytes${isShortened ? ', even with one object a page' : ''}, and may have ${maxBytes}. Ask for less: ${isShortened ? '' : 'shorter pages, '}a narrower question, a shorter time, fewer fields.`,
})

/** For codes whose messages are meant for people who write queries. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  FORBIDDEN:
    'The token of this connection does not allow it. Do not try again; say what is missing.',
  RATE_LIMITED: 'Wait for retryAfterMs milliseconds, then call it once more.',
  BUDGET_EXCEEDED: 'Ask for less: a smaller first, a narrower question, a shorter time.',
  UPSTREAM_UNAVAILABLE: 'Push does not answer now. Try once more in a minute.',
  UPSTREAM_TIMEOUT: 'Push does not answer in time. Try once more in a minute.',
  INTERNAL_SERVER_ERROR: 'It would fail once more: say so, and go on without it.',
}

const withWayOut = (error: ToldError): ToldError & { readonly wayOut?: string } => {
  const wayOut = WAYS_OUT[error.code]
  return wayOut === undefined ? error : { ...error, wayOut }
}

/** A text of ours, as much of its beginning as an answer may have. */
export const shortText = (text: string, maxBytes: number): CallToolResult => {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return { content: [{ type: 'text', text }] }
  const most = maxBytes - SHORTENED.length
  const lines = bytes.subarray(0, most).toString().split('\n').slice(0, -1)
  return { content: [{ type: 'text', text: `${lines.join('\n')}${SHORTENED}` }] }
}

const SHORTENED = '\n(Shortened: ask for a smaller part.)'
