import type { Clock } from '../model/clock.ts'
import { NotNowError } from './sender.ts'

/**
 * What `run` comes to. Its signal aborts with the caller's reason when the caller's does, and with a NotNowError of that
 * message when `ms` have passed; it is waited for no longer then, whether it listens or not.
 */
export const withDeadline = async <Result>(
  { ms, message, clock }: { readonly ms: number; readonly message: string; readonly clock: Clock },
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  signal.throwIfAborted()
  const ending = new AbortController()
  const over = Promise.withResolvers<never>()
  const end = (reason: Error): void => {
    over.reject(reason)
    ending.abort(reason)
  }
  const leave = (): void => end(signal.reason as Error)
  const stop = clock.after(ms, () => end(new NotNowError(message)))
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([run(ending.signal), over.promise])
  } finally {
    stop()
    signal.removeEventListener('abort', leave)
  }
}
