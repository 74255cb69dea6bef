/** What the threads of the event file do, one for writing and one for reading. */
import type { DatabaseSync } from 'node:sqlite'
import { openEventFile, openForReading } from './event-file.ts'
import { createReading, type EventReading } from './reading.ts'
import { createWriting, type Writing } from './writing.ts'

export type Role = 'write' | 'read'

export interface ThreadOptions {
  readonly role: Role
  readonly path: string
}

/** Everything a thread can be asked; the one that writes also reads, for a file that is in its memory alone. */
export type Tasks = Writing & EventReading

export interface OpenTasks {
  readonly tasks: Tasks
  close(): void
}

/** @throws {EventFileError} when the file cannot be used */
export const openTasks = ({ role, path }: ThreadOptions): OpenTasks => {
  const database = role === 'write' ? openEventFile(path) : openForReading(path)
  return {
    tasks: {
      ...(role === 'write' ? createWriting(database) : readOnly),
      ...createReading(database),
    },
    close: () => end(database, role),
  }
}

const readOnly: Writing = {
  append: () => {
    throw new Error('This thread only reads')
  },
  purge: () => {
    throw new Error('This thread only reads')
  },
}

const end = (database: DatabaseSync, role: Role): void => {
  // So that the next start finds one file and nothing beside it.
  if (role === 'write') database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}
