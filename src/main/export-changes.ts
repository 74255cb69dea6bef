/** `pushgraph export --changes` that goes on where it ended, by adding lines to its file. */
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PushgraphApp } from '../app.ts'
import { GatewayError } from '../errors.ts'
import { hasContent, linesInFile, linesInStream } from '../export/changes/line-file.ts'
import { holdLock, LockedError } from '../model/system/file-lock.ts'
import {
  cursorOf,
  progressIn,
  progressInMemory,
  ProgressUnreadableError,
} from '../export/changes/progress-file.ts'
import { type ChangesRound, writeNewChanges } from '../export/changes/write-changes.ts'
import { PlaceLostError } from '../export/stored-place.ts'
import { checkFolder, TargetError } from '../export/target.ts'
import { systemClock } from '../model/clock.ts'
import { type ExportArguments, type ExportOptions, rangeOf } from './export-arguments.ts'
import { commandEndOf, failureWords } from './export-words.ts'
import { openForRounds, placeLost, runRounds } from './rounds.ts'
import { CommandError, say, type Terminal } from './terminal.ts'

/** The files of such an export, by their whole names. */
interface Names {
  /** Undefined where the lines go to standard output. */
  readonly file: string | undefined
  /** Undefined where nothing is kept. */
  readonly cursor: string | undefined
}

/** 0 where everything that is stored is written, or it was stopped; else 1. */
export const exportChanges = async (
  terminal: Terminal,
  options: ExportOptions,
  asked: ExportArguments,
): Promise<number> => {
  const names = namesOf(terminal, options)
  const { since } = rangeOf(asked, systemClock.now())
  const opened = await openForRounds(terminal, asked)
  if (opened === undefined) return 0
  const { app, signal } = opened
  const locks: (() => void)[] = []
  try {
    refuseDemo(app)
    await prepare(names, options, locks)
    const { file, cursor } = names
    const round: ChangesRound = {
      connectors: asked.connectors,
      collections: asked.changes,
      lists: app.changes,
      keeper: cursor === undefined ? progressInMemory() : progressIn(cursor),
      open: file === undefined ? linesInStream(terminal.output) : linesInFile(file),
      since,
      signal,
    }
    await runRounds(terminal, {
      ...asked,
      round: () => writeOnce(terminal, app, round, names),
      signal,
      explain: error => explain(error, names),
    })
    return 0
  } finally {
    for (const release of locks) release()
    await app.stop(0)
  }
}

/** @throws {CommandError} where the demo tenant is served: its changes are known to its own process alone */
export const refuseDemo = ({ isDemo }: Pick<PushgraphApp, 'isDemo'>): void => {
  if (isDemo)
    throw new CommandError(
      'No API key is set, and what changes in the demo tenant is known to the process that serves it alone. ' +
        'Set PUSH_API_KEY to export changes, or ask that server for them: { changes { ... } }.',
      2,
    )
}

const namesOf = ({ directory }: Terminal, { out, cursor }: ExportOptions): Names => {
  const file = out === '-' ? undefined : resolve(directory, out)
  if (cursor !== undefined) return { file, cursor: resolve(directory, cursor) }
  return { file, cursor: file && cursorOf(file) }
}

/** Sees to it that nobody else writes the files, and that they belong together. @throws {CommandError} */
const prepare = async (
  names: Names,
  { restart }: ExportOptions,
  locks: (() => void)[],
): Promise<void> => {
  const { file, cursor } = names
  try {
    const isBeside = file !== undefined && cursor === cursorOf(file)
    for (const name of isBeside ? [cursor] : [cursor, file])
      if (name !== undefined) {
        await checkFolder(name)
        locks.push(holdLock(name))
      }
    if (restart) {
      // In this order: lines without a place are seen, a place without its lines is taken for that of a rotated file.
      if (cursor !== undefined) await rm(cursor, { force: true })
      if (file !== undefined) await rm(file, { force: true })
    }
    const isUnknown =
      file !== undefined &&
      cursor !== undefined &&
      (await progressIn(cursor).read()) === undefined &&
      (await hasContent(file))
    if (isUnknown)
      throw new TargetError(
        `${file} is there, but ${cursor}, which would tell how far it goes, is not. ` +
          'Bring that back, or give another --out. With --restart the export begins anew, and the file is written over.',
      )
  } catch (error) {
    throw explain(error, names)
  }
}

const writeOnce = async (
  { errors }: Terminal,
  { changes }: PushgraphApp,
  round: ChangesRound,
  { file }: Names,
): Promise<void> => {
  const flaw = await changes.flaw()
  if (flaw !== undefined) throw new GatewayError('UPSTREAM_UNAVAILABLE', flaw)
  const lines = await writeNewChanges(round)
  if (lines > 0)
    say(
      errors,
      `${lines.toLocaleString('en-US')} ${lines === 1 ? 'change' : 'changes'}${file === undefined ? '' : `: ${file}`}`,
    )
}

const explain = (error: unknown, names: Names): unknown =>
  commandEndOf(error, reasonOf(error, names))

const reasonOf = (error: unknown, { file, cursor }: Names): string | undefined => {
  const anew = `With --restart the export begins anew with all that is stored${file === undefined ? '' : `, and ${file} is written over: move it away to keep it`}.`
  if (error instanceof LockedError)
    return `Another export to ${file ?? cursor} is under way. Wait for it, or give another --out${file === undefined ? ' or --cursor' : ''}.`
  if (error instanceof ProgressUnreadableError)
    return `${cursor} cannot be read: another version of Pushgraph wrote it, or it is damaged. Bring it back to go on. ${anew}`
  if (error instanceof PlaceLostError) return placeLost(error, cursor, anew)
  return failureWords(error)
}
