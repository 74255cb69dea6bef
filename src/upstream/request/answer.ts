/** What an HTTP answer of Push means: its JSON, or the failure that its status stands for. */
import {
  RateLimitedError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamUnavailableError,
} from '../../errors.ts'
import { parseJson } from '../../model/well-formed.ts'
import type { UpstreamResponse } from './transport.ts'

/**
 * The parsed body of a 2xx answer.
 *
 * @throws {RateLimitedError} for 429
 * @throws {UpstreamUnavailableError} for 5xx, 408 and 425
 * @throws {UpstreamRefusedError} for every other status: asking again would not help
 * @throws {UpstreamInvalidError} when the body is not JSON
 */
export const readAnswer = (alias: string, response: UpstreamResponse): unknown => {
  checkAnswered(alias, response)
  const { status, body } = response
  if (status < 200 || status >= 300) throw new UpstreamRefusedError(refusal(alias, status), status)
  try {
    return parseJson(body)
  } catch {
    // The parser's own message quotes the body.
    throw new UpstreamInvalidError("Push's answer is not JSON.", '')
  }
}

/**
 * The same for a change, of which a 2xx answer may say nothing: undefined then.
 *
 * @throws {UpstreamRefusedError} with what Push says of a change that it would not make; `key` is in no message
 * @throws {UpstreamInvalidError} where a 2xx answer holds something that is not JSON, and may not be of Push
 */
export const readWriteAnswer = (
  alias: string,
  response: UpstreamResponse,
  key: string,
): unknown => {
  checkAnswered(alias, response)
  const { status, body } = response
  if (status >= 200 && status < 300)
    return body.trim() === '' ? undefined : readAnswer(alias, response)
  const json = jsonOrNothing(body)
  throw new UpstreamRefusedError(writeRefusal(alias, status, messageIn(json, key)), status)
}

const checkAnswered = (alias: string, { status, retryAfterMs }: UpstreamResponse): void => {
  if (status === 429)
    throw new RateLimitedError(
      `Push's request limit for connector ${alias} is used up by somebody else.`,
      retryAfterMs,
    )
  if (status >= 500 || status === 408 || status === 425)
    throw new UpstreamUnavailableError(`Push failed (${status}).`, status, undefined, retryAfterMs)
}

const jsonOrNothing = (body: string): unknown => {
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}

const MAX_MESSAGE_LENGTH = 300

/** What Push says is wrong, on one line and without what may be a secret or an address of somebody; '' for nothing. */
const messageIn = (json: unknown, key: string): string => {
  const said: unknown =
    typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined
  if (typeof said !== 'string') return ''
  return said
    .replaceAll(key, '...')
    .replaceAll(/\S+@\S+/g, '...')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_LENGTH)
}

const writeRefusal = (alias: string, status: number, said: string): string => {
  const saying = said === '' ? '' : `: ${said}`
  if (status === 401 || status === 403)
    return (
      `The key of connector ${alias} is read-only: Push refused the change (${status}). Set PUSH_API_KEY, or the ` +
      "connector's apiKey, apiKeyFile or apiKeyCommand, to a key of this tenant with full access."
    )
  if (status === 400 || status === 422)
    return `Push would not make this change (${status})${saying}`
  if (status < 400)
    return `Push answered with a redirect (${status}), which is never followed. Check PUSH_API_URL.`
  return `Push did not make this change (${status})${saying}`
}

const refusal = (alias: string, status: number): string => {
  if (status === 401 || status === 403)
    return (
      `Push refused the key of connector ${alias} (${status}). Set PUSH_API_KEY, or the connector's apiKey, ` +
      'apiKeyFile or apiKeyCommand, to a key of this tenant that may read.'
    )
  if (status === 400) return 'Push cannot answer this request as it was put (400).'
  if (status === 404) return 'Push knows nothing at this address (404).'
  if (status < 400)
    return `Push answered with a redirect (${status}), which is never followed. Check PUSH_API_URL.`
  return `Push answered with ${status}, which is no answer to such a request. Check PUSH_API_URL.`
}
