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
export const readAnswer = (
  alias: string,
  { status, body, retryAfterMs }: UpstreamResponse,
): unknown => {
  if (status === 429)
    throw new RateLimitedError(
      `Push's request limit for connector ${alias} is used up by somebody else.`,
      retryAfterMs,
    )
  if (status >= 500 || status === 408 || status === 425)
    throw new UpstreamUnavailableError(`Push failed (${status}).`, status, undefined, retryAfterMs)
  if (status < 200 || status >= 300) throw new UpstreamRefusedError(refusal(alias, status), status)
  try {
    return parseJson(body)
  } catch {
    // The parser's own message quotes the body.
    throw new UpstreamInvalidError("Push's answer is not JSON.", '')
  }
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
