/** `pushgraph export` of objects that goes on where it ended, by adding files to its folder: what is new or has changed. */
import { resolve } from 'node:path'
import type { PushgraphApp } from '../app.ts'
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { cursorOf } from '../export/changes/progress-file.ts'
import type { Stand } from '../export/checkpoint.ts'
import { ConnectorsFailedError } from '../export/export.ts'
import { type ExportPart, partKey } from '../export/part.ts'
import { createProgress, type ProgressDisplay } from '../export/progress.ts'
import { createRetry } from '../export/retry.ts'
import { openRounds, type Round, type Rounds } from '../export/rounds/rounds.ts'
import { type OpenedWriter, runRound } from '../export/rounds/run-round.ts'
import { textNameOf } from '../export/rounds/text-folder.ts'
import { PlaceLostError } from '../export/stored-place.ts'
import { linesTo } from '../export/writer.ts'
import { systemClock } from '../model/clock.ts'
import { createOutage, type Outage } from '../model/outage.ts'
import { type ExportArguments, type ExportOptions, rangeOf } from './export-arguments.ts'
import { countObjects, commandEndOf, failureWords, sayFailures } from './export-words.ts'
import { openForRounds, outageWords, placeLost, runRounds } from './rounds.ts'
import { CommandError, say, type Terminal } from './terminal.ts'

/** 0 where everything is written that there was, or it was stopped; else 1. */
export const exportRounds = async (
  terminal: Terminal,
  options: ExportOptions,
  asked: ExportArguments,
): Promise<number> => {
  const folder = resolve(terminal.directory, options.out)
  const { since } = rangeOf(asked, systemClock.now())
  const opened = await openForRounds(terminal, asked)
  if (opened === undefined) return 0
  const { app, config, signal } = opened
  try {
    if (app.isDemo)
      throw new CommandError(
        'No API key is set, and the demo tenant is another one at each start: there is nothing to go on from. ' +
          'Set PUSH_API_KEY, or leave out --since last and --every.',
        2,
      )
    const { ocsf, format, compression } = asked
    const form = JSON.stringify({ ocsf, format, compress: compression })
    const restart = options.restart ? keysOf(asked) : undefined
    const rounds = await openRounds({ folder, form, since, restart }).catch((error: unknown) => {
      throw explain(error, folder)
    })
    try {
      const writer = new RoundWriter({ terminal, app, config, asked, folder, rounds, signal })
      await runRounds(terminal, {
        ...asked,
        round: () => app.traced('export', 'export', () => writer.round()),
        signal,
        explain: error => explain(error, folder),
      })
      return 0
    } finally {
      rounds.close()
    }
  } finally {
    await app.stop(0)
  }
}

/** What is asked for, as it is noted of parts. */
const keysOf = ({ connectors, types }: ExportArguments): ReadonlySet<string> =>
  new Set(connectors.flatMap(connector => types.map(type => partKey({ connector, type }))))

interface RoundSetup {
  readonly terminal: Terminal
  readonly app: PushgraphApp
  readonly config: Config
  readonly asked: ExportArguments
  readonly folder: string
  readonly rounds: Rounds
  readonly signal: AbortSignal
}

/** Writes rounds, and remembers from one to the next what was said. */
class RoundWriter {
  readonly #setup: RoundSetup
  #isFirst = true
  /** How each connector fares that ever failed. */
  readonly #outages = new Map<string, Outage>()
  /** Those that failed in the last round: they are tried once, so that the others need not wait for them. */
  #failing: ReadonlyMap<string, ConnectorsFailedError['failures'][number]> = new Map()
  readonly #losses = new Set<string>()

  constructor(setup: RoundSetup) {
    this.#setup = setup
  }

  /** @throws {ConnectorsFailedError} where there is no other round, once what the other connectors have is written */
  async round(): Promise<void> {
    const { asked, rounds } = this.#setup
    let progress: ProgressDisplay | undefined
    try {
      const { stand, failed } = await runRound(rounds, {
        open: round => openWriter(this.#setup, round, this.#tellLoss),
        parts: round => {
          const parts = this.#parts(round, (connector, { message }) => {
            progress?.trouble(asked.connectors.length > 1 ? `${connector}: ${message}` : message)
          })
          progress = this.#display(parts)
          return parts
        },
        now: systemClock.now,
        signal: this.#setup.signal,
        onRequest: () => progress?.onRequest(),
        onLoss: this.#tellLoss,
        onStand: stand => {
          // Later rounds are short, and many.
          if (this.#isFirst) progress?.onStand(stand)
        },
      })
      progress?.clear()
      this.#isFirst = false
      this.#tell(stand, failed)
    } finally {
      progress?.clear()
    }
  }

  #parts(
    { begun: { beganAt }, since, lastEndedAt }: Round,
    onTrouble: (connector: string, failure: GatewayError) => void,
  ): readonly ExportPart[] {
    const { app, config, asked } = this.#setup
    return app.parts({
      ...asked,
      range: { since, until: undefined },
      readAt: beganAt,
      retryOf: connector =>
        createRetry(this.#failing.has(connector) ? 0 : asked.retryForMs, systemClock, failure => {
          onTrouble(connector, failure)
        }),
      round: {
        keptSince:
          lastEndedAt === undefined ? undefined : Math.max(lastEndedAt, beganAt - config.maxAgeMs),
      },
    })
  }

  #display(parts: readonly ExportPart[]): ProgressDisplay {
    const { errors, isWatched, columns } = this.#setup.terminal
    return createProgress({
      ...{ parts, columns, done: [], clock: systemClock, isTerminal: isWatched },
      write: text => errors.write(text),
    })
  }

  readonly #tellLoss = (what: string): void => {
    if (this.#losses.has(what)) return
    this.#losses.add(what)
    say(this.#setup.terminal.errors, what)
  }

  #tell({ rows, files, texts }: Stand, failed: ConnectorsFailedError | undefined): void {
    const { asked, folder, terminal } = this.#setup
    if (rows > 0) {
      const made = files + texts.size
      say(
        terminal.errors,
        `${countObjects(rows)} in ${made} ${made === 1 ? 'file' : 'files'}: ${folder}`,
      )
    }
    if (asked.everyMs === undefined) {
      if (failed !== undefined) throw failed
      return
    }
    const failures = failed?.failures ?? []
    // It will not pass by itself.
    for (const { part, failure } of failures)
      if (failure instanceof PlaceLostError)
        say(terminal.errors, `Connector ${part.connector}: ${lostWords(failure, folder)}`)
    const mayPass = failures.filter(({ failure }) => failure instanceof GatewayError)
    this.#failing = new Map(mayPass.map(of => [of.part.connector, of]))
    for (const connector of asked.connectors) {
      const failure = this.#failing.get(connector)?.failure
      if (failure === undefined) this.#outages.get(connector)?.worked()
      else this.#outageOf(connector).failed(failure)
    }
  }

  #outageOf(connector: string): Outage {
    const known = this.#outages.get(connector)
    if (known !== undefined) return known
    const outage = createOutage(outageWords, (message, error) => {
      const at = this.#failing.get(connector)?.part.type
      const which = error instanceof Error ? ` (${at ?? ''}): ${error.message}` : ':'
      say(this.#setup.terminal.errors, `Connector ${connector}${which} ${message}`)
    })
    this.#outages.set(connector, outage)
    return outage
  }
}

const openWriter = async (
  { app, asked }: RoundSetup,
  { checkpoint, begun, texts, tables }: Round,
  onLoss: (what: string) => void,
): Promise<OpenedWriter> => {
  const { format, compression } = asked
  if (format === 'parquet') {
    // Nothing else needs the library that it is written by.
    const { parquetTo } = await import('../export/parquet/parquet-writer.ts')
    const into = await tables()
    const tableOf = await app.tableOf(asked)
    return { writer: parquetTo(into, checkpoint, tableOf, onLoss), close: into.close }
  }
  const into = await texts()
  const nameOf = textNameOf(begun.beganAt, format, compression)
  return { writer: linesTo(into, { format, compression, nameOf }, checkpoint), close: into.close }
}

const explain = (error: unknown, folder: string): unknown =>
  commandEndOf(error, reasonOf(error, folder))

const reasonOf = (error: unknown, folder: string): string | undefined => {
  if (error instanceof ConnectorsFailedError) {
    const words = sayFailures(error, failure =>
      failure instanceof PlaceLostError ? lostWords(failure, folder) : failure.message,
    )
    const mayPass = error.failures.some(({ failure }) => failure instanceof GatewayError)
    const next = mayPass ? ' Run the same command again to go on.' : ''
    return `${words}\nWhat else there was is written.${next}`
  }
  return failureWords(error)
}

/** With the way out, in which nothing else is written again. */
const lostWords = (lost: PlaceLostError, folder: string): string =>
  placeLost(
    lost,
    cursorOf(folder),
    `Run it once with --since last --restart --connectors ${lost.connectors.join(',')} --types events to have what is stored of these: everything else goes on where it stands.`,
  )
