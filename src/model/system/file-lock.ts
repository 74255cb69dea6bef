/** A lock beside a file, which the system lets go of when its process ends, however it does. */
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sqliteFailure } from '../sqlite-file.ts'

/** Another process holds the lock. */
export class LockedError extends Error {}

/** Holds the lock of the file at `path`; the returned function lets it go. @throws {LockedError} */
export const holdLock = (path: string): (() => void) => {
  const beside = `${path}.lock`
  const database = new DatabaseSync(beside)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (sqliteFailure(error) === 'busy')
      throw new LockedError('Another process holds it', { cause: error })
    throw error
  }
  return () => {
    // While it is still held: whoever comes now makes another.
    rmSync(beside, { force: true })
    database.close()
  }
}
