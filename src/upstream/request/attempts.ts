/** One request put to Push until it is answered: keys, attempts, retries. */
import { isKeyRefusal } from '../../errors.ts'
import type { Circuit } from './circuit.ts'
import type { Clock } from '../../model/clock.ts'
import { attempt, type PushAnswer, type RequestPath } from './attempt.ts'
import type { OnEvent } from '../contract/events.ts'
import type { KeyStates } from '../state/key-state.ts'
import type { Keys } from '../state/keys.ts'
import { retryPolicy, withRetry } from './retry.ts'
import type { Flight } from './single-flight.ts'
import type { Transport } from './transport.ts'

/**
 * What `read` makes of the answer. An answer that `read` cannot make anything of is asked for again, too.
 *
 * @throws {GatewayError} the last failure, when trying again makes no sense; the reason of the flight's signal
 */
export type AskPush = <Result>(
  requestPath: RequestPath,
  flight: Flight,
  read: (answer: PushAnswer) => Result,
) => Promise<Result>

export interface RetryOptions {
  readonly clock: Clock
  readonly onEvent: OnEvent
  readonly circuit: Circuit
}

interface AskOptions extends RetryOptions {
  readonly alias: string
  readonly keys: Keys
  readonly keyStates: KeyStates
  readonly isStrange: () => boolean
  readonly send: Transport
}

/** One attempt, the `number`-th (from 1) at this request, and a second one where the key was refused and there is another by now. */
export type AttemptOnce = (
  requestPath: RequestPath,
  flight: Flight,
  number: number,
) => Promise<PushAnswer>

/** Attempts with the key in use. */
export const createAttemptOnce = ({ keys, keyStates, ...options }: AskOptions): AttemptOnce => {
  const attemptWith = (
    key: string,
    requestPath: RequestPath,
    flight: Flight,
    number: number,
  ): Promise<PushAnswer> =>
    attempt({ ...options, ...keyStates.use(key) }, requestPath, key, flight, number)

  return async (requestPath, flight, number) => {
    const key = await keys.current()
    try {
      return await attemptWith(key, requestPath, flight, number)
    } catch (error) {
      if (!isKeyRefusal(error)) throw error
      const other = await keys.replace(key)
      if (other === undefined) throw error
      return attemptWith(other, requestPath, flight, number)
    }
  }
}

/** Asks until Push answers or trying again makes no sense. */
export const createAskPush =
  (attemptOnce: AttemptOnce, { clock, onEvent, circuit }: RetryOptions): AskPush =>
  (requestPath, flight, read) =>
    withRetry(
      retryPolicy,
      clock,
      flight.urgency,
      async number => read(await attemptOnce(requestPath, flight, number)),
      (number, delayMs, { code }) => {
        onEvent({ kind: 'retry', path: requestPath.template, attempt: number, delayMs, code })
      },
      () => circuit.look().state === 'open',
    )
