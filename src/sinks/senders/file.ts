/** Sends to a file: a line for each item, on disk before it counts as taken. Who rotates it needs to tell nobody. */
import { constants } from 'node:fs'
import { access, type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type LineSink, linesInFile } from '../../export/changes/line-file.ts'
import { holdLock, LockedError } from '../../model/system/file-lock.ts'
import type { FileStand } from '../../export/changes/progress-file.ts'
import { checkFolder, TargetError } from '../../export/target.ts'
import type { FileSettings } from '../../model/sinks/receiver.ts'
import { type Sender, SetupError, type SinkItem } from '../sender.ts'
import { systemCode } from '../../model/system/system-code.ts'

interface OpenFile {
  readonly lines: LineSink
  readonly release: () => void
}

const NEWLINE = 0x0a
const CHUNK = 65_536
/** No line of ours is longer. */
const LONGEST_LINE = 64 * 1_048_576

/** What adds to that file, which is opened with the first items. */
export const createFileSender = ({ path }: FileSettings): Sender => {
  let current: OpenFile | undefined

  const close = async (): Promise<void> => {
    const closing = current
    current = undefined
    await closing?.lines.close()
    closing?.release()
  }

  const opened = async (): Promise<LineSink> => {
    // Somebody may have rotated it meanwhile.
    if (current !== undefined && (await inodeOf(path)) === current.lines.stand?.inode)
      return current.lines
    await close()
    await checkFolder(path)
    const release = holdLock(path)
    try {
      current = { lines: await linesInFile(path)(await wholeLines(path), () => true), release }
    } catch (error) {
      release()
      throw error
    }
    return current.lines
  }

  const append = async (items: readonly SinkItem[]): Promise<void> => {
    try {
      const lines = await opened()
      await lines.append(items.map(({ line }) => `${line}\n`).join(''))
    } catch (error) {
      // What is torn is cut off when it is opened again.
      await close().catch(() => undefined)
      throw notWritten(path, error)
    }
  }

  let last: Promise<unknown> = Promise.resolve()
  /** What is still being written is whole before somebody else may write. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  return {
    send: items => inTurn(() => append(items)),
    release: () => inTurn(close),
    close: () => inTurn(close),
  }
}

/** Whether that file can be written, or made: neither is done. @throws {SetupError} where it cannot */
export const tryFile = async (path: string): Promise<string> => {
  try {
    // First: to open a pipe takes until somebody reads from it.
    await checkFolder(path)
    const isThere = (await inodeOf(path)) !== undefined
    await access(isThere ? path : dirname(path), constants.W_OK)
    return isThere ? 'can be written' : 'can be made'
  } catch (error) {
    throw notWritten(path, error)
  }
}

const notWritten = (path: string, error: unknown): SetupError =>
  new SetupError(`${path} cannot be written: ${reasonOf(error)}`, { cause: error })

const reasonOf = (error: unknown): string => {
  if (error instanceof LockedError) return 'another process writes to it'
  if (error instanceof TargetError)
    return 'its folder is not there or cannot be written, or it is no ordinary file'
  return systemCode(error) ?? 'unknown reason'
}

const inodeOf = async (path: string): Promise<string | undefined> => {
  const there = await stat(path).catch(() => undefined)
  return there && `${there.dev}:${there.ino}`
}

/**
 * The end of the last whole line there: what stands behind it was torn by a crash, and never counted as taken. Undefined where
 * there is no line at all but something else than the start of one of ours, so that it is not emptied.
 */
const wholeLines = async (path: string): Promise<FileStand | undefined> => {
  const inode = await inodeOf(path)
  if (inode === undefined) return undefined
  const file = await open(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK)
    for (let end = (await file.stat()).size; end > 0;) {
      const from = Math.max(0, end - CHUNK)
      const { bytesRead } = await file.read(chunk, 0, end - from, from)
      const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE)
      if (at >= 0) return { bytes: from + at + 1, inode }
      end = from
    }
    return (await isTorn(file)) ? { bytes: 0, inode } : undefined
  } finally {
    await file.close()
  }
}

/** Whether a file without a line begins as ours do, and breaks off. */
const isTorn = async (file: FileHandle): Promise<boolean> => {
  const { size } = await file.stat()
  if (size > LONGEST_LINE) return false
  const text = await file.readFile('utf8')
  if (!text.startsWith('{')) return false
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}
