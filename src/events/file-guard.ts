/**
 * Whether the open event file is still the one at its path, and nobody else has written into it: what is written into
 * another one is gone with the process.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createPlaceWatch } from '../model/system/file-place.ts'

export interface FileGuard {
  /** What is wrong with the file, as a sentence; undefined where nothing is. */
  flaw(): string | undefined
  /** To be called after the database was closed: closing a file takes back the locks of all who have it open here. */
  close(): void
}

/** What every SQLite file begins with. */
const MAGIC = Buffer.from('SQLite format 3\0')
// Places in the header. What it says may be older than what the log holds, but it never goes back.
const HEADER_BYTES = 100
const CHANGE_COUNTER = 24
const APPLICATION_ID = 68

/** Guards the file that was just opened at `path`; in memory there is nothing to guard. */
export const createFileGuard = (path: string): FileGuard => {
  if (path === ':memory:') return { flaw: () => undefined, close: () => undefined }
  const descriptor = openSync(path, 'r')
  const place = createPlaceWatch(path, fstatSync(descriptor))
  const header = Buffer.alloc(HEADER_BYTES)
  let changes = 0
  let applicationId = 0

  /** Whether another program has written into the same file: another database, or an older copy of this one. */
  const isWrittenOver = (): boolean => {
    // Of a file that was cut short nothing is read.
    header.fill(0)
    readSync(descriptor, header, 0, HEADER_BYTES, 0)
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return true
    const [counted, id] = [header.readUInt32BE(CHANGE_COUNTER), header.readUInt32BE(APPLICATION_ID)]
    // A new file has its id in the log alone at first.
    if (counted < changes || (applicationId !== 0 && id !== applicationId)) return true
    changes = counted
    applicationId = id
    return false
  }

  const what = (): string | undefined =>
    place() ?? (isWrittenOver() ? 'was written over by another program' : undefined)

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
