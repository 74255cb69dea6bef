/** The API key of a connector: read when first needed, and again when Push refuses it. */
import { GatewayError, UpstreamUnavailableError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import type { UpstreamLog } from '../contract/events.ts'

export interface Keys {
  /** The key as last read; undefined until it has been. */
  known(): string | undefined
  /**
   * Why the last reading gave none; undefined where it gave one. Whoever looks has it read again now and then: a server
   * that is not ready may be asked nothing else.
   */
  flaw(): KeyUnreadableError | undefined
  /** The key to use. @throws {KeyUnreadableError} */
  current(): Promise<string>
  /** Another key than the refused one, where reading again gives one. @throws {KeyUnreadableError} */
  replace(refused: string): Promise<string | undefined>
}

/** Whatever holds the key (a file, a command) gives none now. */
export class KeyUnreadableError extends UpstreamUnavailableError {}

// A key is often a command's output; refusals that mean something else must not run it each time.
const REREAD_MS = 5000

/**
 * The keys that `read` gives, for the connector `alias`. It is asked at once. `log` is told when it begins to give
 * none, and when it gives one again.
 */
export const createKeys = (
  alias: string,
  read: () => string | Promise<string>,
  clock: Clock,
  log?: UpstreamLog,
): Keys => {
  let reading: Promise<string> | undefined
  let known: string | undefined
  let flaw: KeyUnreadableError | undefined
  let flawAt = -Infinity
  let rereadAt = -Infinity

  const load = (): Promise<string> => {
    const loading = give()
    reading = loading
    loading.catch(() => {
      // Whoever needs the key next tries again.
      if (reading === loading) reading = undefined
    })
    return loading
  }

  const give = async (): Promise<string> => {
    try {
      const given = read()
      known = typeof given === 'string' ? given : await given
      if (flaw !== undefined) log?.('info', `The key of connector ${alias} can be read again.`)
      flaw = undefined
      return known
    } catch (error) {
      const isNews = flaw === undefined
      flaw = new KeyUnreadableError(
        `The key of connector ${alias} cannot be read${codeOf(error)}. Check the file or command that gives it.`,
        undefined,
        // Of other failures nobody knows what they say: a command's own repeats its output, which may be the key.
        error instanceof GatewayError ? error : undefined,
      )
      flawAt = clock.now()
      if (isNews) log?.('warn', flaw.message + reasonOf(error))
      throw flaw
    }
  }

  // Its failure, if it is one, is met again by whoever needs the key.
  void load().catch(() => undefined)
  const current = (): Promise<string> => reading ?? load()

  return {
    known: () => known,
    flaw: () => {
      const seen = flaw
      if (seen !== undefined && reading === undefined && clock.now() - flawAt >= REREAD_MS)
        void load().catch(() => undefined)
      return seen
    },
    current,
    replace: async refused => {
      const present = await current()
      if (present !== refused) return present
      const sinceMs = clock.now() - rereadAt
      const lately = sinceMs >= 0 && sinceMs < REREAD_MS
      if (!lately) rereadAt = clock.now()
      const fresh = await (lately ? current() : load())
      return fresh === refused ? undefined : fresh
    },
  }
}

/** Why, for the operator alone; empty where nobody who knows what may be said has said it. */
const reasonOf = (error: unknown): string =>
  error instanceof GatewayError && error.cause instanceof Error ? ` ${error.cause.message}.` : ''

/** Such as ` (ENOENT)`; empty where there is none. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? ` (${error.code})`
    : ''
