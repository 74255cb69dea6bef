/**
 * How far an export of changes has come, kept in a file of its own between two runs: a place for each connector, so that
 * one which is added later begins at its beginning, and where the file of lines ended.
 */
import { readFile } from 'node:fs/promises'
import { ifThere } from '../if-there.ts'
import { replaceFile } from '../sync-folder.ts'
import { isMembers } from '../../model/events.ts'
import { placeCursor, readPlaceCursor } from '../../query/stored/place-cursor.ts'
import type { GivenPlace } from '../../query/stored/resume.ts'

export interface ChangesProgress {
  /** The last change that is written of each connector, or a later one of another. */
  readonly places: ReadonlyMap<string, GivenPlace>
  /** Undefined where the lines went elsewhere than to a file. */
  readonly file: FileStand | undefined
}

/** The end of a file as it was known. */
export interface FileStand {
  readonly bytes: number
  /** What tells the file from another one that takes its name. */
  readonly inode: string
}

/** Where progress is kept. */
export interface ProgressKeeper {
  /** Undefined where nothing is kept yet. @throws {ProgressUnreadableError} */
  read(): Promise<ChangesProgress | undefined>
  /** Resolves once it is on disk. @throws the system's error, such as ENOSPC; then what was kept stays */
  write(progress: ChangesProgress): Promise<void>
}

/** What lies there was not written as such, or not by this version. */
export class ProgressUnreadableError extends Error {}

/** Where is kept how far the changes in the file come, unless somebody says otherwise. */
export const cursorOf = (file: string): string => `${file}.cursor`

const VERSION = 1

/** Progress in the file of that name, which is at each moment whole: the old one or the new one. */
export const progressIn = (path: string): ProgressKeeper => ({
  read: async () => {
    const text = await ifThere(readFile(path, 'utf8'))
    return text === undefined ? undefined : fromText(text)
  },
  write: progress => replaceFile(path, toText(progress)),
})

/** Progress that is gone with the process. */
export const progressInMemory = (): ProgressKeeper => {
  let kept: ChangesProgress | undefined
  return {
    read: () => Promise.resolve(kept),
    write: progress => {
      kept = progress
      return Promise.resolve()
    },
  }
}

const toText = ({ places, file }: ChangesProgress): string =>
  `${JSON.stringify(
    {
      version: VERSION,
      places: Object.fromEntries(
        [...places].map(([connector, place]) => [connector, placeCursor('changes', place)]),
      ),
      file,
    },
    undefined,
    2,
  )}\n`

const fromText = (text: string): ChangesProgress => {
  const value = parse(text)
  if (!isMembers(value) || value['version'] !== VERSION || !isMembers(value['places']))
    throw new ProgressUnreadableError('It is no place of an export of this version')
  const places = Object.entries(value['places']).map(([connector, cursor]) => {
    const place = typeof cursor === 'string' ? readPlaceCursor('changes', cursor) : undefined
    if (place === undefined) throw new ProgressUnreadableError(`It has no place for ${connector}`)
    return [connector, place] as const
  })
  return { places: new Map(places), file: standIn(value['file']) }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProgressUnreadableError('It is no JSON', { cause })
  }
}

const standIn = (value: unknown): FileStand | undefined => {
  if (!isMembers(value)) return undefined
  const { bytes, inode } = value
  return typeof bytes === 'number' && typeof inode === 'string' ? { bytes, inode } : undefined
}
