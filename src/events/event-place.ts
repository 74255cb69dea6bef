/** The folder of the event file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventFileError } from './event-file.ts'

/** Where the events are kept. What is for this process alone is a file, too: several threads have it open. */
export const openEventPlace = (path: string) => {
  if (path !== ':memory:') return { file: { path, isDurable: true }, remove: () => undefined }
  const directory = temporaryDirectory()
  return {
    file: { path: join(directory, 'events.db'), isDurable: false },
    remove: () => {
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** @throws {EventFileError} where nothing can be written there, as in a container whose file system is read-only */
const temporaryDirectory = (): string => {
  try {
    return mkdtempSync(join(tmpdir(), 'pushgraph-events-'))
  } catch (error) {
    throw new EventFileError(
      `The events of the demo tenant need a folder for temporary files, and ${tmpdir()} cannot be written. Name another one in TMPDIR.`,
      error,
    )
  }
}
