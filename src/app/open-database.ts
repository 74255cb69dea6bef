/** The database that replicas share, opened when the app is made; its time is everybody's from then on. */
import { pause } from '../model/clock.ts'
import type { Database, DatabaseOptions } from '../postgres/connecting/database.ts'
import { DatabaseUnavailable } from '../postgres/connecting/failures.ts'
import type { Setup, StartTerms } from './setup.ts'

/** A database that is being replaced or started with its replicas is there within that time. */
const WAITED_MS = 30_000
const TRY_EVERY_MS = 1_000

/**
 * Waits for it for half a minute, or for as long as it takes where that is wanted, and says so; no longer once the process is asked to
 * stop. What its operator or the settings must put right first is not waited for.
 *
 * @throws {DatabaseUnavailable} where it is not there by then
 * @throws {DatabaseUnusable} where its tables are those of a newer version
 */
export const openSharedDatabase = async (
  address: Pick<DatabaseOptions, 'url' | 'listenUrl' | 'settings'>,
  {
    clock,
    log,
    opens,
    onProblem,
    stopped,
    awaitsDatabase = false,
  }: Pick<Setup, 'clock' | 'log' | 'opens' | 'onProblem' | keyof StartTerms>,
): Promise<Database> => {
  const { openDatabase } = await import('../postgres/connecting/database.ts')
  const stop = new AbortController()
  void stopped?.then(() => stop.abort())
  const until = awaitsDatabase ? Infinity : clock.now() + WAITED_MS
  const howLong = awaitsDatabase ? 'until it is there' : `for ${WAITED_MS / 1_000} s`
  for (let told = ''; ;) {
    try {
      const database = await openDatabase({ ...address, clock, onProblem })
      opens(database.close)
      return database
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || error.lasts || clock.now() >= until)
        throw error
      if (error.message !== told) log.warn(`${error.message}. It is tried again ${howLong}.`)
      told = error.message
      await pause(TRY_EVERY_MS, clock, stop.signal).catch(() => undefined)
      if (stop.signal.aborted) throw error
    }
  }
}
