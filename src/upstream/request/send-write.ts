/** One change sent to Push: once, and again only where it is certain that Push did not take it. */
import {
  GatewayError,
  OutcomeUnknownError,
  RateLimitedError,
  UpstreamRefusedError,
} from '../../errors.ts'
import type { Call, WriteAnswer, WriteRequest } from '../contract/contract.ts'
import { createUrgency } from '../limiter/urgency.ts'
import type { RequestPath } from './attempt.ts'
import { type AttemptOnce, createAskPush, type RetryOptions } from './attempts.ts'

/** @throws {OutcomeUnknownError} where Push may have made the change; every other failure says that it did not */
export type SendWrite = (
  object: RequestPath,
  request: WriteRequest,
  call: Call,
) => Promise<WriteAnswer>

const neverAborted = new AbortController().signal

/** Sends by these attempts. A caller that leaves takes back what has not been sent, and nothing else. */
export const createSendWrite = (attemptOnce: AttemptOnce, options: RetryOptions): SendWrite => {
  const { clock } = options

  return async (object, request, call) => {
    const { signal = neverAborted, onRequest = () => undefined } = call
    let isSent = false
    let unknown: OutcomeUnknownError | undefined
    const attemptKnowingly: AttemptOnce = async (...of) => {
      isSent = false
      try {
        return await attemptOnce(...of)
      } catch (error) {
        if (!isSent || isCertain(error)) throw error
        unknown = outcomeUnknown(error)
        throw unknown
      }
    }
    const flight = { urgency: createUrgency(call, signal), onRequest }
    const write = {
      method: request.method,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      onSent: () => {
        isSent = true
      },
    }
    const ask = createAskPush(attemptKnowingly, options)
    try {
      return await ask({ ...below(object, request.part), write }, flight, answer => ({
        kind: 'done',
        object: answer.json,
        sentAt: answer.readAt,
        answeredAt: clock.now(),
        occurredAt: answer.dateSeconds ?? Math.floor(clock.now() / 1_000),
      }))
    } catch (error) {
      // A caller that has left since is no reason to forget it.
      if (unknown !== undefined) throw unknown
      if (error instanceof UpstreamRefusedError && error.status === 404) return { kind: 'absent' }
      throw error
    }
  }
}

const below = ({ path, template }: RequestPath, part: string | undefined): RequestPath =>
  part === undefined
    ? { path, template }
    : { path: `${path}/${part}`, template: `${template}/${part}` }

/** Whether the failure says that Push did not make the change. */
const isCertain = (error: unknown): boolean =>
  error instanceof RateLimitedError || error instanceof UpstreamRefusedError

const outcomeUnknown = (error: unknown): OutcomeUnknownError => {
  if (!(error instanceof GatewayError)) throw error
  const status = error.fields['status']
  return new OutcomeUnknownError(
    `The change was sent and may have been made: ${error.message} It is not sent again.`,
    status === undefined ? {} : { status },
    error,
  )
}
