/** What receivers refused for good: kept in a file for each sink, with the reason, for people who look after it. */
import { existsSync, readdirSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { holdLock, LockedError } from '../model/system/file-lock.ts'
import { replaceFile, syncFolder } from '../export/sync-folder.ts'
import { type Clock, pause } from '../model/clock.ts'
import { type SinkItem, SetupError } from './sender.ts'
import { systemCode } from '../model/system/system-code.ts'

export interface Quarantine {
  /**
   * Sets the item aside. Resolves once it is on disk, with false where the file is full, and the item is not in it.
   *
   * @throws {SetupError} where it cannot be written now
   */
  add(item: SinkItem, reason: string): Promise<boolean>
}

/** Beyond it nothing more is kept: whatever a receiver refuses by the thousand is best found at its source. */
const QUARANTINE_BYTES = 64 * 1_048_576
const NEWLINE = 0x0a
/** Another process may be erasing somebody from it just now. */
const TRIES = 100
const TRY_MS = 50

/** The file of that sink in the data folder. */
export const quarantineOf = (directory: string, sink: string): string =>
  join(directory, `quarantine-${sink}.ndjson`)

/** Those of all sinks in the data folder, also of such as are in the settings no more. */
export const quarantinesIn = (directory: string): readonly string[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter(name => /^quarantine-.+\.ndjson$/.test(name))
        .map(name => join(directory, name))
    : []

/** The quarantine in that file, made with the first item. */
export const quarantineIn = (
  path: string,
  clock: Clock,
  maxBytes = QUARANTINE_BYTES,
): Quarantine => ({
  add: async ({ connector, id, time, line }, reason) => {
    const about = JSON.stringify({
      at: toIso(clock.now()),
      connector,
      id,
      time: toIso(time),
      reason,
    })
    const text = `${about.slice(0, -1)},"item":${line}}\n`
    try {
      await mkdir(dirname(path), { recursive: true })
      return await whileHeld(path, clock, () => append(path, text, maxBytes))
    } catch (error) {
      const code = systemCode(error) ?? 'unknown reason'
      throw new SetupError(`The quarantine ${path} cannot be written (${code})`, { cause: error })
    }
  },
})

/**
 * Deletes the lines that are meant from the file, as if they had never been there; how many there were. What a crash has torn,
 * of which nobody can tell whose it is, goes with them: it never counted as set aside.
 */
export const forgetInQuarantine = async (
  path: string,
  clock: Clock,
  isMeant: (connector: string, line: string) => boolean,
): Promise<number> => {
  if (!existsSync(path)) return 0
  return whileHeld(path, clock, async () => {
    const lines = (await readFile(path, 'utf8')).split('\n').filter(line => line !== '')
    const whole = lines.flatMap(line => {
      const connector = connectorOf(line)
      return connector === undefined ? [] : [{ connector, line }]
    })
    const kept = whole.filter(({ connector, line }) => !isMeant(connector, line))
    if (kept.length === lines.length) return 0
    if (kept.length > 0) await replaceFile(path, kept.map(({ line }) => `${line}\n`).join(''))
    else {
      await rm(path)
      await syncFolder(path)
    }
    return whole.length - kept.length
  })
}

/** Undefined of a line that a crash has torn. */
const connectorOf = (line: string): string | undefined => {
  try {
    return String((JSON.parse(line) as { readonly connector?: unknown }).connector)
  } catch {
    return undefined
  }
}

const append = async (path: string, text: string, maxBytes: number): Promise<boolean> => {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    if (size === 0) await syncFolder(path)
    if (size + Buffer.byteLength(text) > maxBytes) return false
    await file.appendFile((await endsInLine(file, size)) ? text : `\n${text}`)
    await file.datasync()
    return true
  } finally {
    await file.close()
  }
}

/** A process that was killed may have left a torn line. */
const endsInLine = async (file: FileHandle, size: number): Promise<boolean> => {
  if (size === 0) return true
  const last = Buffer.alloc(1)
  await file.read(last, 0, 1, size - 1)
  return last[0] === NEWLINE
}

const whileHeld = async <Result>(
  path: string,
  clock: Clock,
  work: () => Promise<Result>,
): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    let release: () => void
    try {
      release = holdLock(path)
    } catch (error) {
      if (!(error instanceof LockedError) || tries === TRIES) throw error
      await pause(TRY_MS, clock, new AbortController().signal)
      continue
    }
    try {
      return await work()
    } finally {
      release()
    }
  }
}

/** Of a moment that a clock may have made up. */
const toIso = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
