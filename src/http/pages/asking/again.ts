/** When it makes sense to ask the same again, as answers tell. */

/** Longer than this (milliseconds) nobody watches. */
const LONGEST_MS = 600_000
/** A server that says "now" is not asked at once. */
const SHORTEST_MS = 250

interface Refusable {
  readonly errors?: readonly { readonly extensions?: { readonly retryAfterMs?: unknown } }[]
}

/**
 * Milliseconds after which the same question may be answered whole; undefined where no error says so, or nobody would
 * wait so long. `seconds`: the header `Retry-After`, where there is one.
 */
export const askAgainAfter = (
  { errors = [] }: Refusable,
  seconds: string | null,
): number | undefined => {
  if (errors.length === 0) return undefined
  const told = errors
    .map(({ extensions }) => extensions?.retryAfterMs)
    .filter(ms => typeof ms === 'number')
  if (told.length === 0 && /^\d+$/.test(seconds ?? '')) told.push(Number(seconds) * 1_000)
  const ms = Math.max(SHORTEST_MS, ...told)
  return told.length === 0 || ms > LONGEST_MS ? undefined : ms
}

/** Resolves after that time. Rejects with the signal's reason as soon as it is aborted. */
export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave)
      resolve()
    }, ms)
    const leave = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', leave, { once: true })
  })
