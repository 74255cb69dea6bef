/** Rounds of an export: one, with `--since last` alone, or with `--every` one after another until it is stopped. */
import { GatewayError } from '../errors.ts'
import { createRetry } from '../export/retry.ts'
import type { PlaceLostError } from '../export/stored-place.ts'
import { TargetError } from '../export/target.ts'
import { pause, systemClock } from '../model/clock.ts'
import { createOutage } from '../model/outage.ts'
import type { ExportArguments } from './export-arguments.ts'
import { openApp, type Opened } from './open-app.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import { writeFailure } from './write-failure.ts'

export interface RoundTerms extends Pick<ExportArguments, 'everyMs' | 'retryForMs'> {
  /** Ends when the signal is aborted, too; the next one goes on behind what is written by then. */
  readonly round: () => Promise<void>
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal
  /** The failure as a sentence with the way out; what nobody foresaw as it is. */
  readonly explain: (error: unknown) => unknown
}

interface OpenedForRounds extends Pick<Opened, 'app' | 'config'> {
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal
}

/** Where one round comes after another, a shared database is waited for; undefined where it was stopped meanwhile. */
export const openForRounds = async (
  terminal: Terminal,
  { everyMs }: Pick<ExportArguments, 'everyMs'>,
): Promise<OpenedForRounds | undefined> => {
  const signal = stopOf(terminal, new Error('The export was stopped'))
  const awaitsDatabase = everyMs !== undefined
  try {
    const opened = await openApp(terminal, terminal.errors, 'warn', { awaitsDatabase })
    return { ...opened, signal }
  } catch (error) {
    if (awaitsDatabase && signal.aborted) return undefined
    throw error
  }
}

/** @throws {CommandError} for what it says of a failure */
export const runRounds = (terminal: Terminal, terms: RoundTerms): Promise<void> =>
  terms.everyMs === undefined ? runPatiently(terms) : runAgain(terminal, terms, terms.everyMs)

/** One round, tried again for as long as `--patience` says. */
const runPatiently = async ({ round, retryForMs, signal, explain }: RoundTerms): Promise<void> => {
  const retry = createRetry(retryForMs, systemClock, () => undefined)
  try {
    await retry(round, signal)
    signal.throwIfAborted()
  } catch (error) {
    if (signal.aborted)
      throw new CommandError(
        'The export was interrupted. Run the same command again to go on.',
        1,
        error,
      )
    throw explain(error)
  }
}

/** Rounds until it is stopped. What may pass is told once, and tried again in the next round. */
const runAgain = async (
  { errors }: Terminal,
  { round, signal, explain }: RoundTerms,
  everyMs: number,
): Promise<void> => {
  const outage = createOutage(outageWords, (message, error) => {
    const explained = error === undefined ? [] : [(explain(error) as Error).message]
    say(errors, [...explained, message].join(' '))
  })
  while (!signal.aborted) {
    try {
      await round()
      outage.worked()
    } catch (error) {
      if (signal.aborted) return
      if (!mayPass(error)) throw explain(error)
      outage.failed(error)
    }
    if (!signal.aborted) await pause(everyMs, systemClock, signal).catch(() => undefined)
  }
}

export const outageWords = { failing: 'It is tried again.', over: 'It works again.' }

const mayPass = (error: unknown): boolean =>
  error instanceof GatewayError || error instanceof TargetError || writeFailure(error) !== undefined

/** Aborts when the process is asked to stop. */
export const stopOf = ({ stopped }: Terminal, reason: Error): AbortSignal => {
  const stop = new AbortController()
  void stopped.then(() => stop.abort(reason))
  return stop.signal
}

/** `anew`: what `--restart` comes to, as a sentence. */
export const placeLost = (
  { connectors, what, how }: PlaceLostError,
  cursor: string | undefined,
  anew: string,
): string => {
  const place = `The place${cursor === undefined ? '' : ` in ${cursor}`} of ${connectors.join(', ')} is gone`
  const why =
    how === 'TOO_OLD'
      ? `${what}s after it have been deleted (PUSHGRAPH_RETENTION_DAYS${what === 'change' ? ', PUSHGRAPH_MAX_HISTORY_MB' : ''})`
      : `the ${what}s that are stored now are others, since events.db was begun anew or brought back from a copy`
  return `${place}: ${why}. To go on would leave some out without a word. ${anew}`
}
