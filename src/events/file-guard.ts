/**
 * Whether the open event file is still the one at its path. SQLite goes on with a file that was removed or replaced as if
 * nothing were: what is written then is gone with the process.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { sameFile } from '../model/sqlite-file.ts'

export interface FileGuard {
  /** What is wrong with the file, as a sentence; undefined where nothing is. */
  flaw(): string | undefined
  /** To be called after the database was closed: closing a file takes back the locks of all who have it open here. */
  close(): void
}

/** What every SQLite file begins with. What else its header says may still be in the log. */
const MAGIC = Buffer.from('SQLite format 3\0')

/** Guards the file that was just opened at `path`; in memory there is nothing to guard. */
export const createFileGuard = (path: string): FileGuard => {
  if (path === ':memory:') return { flaw: () => undefined, close: () => undefined }
  const descriptor = openSync(path, 'r')
  const opened = fstatSync(descriptor)
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  const beginning = Buffer.alloc(MAGIC.length)

  const what = (): string | undefined => {
    const present = statSync(path, { throwIfNoEntry: false })
    if (present === undefined) return 'was removed'
    if (!sameFile(present, opened)) return 'was replaced by another file'
    const presentLog = statSync(`${path}-wal`, { throwIfNoEntry: false })
    if (log !== undefined && (presentLog === undefined || !sameFile(presentLog, log)))
      return 'lost its -wal file, which holds the newest events'
    // Of a file that was cut short nothing is read.
    beginning.fill(0)
    readSync(descriptor, beginning, 0, MAGIC.length, 0)
    return beginning.equals(MAGIC) ? undefined : 'was written over by another program'
  }

  const whatOrWhyNot = (): string | undefined => {
    try {
      return what()
    } catch (error) {
      return `could not be looked at (${error instanceof Error && 'code' in error ? String(error.code) : 'no code'})`
    }
  }

  return {
    flaw: () => {
      const found = whatOrWhyNot()
      return found === undefined
        ? undefined
        : `The event file ${path} ${found} while it was in use, so no event can be stored. Put it back, or start the server again to begin a new one`
    },
    close: () => {
      closeSync(descriptor)
    },
  }
}
