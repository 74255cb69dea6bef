/** `pushgraph export`: everything, or what was asked for, streamed to a file or to standard output. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PushgraphApp } from '../app.ts'
import { readConfig } from '../config/config.ts'
import { ConfigError } from '../errors.ts'
import { toStream } from '../export/destination.ts'
import { ConnectorsFailedError, runExport } from '../export/export.ts'
import { isDone, nothingWritten, openCheckpoint, type Stand } from '../export/checkpoint.ts'
import { type ExportPart, partKey } from '../export/part.ts'
import { createRetry, type Retry } from '../export/retry.ts'
import { createProgress } from '../export/progress.ts'
import {
  openFolderTarget,
  openTarget,
  partialOf,
  recordOf,
  type Target,
  type TargetOptions,
} from '../export/target.ts'
import { type ExportWriter, linesTo } from '../export/writer.ts'
import { systemClock } from '../model/clock.ts'
import {
  type ExportArguments,
  type ExportOptions,
  goesOn,
  rangeOf,
  readExportArguments,
} from './export-arguments.ts'
import { exportChanges, refuseDemo } from './export-changes.ts'
import { countObjects as count, commandEndOf, failureWords, sayFailures } from './export-words.ts'
import { exportRounds } from './export-rounds.ts'
import { openApp } from './open-app.ts'
import { stopOf } from './rounds.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** 0 where everything is written, else 1. */
export const exportAll = async (terminal: Terminal, options: ExportOptions): Promise<number> => {
  const asked = readArguments(terminal, options)
  if (goesOn(options))
    return asked.changes === undefined
      ? exportRounds(terminal, options, asked)
      : exportChanges(terminal, options, asked)
  const file = options.out === '-' ? undefined : resolve(terminal.directory, options.out)
  // One that was broken off has the clock of its beginning, by which its range was looked at.
  if (file === undefined || options.restart || !existsSync(recordOf(file)))
    rangeOf(asked, systemClock.now())
  const { app, config } = await openApp(terminal, terminal.errors, 'warn')
  try {
    if (asked.changes !== undefined) refuseDemo(app)
    const tenants = asked.connectors.flatMap(alias => {
      const url = config.connectors.find(connector => connector.alias === alias)?.url
      return url === undefined ? [] : [{ alias, url }]
    })
    const target = await open(terminal, asked, app, file, {
      file: file ?? '',
      fresh: { arguments: describe(terminal, options, asked, tenants), beganAt: systemClock.now() },
      restart: options.restart,
      // The demo tenant is another one at each start.
      isFleeting: app.isDemo,
    })
    return await app.traced('export', 'export', () => write(terminal, app, asked, target, file))
  } finally {
    await app.stop(0)
  }
}

/** The options, with what is wrong with them told beside what is wrong with the settings. */
const readArguments = (terminal: Terminal, options: ExportOptions): ExportArguments => {
  try {
    const { connectors } = readConfig(terminal.environment, terminal.directory)
    const aliases = connectors.map(({ alias }) => alias)
    return readExportArguments(options, aliases.length === 0 ? [DEMO] : aliases)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // Which connectors there are is not known then.
    const { connectors: _, ...rest } = options
    try {
      readExportArguments(rest, [])
    } catch (other) {
      if (other instanceof CommandError)
        throw new CommandError(`${other.message}\n${error.message}`, 2)
    }
    throw error
  }
}

/** The alias of the demo tenant. */
const DEMO = 'demo'

/** What would be in the file, as text: the same command gives the same. */
const describe = (
  { version }: Terminal,
  { since, until }: ExportOptions,
  { ocsf, types, changes, format, compression }: ExportArguments,
  tenants: readonly { readonly alias: string; readonly url: string }[],
): string => {
  const what = changes === undefined ? { types } : { changes }
  const form = { format, compress: compression }
  return JSON.stringify({ ocsf, ...what, since, until, ...form, connectors: tenants, version })
}

/** An export that has begun, or goes on. */
interface Begun extends Pick<Target, 'checkpoint' | 'begun' | 'found' | 'close'> {
  writer(onLoss: (what: string) => void): ExportWriter
}

const open = async (
  terminal: Terminal,
  asked: ExportArguments,
  app: PushgraphApp,
  file: string | undefined,
  options: TargetOptions,
): Promise<Begun> => {
  const { format, compression } = asked
  try {
    if (format === 'parquet') {
      // Nothing else needs the library that it is written by.
      const { parquetTo } = await import('../export/parquet/parquet-writer.ts')
      const target = await openFolderTarget(options)
      const { destination, checkpoint } = target
      const tableOf = await app.tableOf(asked)
      return { ...target, writer: onLoss => parquetTo(destination, checkpoint, tableOf, onLoss) }
    }
    const target =
      file === undefined ? openStream(terminal, options.fresh) : await openTarget(options)
    const { destination, checkpoint } = target
    return { ...target, writer: () => linesTo(destination, { format, compression }, checkpoint) }
  } catch (error) {
    throw commandEndOf(error, failureWords(error))
  }
}

const openStream = ({ output }: Terminal, fresh: TargetOptions['fresh']): Target => {
  const checkpoint = openCheckpoint(undefined)
  const begun = { ...fresh, ...nothingWritten }
  checkpoint.begin(begun)
  return {
    checkpoint,
    destination: toStream(output),
    begun,
    found: 0,
    close: () => {
      checkpoint.close()
      return Promise.resolve()
    },
  }
}

const write = async (
  terminal: Terminal,
  app: PushgraphApp,
  asked: ExportArguments,
  target: Begun,
  file: string | undefined,
): Promise<number> => {
  const { checkpoint, begun } = target
  const clock = systemClock
  let isWhole = false
  try {
    const retryOf = (connector: string): Retry =>
      createRetry(asked.retryForMs, clock, ({ message }) =>
        progress.trouble(asked.connectors.length > 1 ? `${connector}: ${message}` : message),
      )
    const range = rangeOf(asked, begun.beganAt)
    const parts = app.parts({ ...asked, range, readAt: begun.beganAt, retryOf })
    const progress = createProgress({
      parts,
      done: parts.filter(part => isDone(begun.places.get(partKey(part)))),
      clock,
      write: text => terminal.errors.write(text),
      isTerminal: terminal.isWatched && (file !== undefined || !terminal.isInteractive),
      columns: terminal.columns,
    })
    if (app.isDemo)
      progress.say('No API key is set: the demo tenant is exported, each time from its start.')
    if (target.found > 0) progress.say(`Going on behind the ${count(target.found)} there are.`)
    const losses = new Map<string, number>()
    const onLoss = (what: string): void => {
      losses.set(what, (losses.get(what) ?? 0) + 1)
    }
    const stand = await runExport({
      parts,
      writer: target.writer(onLoss),
      signal: stopOf(terminal, new InterruptedError()),
      onRequest: progress.onRequest,
      onLoss,
      onStand: progress.onStand,
    }).catch((error: unknown) => {
      progress.clear()
      throw explain(error, checkpoint.found ?? begun, parts, file)
    })
    isWhole = true
    for (const [what, times] of losses)
      progress.say(times === 1 ? what : `${what} (${times} times)`)
    progress.say(`${progress.figures(stand.rows)}${file === undefined ? '' : `: ${file}`}`)
    return 0
  } finally {
    await target.close(isWhole)
  }
}

class InterruptedError extends Error {}

/** Why it ended, how far it came, and how to go on. */
const explain = (
  error: unknown,
  stand: Stand,
  parts: readonly ExportPart[],
  file: string | undefined,
): unknown => {
  const reason = reasonOf(error)
  if (reason === undefined) return error
  const places = placesOf(stand, parts, file !== undefined)
  const place = places.length === 0 ? 'at its end' : places.join('; ')
  return commandEndOf(
    error,
    file === undefined
      ? `${reason}\nThe export ended ${place}, with ${count(stand.rows)} written. ` +
          'It cannot be gone on with, since it went to standard output; with --out FILE it could.'
      : `${reason}\nThe export stands ${place}, with ${count(stand.rows)} written. ` +
          `They are kept in ${partialOf(file)}: run the same command again to go on, or with --restart to begin anew.`,
  )
}

/** Where each connector stands that is not done, such as `at apps of connector acme, at the start`. */
const placesOf = (
  { places }: Stand,
  parts: readonly ExportPart[],
  withCursor: boolean,
): readonly string[] => {
  const found = new Map<string, string>()
  for (const part of parts) {
    const { connector, type } = part
    const place = places.get(partKey(part))
    if (isDone(place) || found.has(connector)) continue
    const cursor = place === undefined ? ', at the start' : `, cursor ${JSON.stringify(place)}`
    found.set(connector, `at ${type} of connector ${connector}${withCursor ? cursor : ''}`)
  }
  return [...found.values()]
}

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof InterruptedError) return 'The export was interrupted.'
  if (error instanceof ConnectorsFailedError) return sayFailures(error)
  return failureWords(error)
}
