/**
 * An export to a folder that goes on and on: each round adds files with what is new or has changed since the one before. A
 * file beside the folder keeps how far that is: the last state of each thing that was written, and where each part stands.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Checkpoint,
  type CheckpointFile,
  isDone,
  nothingWritten,
  type Place,
  type Stand,
} from '../checkpoint.ts'
import { cursorOf } from '../changes/progress-file.ts'
import { type Destination, sizeOf } from '../destination.ts'
import { ifThere } from '../if-there.ts'
import { filesIn, type ParquetFolder, toFolder } from '../parquet/folder.ts'
import { nextRoundFrom } from '../stored-part.ts'
import { folderAt, notAsLeft, ofNobody, openRecord, partialOf, TargetError } from '../target.ts'
import { publish } from './publish.ts'
import { areThere, toTexts } from './text-folder.ts'

export interface RoundsOptions {
  readonly folder: string
  /** What the files are like, as text: it stays the same from round to round. */
  readonly form: string
  /** UNIX seconds: what was created before is in no round; as it was when the first one began. */
  readonly since: number | undefined
  /** The parts, by their keys, of which whatever was written is written again; undefined where all go on. */
  readonly restart: ReadonlySet<string> | undefined
}

export interface Rounds {
  /**
   * Begins a round at that moment (milliseconds), or takes up the one that was broken off. Before that, the files of one
   * that was killed at its end are given their names. @throws {TargetError}, or the system's error
   */
  begin(now: number): Promise<Round>
  /** Notes that the round is over, whose files have their names, at that moment (milliseconds). */
  end(now: number): void
  close(): void
}

export interface Round {
  readonly checkpoint: CheckpointFile
  /** As it was begun, now or earlier. */
  readonly begun: Checkpoint
  /** UNIX seconds; what was created before is in no round. */
  readonly since: number | undefined
  /** Milliseconds: nothing that was read before is newer than what the last round had; undefined where this one goes on. */
  readonly lastEndedAt: number | undefined
  /** Where its text is written. */
  texts(): Promise<Destination>
  /** Where its tables are written. */
  tables(): Promise<ParquetFolder>
}

/** Opens what is kept beside the folder, which nobody else may have open. @throws {TargetError}, or the system's error */
export const openRounds = async (options: RoundsOptions): Promise<Rounds> => {
  const { folder, form, since, restart } = options
  await checkPlaceOf(folder)
  const cursor = cursorOf(folder)
  const isKnown = (await sizeOf(cursor)) !== undefined
  if (!isKnown && restart === undefined && ((await ifThere(readdir(folder))) ?? []).length > 0)
    throw new TargetError(
      `${folder} is there and not empty, but ${cursor}, which would tell what was written, is not. Bring that back, ` +
        'or give another --out. With --restart all is written again, into files beside those that are there.',
    )
  const checkpoint = await openRecord(folder, cursor, restart !== undefined)
  try {
    const { found } = checkpoint
    if (found !== undefined && restart === undefined) checkForm(options, readTerms(found).form)
    else if (restart !== undefined && (await othersGoOn(options, restart, checkpoint)))
      checkpoint.forget([...restart])
    else {
      if (restart === undefined && (await sizeOf(partialOf(folder))) !== undefined)
        throw ofNobody(folder)
      // It may be the file of an export that was broken off.
      await rm(partialOf(folder), { recursive: true, force: true })
      checkpoint.begin({
        ...nothingWritten,
        arguments: JSON.stringify({ form, since }),
        beganAt: found?.beganAt ?? 0,
        restingSince: 0,
      })
    }
    return roundsOf(folder, checkpoint)
  } catch (error) {
    checkpoint.close()
    throw error
  }
}

/**
 * Whether parts that are not begun anew can go on: not where they would be in another form, or of another time, nor
 * where what was written of them is not there.
 */
const othersGoOn = async (
  { folder, form, since }: RoundsOptions,
  restart: ReadonlySet<string>,
  { found, parts }: CheckpointFile,
): Promise<boolean> =>
  found !== undefined &&
  since === undefined &&
  readTerms(found).form === form &&
  parts().some(part => !restart.has(part)) &&
  (found.restingSince !== undefined || found.whole || (await isAsLeft(folder, found)))

const roundsOf = (folder: string, checkpoint: CheckpointFile): Rounds => {
  const partial = partialOf(folder)
  const begunOf = (): Checkpoint => {
    if (checkpoint.found === undefined) throw new Error('Rounds have begun when they are opened')
    return checkpoint.found
  }
  /** Where the parts stood when this process began the round, or took it up. */
  let before: Stand['places'] = new Map()
  const end = (now: number): void => {
    const { arguments: terms, beganAt, places } = begunOf()
    checkpoint.turn({
      ...nothingWritten,
      ...{ arguments: terms, beganAt, restingSince: now },
      places: new Map([...places].flatMap(([part, at]) => nextPlace(part, at, before.get(part)))),
    })
  }

  return {
    begin: async now => {
      checkpoint.drop()
      if (begunOf().whole) {
        await publish(partial, folder)
        end(now)
      }
      const { restingSince, ...last } = begunOf()
      if (restingSince === undefined) {
        if (!(await isAsLeft(folder, last))) throw notAsLeft(folder)
      } else {
        // The moment is in the names of files, none of which is to be written over.
        checkpoint.turn({ ...last, beganAt: Math.max(now, last.beganAt + 1) })
      }
      const begun = begunOf()
      before = begun.places
      return {
        checkpoint,
        begun,
        since: readTerms(begun).since,
        lastEndedAt: restingSince,
        texts: () => toTexts(partial, folder, begun.texts),
        tables: async () => ({
          ...(await toFolder(partial, folder, begun.beganAt, begun.files)),
          finish: () => publish(partial, folder),
        }),
      }
    },
    end,
    close: checkpoint.close,
  }
}

/**
 * Where a part begins in the next round: one that is not done goes on, unless it came no further in this one. It would stand
 * there for as long as Push fails at that place, and what changes before that would not be seen.
 */
const nextPlace = (
  part: string,
  at: Place,
  before: Place | undefined,
): readonly (readonly [string, Place])[] => {
  const isStuck = JSON.stringify(at) === JSON.stringify(before)
  const next = isDone(at) || isStuck ? nextRoundFrom(at) : at
  return next === undefined ? [] : [[part, next]]
}

const readTerms = ({ arguments: terms }: Checkpoint) =>
  JSON.parse(terms) as { readonly form: string; readonly since?: number }

const checkForm = ({ folder, form }: RoundsOptions, found: string): void => {
  if (found === form) return
  throw new TargetError(
    `What is in ${folder} was asked for in another way: ${found}. Ask for the same to go on, or give another --out. ` +
      'With --restart all is written again, into files beside those that are there.',
  )
}

/** @throws {TargetError} where files could not be moved into the folder from beside it */
const checkPlaceOf = async (folder: string): Promise<void> => {
  const there = await folderAt(folder)
  if (there !== undefined && there.dev !== (await stat(dirname(folder))).dev)
    throw new TargetError(
      `${folder} is a disk of its own, into which no file can be moved from beside it. Give a folder in it to --out, such as ${join(folder, 'push')}.`,
    )
}

const isAsLeft = async (folder: string, { files, texts }: Checkpoint): Promise<boolean> => {
  const partial = partialOf(folder)
  return ((await filesIn(partial)) ?? 0) >= files && (await areThere(partial, texts))
}
