/** The API key of a connector: read when first needed, and again when Push refuses it. */
import { UpstreamUnavailableError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'

export interface Keys {
  /** The key as last read; undefined until it has been. */
  known(): string | undefined
  /** The key to use. @throws {KeyUnreadableError} */
  current(): Promise<string>
  /** Another key than the refused one, where reading again gives one. @throws {KeyUnreadableError} */
  replace(refused: string): Promise<string | undefined>
}

/** Whatever holds the key (a file, a command) gives none now. */
export class KeyUnreadableError extends UpstreamUnavailableError {}

// A key is often a command's output; refusals that mean something else must not run it each time.
const REREAD_MS = 5000

/** The keys that `read` gives, for the connector `alias`. It is asked at once, and told nothing of a failure yet. */
export const createKeys = (
  alias: string,
  read: () => string | Promise<string>,
  clock: Clock,
): Keys => {
  let reading: Promise<string> | undefined
  let known: string | undefined
  let rereadAt = -Infinity

  const load = (): Promise<string> => {
    const loading = (async () => {
      try {
        const given = read()
        known = typeof given === 'string' ? given : await given
        return known
      } catch (error) {
        reading = undefined
        throw new KeyUnreadableError(
          `The key of connector ${alias} cannot be read. Check the file or command that gives it.`,
          undefined,
          error,
        )
      }
    })()
    reading = loading
    return loading
  }

  // Whoever needs the key first meets the failure again, by asking again.
  load().catch(() => {
    reading = undefined
  })
  const current = (): Promise<string> => reading ?? load()

  return {
    known: () => known,
    current,
    replace: async refused => {
      const present = await current()
      if (present !== refused) return present
      const sinceMs = clock.now() - rereadAt
      if (sinceMs >= 0 && sinceMs < REREAD_MS) return undefined
      rereadAt = clock.now()
      const fresh = await load()
      return fresh === refused ? undefined : fresh
    },
  }
}
