import type { Clock } from '../../model/clock.ts'
import { NotNowError } from '../sender.ts'

/**
 * What `run` comes to. Its signal aborts with the caller's reason when the caller's does, and with a NotNowError of that
 * message when `ms` have passed.
 */
export const withDeadline = async <Result>(
  { ms, message, clock }: { readonly ms: number; readonly message: string; readonly clock: Clock },
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  signal.throwIfAborted()
  const ending = new AbortController()
  const leave = (): void => ending.abort(signal.reason)
  const stop = clock.after(ms, () => ending.abort(new NotNowError(message)))
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await run(ending.signal)
  } finally {
    stop()
    signal.removeEventListener('abort', leave)
  }
}
