/**
 * What an export keeps beside its file, so that it can go on where it was broken off: its arguments, its clock, how far
 * each part has come, and the ids of the parts that it was in; where rounds follow one another, also in which state each
 * thing was written last. An SQLite file, since that survives being killed at any moment, and is locked for as long as its
 * process lives.
 */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../model/sqlite-file.ts'
import type { Position } from '../paging/resume-point.ts'
import { openCheckpointDatabase } from './checkpoint-database.ts'

export interface CheckpointFile {
  /** The export, as far as it has come; undefined before it has begun. */
  readonly found: Checkpoint | undefined
  /** Notes what the export is: whatever was known is forgotten. */
  begin(progress: Checkpoint): void
  /** Notes that a round is over, or that the next one begins: of what was written, states alone are still known. */
  turn(progress: Checkpoint): void
  /**
   * Whether that thing of the part was taken, in whichever state; nothing is known of parts that are done. With a state: also
   * whether that is the last that was taken of it in an earlier round. What changes while a round reads is for the next one.
   */
  isWritten(part: string, id: string, state?: string): boolean
  /** The last state in which that thing of the part was taken; undefined where it was not, or in none. */
  lastState(part: string, id: string): string | undefined
  /** Takes it, which is noted when the export advances; false where it is written as that tells. */
  take(part: string, id: string, state?: string): boolean
  /** The parts of which a place or a state is known, by their keys. */
  parts(): readonly string[]
  /** Begins those parts anew; of all others everything is known as before. */
  forget(parts: readonly string[]): void
  /** Notes that all that was taken is written, and how far the export has come with it. */
  advance(stand: Stand): void
  /** Notes that the end is written: also where the power is cut, before any file has its name. */
  end(stand: Stand): void
  /** Forgets what was taken and never noted. */
  drop(): void
  /** Lets go of the file. */
  close(): void
}

export interface Checkpoint extends Stand {
  /** What was asked for, as text that differs where the export would. */
  readonly arguments: string
  /** Milliseconds: the moment of all that is only as new as its reading. */
  readonly beganAt: number
  /** Milliseconds: between two rounds, when the last one ended. */
  readonly restingSince?: number | undefined
}

export interface Stand {
  /** How far each part has come, by its key; those that have not begun have none. */
  readonly places: ReadonlyMap<string, Place>
  /** Lines, and bytes of the files, that are written for good. */
  readonly rows: number
  readonly bytes: number
  /** Files that are written for good and never added to, of an export to a folder. */
  readonly files: number
  /** Files of text by their names, as far as they are written for good; one without a name where it is the only one. */
  readonly texts: ReadonlyMap<string, TextStand>
  /** The end is written, and only the names of the files are left to give. */
  readonly whole: boolean
}

export interface TextStand {
  readonly rows: number
  readonly bytes: number
}

/** Where a part goes on; with `done`, where it ended. */
export type Place = Position

export const isDone = (place: Place | undefined): boolean => place?.['done'] === 1

/** Nothing is written yet. */
export const nothingWritten: Stand = {
  places: new Map(),
  rows: 0,
  bytes: 0,
  files: 0,
  texts: new Map(),
  whole: false,
}

/**
 * The checkpoint file at `path`, made where there is none; without a path it is a temporary one, gone with the process.
 *
 * @throws {CheckpointLockedError} {CheckpointUnreadableError}
 */
export const openCheckpoint = (path: string | undefined): CheckpointFile => {
  const database = openCheckpointDatabase(path)
  const has = database.prepare('SELECT 1 FROM written WHERE part = ? AND id = ?')
  const stateOf = database.prepare('SELECT state FROM state WHERE part = ? AND id = ?')
  const add = database.prepare('INSERT OR IGNORE INTO written VALUES (?, ?)')
  const keep = database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?, ?)')
  const forgetIds = database.prepare('DELETE FROM written WHERE part = ?')
  const forgetAll = [
    forgetIds,
    database.prepare('DELETE FROM place WHERE part = ?'),
    database.prepare('DELETE FROM state WHERE part = ?'),
  ]
  const move = database.prepare('INSERT OR REPLACE INTO place VALUES (?, ?)')
  const grow = database.prepare('INSERT OR REPLACE INTO text VALUES (?, ?, ?)')
  const note = database.prepare(
    `INSERT OR REPLACE INTO export
     VALUES (1, :arguments, :beganAt, :restingSince, :rows, :bytes, :files, :whole)`,
  )
  let progress = readProgress(database)
  /** The state, or else nothing, of what was taken and is not noted yet, by part and id. */
  const taken = new Map<string, Map<string, string | undefined>>()

  /** In one transaction with whatever else is noted with it. */
  const noteAs = (next: Checkpoint, before: Stand | undefined, also: () => void): void => {
    inTransaction(database, () => {
      also()
      note.run({
        arguments: next.arguments,
        beganAt: next.beganAt,
        restingSince: next.restingSince ?? null,
        rows: next.rows,
        bytes: next.bytes,
        files: next.files,
        whole: next.whole ? 1 : 0,
      })
      for (const [part, place] of next.places)
        if (place !== before?.places.get(part)) move.run(part, JSON.stringify(place))
      for (const [name, text] of next.texts)
        if (text !== before?.texts.get(name)) grow.run(name, text.rows, text.bytes)
    })
    progress = next
  }
  const noteTaken = (places: Stand['places']): void => {
    for (const [part, ids] of taken)
      for (const [id, state] of ids) {
        if (state !== undefined) keep.run(part, id, state)
        // Ids tell only the things of one part apart.
        if (!isDone(places.get(part))) add.run(part, id)
      }
    for (const [part, place] of places)
      if (isDone(place) && !isDone(progress?.places.get(part))) forgetIds.run(part)
  }

  const lastState = (part: string, id: string): string | undefined => {
    const ids = taken.get(part)
    return ids?.has(id) === true
      ? ids.get(id)
      : (stateOf.get(part, id)?.['state'] as string | undefined)
  }
  const isWritten = (part: string, id: string, state?: string): boolean => {
    if (taken.get(part)?.has(id) === true || has.get(part, id) !== undefined) return true
    return state !== undefined && lastState(part, id) === state
  }

  const startAs = (next: Checkpoint, forgotten: readonly string[]): void => {
    taken.clear()
    noteAs(next, undefined, () => {
      for (const table of forgotten) database.exec(`DELETE FROM ${table}`)
    })
  }

  return {
    get found() {
      return progress
    },
    begin: next => {
      startAs(next, ['written', 'place', 'text', 'state'])
    },
    turn: next => {
      startAs(next, ['written', 'place', 'text'])
    },
    isWritten,
    lastState,
    parts: () =>
      database
        .prepare('SELECT part FROM place UNION SELECT part FROM state')
        .all()
        .map(({ part }) => String(part)),
    forget: parts => {
      const known = hasBegun(progress)
      const places = new Map(known.places)
      for (const part of parts) places.delete(part)
      taken.clear()
      noteAs({ ...known, places }, known, () => {
        for (const part of parts) for (const each of forgetAll) each.run(part)
      })
    },
    take: (part, id, state) => {
      if (isWritten(part, id, state)) return false
      const ids = taken.get(part) ?? new Map<string, string | undefined>()
      taken.set(part, ids.set(id, state))
      return true
    },
    advance: stand => {
      noteAs({ ...hasBegun(progress), ...stand }, progress, () => {
        noteTaken(stand.places)
      })
      taken.clear()
    },
    end: stand => {
      database.exec('PRAGMA synchronous = FULL')
      noteAs({ ...hasBegun(progress), ...stand }, progress, () => undefined)
      database.exec('PRAGMA synchronous = NORMAL')
    },
    drop: () => {
      taken.clear()
    },
    close: () => {
      database.close()
    },
  }
}

const hasBegun = (progress: Checkpoint | undefined): Checkpoint => {
  if (progress === undefined) throw new Error('An export must begin before it advances')
  return progress
}

const readProgress = (database: DatabaseSync): Checkpoint | undefined => {
  const row = database.prepare('SELECT * FROM export').get()
  if (row === undefined) return undefined
  const places = database.prepare('SELECT part, at FROM place').all()
  const texts = database.prepare('SELECT name, rows, bytes FROM text').all()
  const restingSince = row['resting_since']
  return {
    arguments: String(row['arguments']),
    beganAt: Number(row['began_at']),
    ...(typeof restingSince === 'number' ? { restingSince } : {}),
    places: new Map(places.map(({ part, at }) => [String(part), JSON.parse(String(at)) as Place])),
    rows: Number(row['rows']),
    bytes: Number(row['bytes']),
    files: Number(row['files']),
    texts: new Map(
      texts.map(of => [
        String(of['name']),
        { rows: Number(of['rows']), bytes: Number(of['bytes']) },
      ]),
    ),
    whole: row['whole'] === 1,
  }
}
