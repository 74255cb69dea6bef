/** Where an export is written, with what is kept beside it while it is not whole: begun, or found where it was broken off. */
import type { Stats } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Destination, sizeOf, toFile } from './destination.ts'
import {
  type Checkpoint,
  type CheckpointFile,
  nothingWritten,
  openCheckpoint,
} from './checkpoint.ts'
import { CheckpointLockedError, CheckpointUnreadableError } from './checkpoint-database.ts'
import { ifThere } from './if-there.ts'
import { filesIn, type ParquetFolder, toFolder } from './parquet/folder.ts'

export interface Target<Into = Destination> {
  readonly checkpoint: CheckpointFile
  readonly destination: Into
  /** As it was begun, now or earlier. */
  readonly begun: Checkpoint
  /** Lines that were written before. */
  readonly found: number
  /** Lets go of everything; with `whole`, nothing but the file stays. */
  close(whole: boolean): Promise<void>
}

/** What stands in the way of an export; the message says what to do about it. */
export class TargetError extends Error {}

export interface TargetOptions {
  readonly file: string
  /** As it would be begun. */
  readonly fresh: Pick<Checkpoint, 'arguments' | 'beganAt'>
  /** Whatever was broken off is thrown away. */
  readonly restart: boolean
  /** What is exported is gone at the next start: where the same export was broken off, it begins anew. */
  readonly isFleeting?: boolean
}

/** Where the lines stand until all of them are there. */
export const partialOf = (file: string): string => `${file}.partial`

/** Where is kept how far an export has come. */
export const recordOf = (file: string): string => `${file}.resume`

/**
 * The export to `file`: begun, or gone on with.
 *
 * @throws {TargetError} when there is another export in the way, or a file can be neither read nor written
 */
export const openTarget = (options: TargetOptions): Promise<Target> => open(options, oneFile)

/** The export to the folder of that name, in files of their own. @throws {TargetError} as above */
export const openFolderTarget = (options: TargetOptions): Promise<Target<ParquetFolder>> =>
  open(options, manyFiles)

/** What an export is written into, and how what was broken off is found again. */
interface Kind<Into extends { close(): Promise<void> }> {
  /** Looks whether it can be written there. @throws {TargetError} */
  check(path: string): Promise<void>
  /** What stands there, in the unit in which a checkpoint counts it; undefined where there is nothing. */
  found(partial: string): Promise<number | undefined>
  /** What of that must be there. */
  noted(checkpoint: Checkpoint): number
  open(partial: string, name: string, begun: Checkpoint): Promise<Into>
  /** It has its name already: it was broken off just then. */
  readonly named: Into
}

const nothing = (): Promise<void> => Promise.resolve()

const oneFile: Kind<Destination> = {
  check: path => checkFolder(path),
  found: sizeOf,
  noted: ({ bytes }) => bytes,
  open: (partial, name, { bytes }) => toFile(partial, name, bytes),
  named: { write: nothing, finish: nothing, close: nothing },
}

const manyFiles: Kind<ParquetFolder> = {
  check: async path => {
    if ((await folderAt(path)) !== undefined && (await readdir(path)).length > 0)
      throw new TargetError(`${path} is there, and not empty. Move it away, or give another --out.`)
  },
  found: filesIn,
  noted: ({ files }) => files,
  open: (partial, name, { beganAt, files }) => toFolder(partial, name, beganAt, files),
  named: { write: nothing, finish: nothing, close: nothing },
}

const open = async <Into extends { close(): Promise<void> }>(
  options: TargetOptions,
  kind: Kind<Into>,
): Promise<Target<Into>> => {
  const { file, restart, isFleeting = false } = options
  await checkAbove(file)
  const checkpoint = await openRecord(file, recordOf(file), restart)
  try {
    const brokenOff = restart ? undefined : checkpoint.found
    const there = await kind.found(partialOf(file))
    const isNamed = brokenOff?.whole === true && there === undefined
    if (!isNamed) await kind.check(file)
    if (brokenOff !== undefined)
      checkSame(options, brokenOff, isNamed, (there ?? 0) >= kind.noted(brokenOff))
    else if (!restart && there !== undefined) throw ofNobody(file)
    const found = isFleeting ? undefined : brokenOff
    if (found === undefined) {
      // It may be of an export of the other kind.
      await rm(partialOf(file), { recursive: true, force: true })
      checkpoint.begin({ ...options.fresh, ...nothingWritten })
    }
    const begun = checkpoint.found ?? never()
    const destination =
      isNamed && !isFleeting ? kind.named : await kind.open(partialOf(file), file, begun)
    return {
      checkpoint,
      destination,
      begun,
      found: found?.rows ?? 0,
      close: async whole => {
        await destination.close()
        checkpoint.close()
        if (whole) await forget(recordOf(file))
      },
    }
  } catch (error) {
    checkpoint.close()
    throw error
  }
}

const never = (): never => {
  throw new Error('An export that has begun is in its checkpoint file')
}

/** @throws {TargetError} where there is no folder in which that could stand */
const checkAbove = async (file: string): Promise<void> => {
  const folder = await stat(dirname(file)).catch(() => undefined)
  if (folder?.isDirectory() !== true)
    throw new TargetError(`There is no folder ${dirname(file)}. Make it, or give another --out.`)
}

/** What is known of the folder of that name; undefined where there is none yet. @throws {TargetError} where there can be none */
export const folderAt = async (path: string): Promise<Stats | undefined> => {
  await checkAbove(path)
  const there = await ifThere(stat(path))
  if (there?.isDirectory() === false)
    throw new TargetError(`${path} is no folder. Give the name of one to --out, or of none yet.`)
  return there
}

/** Looks whether a file of that name can be written there. @throws {TargetError} */
export const checkFolder = async (file: string): Promise<void> => {
  await checkAbove(file)
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory() === true)
    throw new TargetError(`${file} is a folder. Give the name of a file to --out.`)
  // What is renamed would take the place of a device such as /dev/stdout.
  if (there?.isFile() === false)
    throw new TargetError(
      `${file} is no ordinary file. Give the name of one to --out, or - for standard output.`,
    )
}

/**
 * The checkpoint file of that name, of the export to `file`.
 *
 * @throws {TargetError} where another process writes it, or it can be neither read nor, by `restart`, written over
 */
export const openRecord = async (
  file: string,
  record: string,
  restart: boolean,
): Promise<CheckpointFile> => {
  try {
    return openCheckpoint(record)
  } catch (error) {
    if (error instanceof CheckpointLockedError)
      throw new TargetError(
        `Another export to ${file} is under way. Wait for it, or give another --out.`,
        { cause: error },
      )
    if (error instanceof CheckpointUnreadableError && restart) {
      await forget(record)
      return openCheckpoint(record)
    }
    if (error instanceof CheckpointUnreadableError)
      throw new TargetError(
        `${record} cannot be read: another version of Pushgraph wrote it, or it is damaged. ${anew(file)}`,
        { cause: error },
      )
    throw error
  }
}

const forget = async (record: string): Promise<void> => {
  for (const path of [record, `${record}-wal`, `${record}-shm`]) await rm(path, { force: true })
}

const checkSame = (
  { file, fresh }: TargetOptions,
  found: Checkpoint,
  isNamed: boolean,
  isThere: boolean,
): void => {
  if (found.arguments !== fresh.arguments)
    throw new TargetError(
      `An export to ${file} was broken off that was asked for in another way: ${found.arguments}. ` +
        `Ask for the same to go on with it. ${anew(file)}`,
    )
  if (!isNamed && !isThere) throw notAsLeft(file)
}

/** Something lies where an export would be written. */
export const ofNobody = (file: string): TargetError =>
  new TargetError(`${partialOf(file)} is there, but nothing tells of which export. ${anew(file)}`)

/** What was written is not all there any more. */
export const notAsLeft = (file: string): TargetError =>
  new TargetError(
    `${partialOf(file)} is not as the export left it. Bring it back to go on. ${anew(file)}`,
  )

const anew = (file: string): string =>
  `With --restart the export begins anew, and ${partialOf(file)} is written over.`
