/** What the threads of the event file do, one for writing and one for reading. */
import { openEventFile, openForReading } from './event-file.ts'
import { createFileGuard } from './file-guard.ts'
import { createReading, type EventReading } from './reading.ts'
import { createWriting, type Writing } from './writing.ts'

export type Role = 'write' | 'read'

export interface ThreadOptions {
  readonly role: Role
  readonly path: string
}

/** Everything a thread can be asked; the one that writes also reads, for a file that is in its memory alone. */
export interface Tasks extends Writing, EventReading {
  /** Why nothing can be stored now, though the file is open, as a sentence; undefined where nothing is wrong. */
  flaw(): string | undefined
}

export interface OpenTasks {
  readonly tasks: Tasks
  close(): void
}

/** @throws {EventFileError} when the file cannot be used */
export const openTasks = ({ role, path }: ThreadOptions): OpenTasks => {
  if (role === 'read') {
    const database = openForReading(path)
    return {
      tasks: { ...readOnly, ...createReading(database), flaw: () => undefined },
      close: () => {
        database.close()
      },
    }
  }
  const database = openEventFile(path)
  const guard = createFileGuard(path)
  const writing = createWriting(database)
  const check = (): void => {
    const flaw = guard.flaw()
    if (flaw !== undefined) throw new EventFileLost(flaw)
  }
  return {
    tasks: {
      ...writing,
      append: events => {
        check()
        const appended = writing.append(events)
        // What was stored in a file that nobody will find again must not be acknowledged.
        check()
        return appended
      },
      ...createReading(database),
      flaw: guard.flaw,
    },
    close: () => {
      // So that the next start finds one file and nothing beside it.
      database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
      guard.close()
    },
  }
}

/** The open file is not the one at its path any more. */
export class EventFileLost extends Error {}

const readOnly: Writing = {
  append: () => {
    throw new Error('This thread only reads')
  },
  purge: () => {
    throw new Error('This thread only reads')
  },
}
