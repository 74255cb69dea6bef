/** One question put to Push until it is answered: keys, attempts, retries. */
import { UpstreamRefusedError } from '../../errors.ts'
import type { Circuit } from './circuit.ts'
import type { Clock } from '../../model/clock.ts'
import { attempt, type Answer, type RequestPath } from './attempt.ts'
import type { OnEvent } from '../contract/events.ts'
import type { Identity } from '../state/key-state.ts'
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
  question: RequestPath,
  flight: Flight,
  read: (answer: Answer) => Result,
) => Promise<Result>

interface Means {
  readonly alias: string
  readonly clock: Clock
  readonly keys: Keys
  readonly identity: Identity
  readonly circuit: Circuit
  readonly send: Transport
  readonly onEvent: OnEvent
}

/** Asks by these means. */
export const createAsk = ({ keys, identity, ...means }: Means): AskPush => {
  const attemptWith = (key: string, question: RequestPath, flight: Flight): Promise<Answer> =>
    attempt({ ...means, ...identity.use(key) }, question, key, flight)

  /** One attempt, and a second one where the key was refused and there is another by now. */
  const attemptOnce = async (question: RequestPath, flight: Flight): Promise<Answer> => {
    const key = await keys.current()
    try {
      return await attemptWith(key, question, flight)
    } catch (error) {
      if (!isKeyRefusal(error)) throw error
      const other = await keys.replace(key)
      if (other === undefined) throw error
      return attemptWith(other, question, flight)
    }
  }

  return (question, flight, read) =>
    withRetry(
      retryPolicy,
      means.clock,
      flight.urgency,
      async () => read(await attemptOnce(question, flight)),
      (number, delayMs, { code }) => {
        means.onEvent({ kind: 'retry', path: question.template, attempt: number, delayMs, code })
      },
    )
}

/** Whether Push would not have this key. */
export const isKeyRefusal = (error: unknown): boolean =>
  error instanceof UpstreamRefusedError && (error.status === 401 || error.status === 403)
