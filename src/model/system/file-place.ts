/**
 * Whether an open SQLite file is still the one at its path. SQLite goes on with a file that was removed or replaced as if
 * nothing were: what is written then is gone with the process.
 */
import { type Stats, statSync } from 'node:fs'
import { sameFile } from '../sqlite-file.ts'

/** What became of the file that was `opened` at `path`, such as `was removed`; undefined where it is in its place. */
export const createPlaceWatch = (path: string, opened: Stats): (() => string | undefined) => {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return () => {
    const present = statSync(path, { throwIfNoEntry: false })
    if (present === undefined) return 'was removed'
    if (!sameFile(present, opened)) return 'was replaced by another file'
    const presentLog = statSync(`${path}-wal`, { throwIfNoEntry: false })
    const isSameLog = log === undefined || (presentLog !== undefined && sameFile(presentLog, log))
    return isSameLog ? undefined : 'lost its -wal file, which holds the newest of it'
  }
}
