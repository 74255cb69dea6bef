import { describe, expect, it } from 'vitest'
import type { GatewayError } from '../../../src/errors.ts'
import {
  RateLimitedError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamUnavailableError,
} from '../../../src/errors.ts'
import { readAnswer } from '../../../src/upstream/request/answer.ts'

const secret = 'somebody@example.com'
const read = (status: number, body = `{"message":"${secret}"}`) =>
  readAnswer('default', { status, body, retryAfterMs: 1500 })

describe('an answer', () => {
  it.each([200, 201, 203])('of %i is its JSON', status => {
    expect(read(status)).toEqual({ message: secret })
  })

  it.each([
    { status: 429, error: RateLimitedError, code: 'RATE_LIMITED' },
    { status: 500, error: UpstreamUnavailableError, code: 'UPSTREAM_UNAVAILABLE' },
    { status: 503, error: UpstreamUnavailableError, code: 'UPSTREAM_UNAVAILABLE' },
    { status: 400, error: UpstreamRefusedError, code: 'BAD_USER_INPUT' },
    { status: 401, error: UpstreamRefusedError, code: 'FORBIDDEN' },
    { status: 403, error: UpstreamRefusedError, code: 'FORBIDDEN' },
    { status: 404, error: UpstreamRefusedError, code: 'FORBIDDEN' },
    { status: 302, error: UpstreamRefusedError, code: 'UPSTREAM_INVALID' },
    { status: 418, error: UpstreamRefusedError, code: 'UPSTREAM_INVALID' },
    { status: 408, error: UpstreamUnavailableError, code: 'UPSTREAM_UNAVAILABLE' },
    { status: 425, error: UpstreamUnavailableError, code: 'UPSTREAM_UNAVAILABLE' },
  ])('of $status is a $code that shows nothing of its body', ({ status, error, code }) => {
    const failure = ((): unknown => {
      try {
        return read(status)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(failure).toBeInstanceOf(error)
    expect((failure as GatewayError).code).toBe(code)
    expect(String((failure as GatewayError).message)).not.toContain(secret)
  })

  it.each([429, 502, 503, 408])('of %i says when to come back', status => {
    const fields = expect.objectContaining({ retryAfterMs: 1500 })
    expect(() => read(status)).toThrow(expect.objectContaining({ retryAfterMs: 1500, fields }))
  })

  it.each([301, 418])('of %i says what to look at', status => {
    expect(() => read(status)).toThrow(/Check PUSH_API_URL/)
  })

  it('of 403 names the connector and how to mend it', () => {
    expect(() => read(403)).toThrow(/key of connector default \(403\)\. Set PUSH_API_KEY/)
  })

  it.each(['', '<html>', '{"result": [', secret])('that is not JSON cannot be read: %j', body => {
    expect(() => read(200, body)).toThrow(
      new UpstreamInvalidError("Push's answer is not JSON.", ''),
    )
  })
})
