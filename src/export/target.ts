/** The file of an export with what is kept beside it while it is not whole: begun, or found where it was broken off. */
import { rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Destination, sizeOf, toFile } from './destination.ts'
import {
  type CheckpointFile,
  CheckpointLockedError,
  CheckpointUnreadableError,
  nothingWritten,
  openCheckpoint,
  type Checkpoint,
} from './checkpoint.ts'

export interface Target {
  readonly checkpoint: CheckpointFile
  readonly destination: Destination
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
export const openTarget = async (options: TargetOptions): Promise<Target> => {
  const { file, restart, isFleeting = false } = options
  await checkFolder(file)
  const checkpoint = await openRecord(file, restart)
  try {
    const brokenOff = restart ? undefined : checkpoint.found
    if (brokenOff !== undefined) await checkSame(options, brokenOff)
    else if (!restart) await checkNothingThere(file)
    const found = isFleeting ? undefined : brokenOff
    if (found === undefined)
      checkpoint.begin({
        ...options.fresh,
        ...nothingWritten,
      })
    const begun = checkpoint.found ?? never()
    const isNamed = begun.whole && (await sizeOf(partialOf(file))) === undefined
    const destination = isNamed ? named : await toFile(partialOf(file), file, begun.bytes)
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

/** The file has its name already: it was broken off just then. */
const named: Destination = {
  write: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

const never = (): never => {
  throw new Error('An export that has begun is in its checkpoint file')
}

/** Looks whether a file of that name can be written there. @throws {TargetError} */
export const checkFolder = async (file: string): Promise<void> => {
  const folder = await stat(dirname(file)).catch(() => undefined)
  if (folder?.isDirectory() !== true)
    throw new TargetError(`There is no folder ${dirname(file)}. Make it, or give another --out.`)
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory() === true)
    throw new TargetError(`${file} is a folder. Give the name of a file to --out.`)
  // What is renamed would take the place of a device such as /dev/stdout.
  if (there?.isFile() === false)
    throw new TargetError(
      `${file} is no ordinary file. Give the name of one to --out, or - for standard output.`,
    )
}

const openRecord = async (file: string, restart: boolean): Promise<CheckpointFile> => {
  const record = recordOf(file)
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

const checkNothingThere = async (file: string): Promise<void> => {
  if ((await sizeOf(partialOf(file))) !== undefined)
    throw new TargetError(
      `${partialOf(file)} is there, but nothing tells of which export. ${anew(file)}`,
    )
}

const checkSame = async ({ file, fresh }: TargetOptions, found: Checkpoint): Promise<void> => {
  if (found.arguments !== fresh.arguments)
    throw new TargetError(
      `An export to ${file} was broken off that was asked for in another way: ${found.arguments}. ` +
        `Ask for the same to go on with it. ${anew(file)}`,
    )
  const size = await sizeOf(partialOf(file))
  if (size === undefined ? !found.whole && found.bytes > 0 : size < found.bytes)
    throw new TargetError(
      `${partialOf(file)} is not as the export left it. Bring it back to go on. ${anew(file)}`,
    )
}

const anew = (file: string): string =>
  `With --restart the export begins anew, and ${partialOf(file)} is written over.`
