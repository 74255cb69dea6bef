/** Takes what an embedded data folder holds over into the database that replicas share. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Config } from '../config/config.ts'
import { openEventFile } from '../events/event-file.ts'
import type { Clock } from '../model/clock.ts'
import { createFolderServers } from '../model/system/folder-servers.ts'
import { type ImportedEvents, importEvents } from '../postgres/importing/import-events.ts'
import { importState, importWrites } from '../postgres/importing/import-state.ts'

/** How many of each there were. */
export interface Imported extends ImportedEvents {
  readonly facts: number
  readonly writes: number
  /** Events, changes and known rows were all taken over before, and none of them again. */
  readonly wasTaken: boolean
}

/** There is no data folder there, or no database to take it over into. */
export class NothingToImport extends Error {}

/** Something serves from the folder or from the database now. */
export class StillServed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StillServed'
    Object.assign(this, { stack: undefined })
  }
}

/**
 * Push's answers stay behind: they are read again. One that was broken off can be begun again.
 *
 * @throws {NothingToImport} {StillServed} {NotEmpty} {EventFileError} {DatabaseUnavailable} {DatabaseUnusable}
 */
export const importFolder = async (
  { databaseUrl, retentionDays }: Config,
  folder: string,
  ownClock: Clock,
  onProgress: (events: number) => void,
): Promise<Imported> => {
  if (databaseUrl === undefined)
    throw new NothingToImport('There is no database to import into: set PUSHGRAPH_DATABASE_URL.')
  const fileOf = (name: string): string => join(folder, name)
  if (!['events.db', 'state.db'].some(name => existsSync(fileOf(name))))
    throw new NothingToImport(
      `${folder} is no data folder: there is neither events.db nor state.db.`,
    )
  if (createFolderServers(folder).others())
    throw new StillServed(
      `A server listens on ${folder}. Stop it first: what it stores from now on would stay behind.`,
    )
  const { openDatabase } = await import('../postgres/connecting/database.ts')
  const database = await openDatabase({ url: databaseUrl(), clock: ownClock })
  const { clock } = database
  try {
    const { others } = database.standing()
    if (others > 0)
      throw new StillServed(
        `Replicas serve from the database now (${others}). Stop them, take the folder over, and start them again: what they know of the database would be wrong.`,
      )
    // First: where the database has others already, nothing of the folder comes into it.
    const events = await fromFile<ImportedEvents | undefined>(fileOf('events.db'), none, source =>
      importEvents(source, { database, clock, retentionDays, onProgress }),
    )
    const facts = await fromFile(fileOf('state.db'), 0, source => importState(source, database))
    const writes = await fromFile(fileOf('writes.db'), 0, source => importWrites(source, database))
    return { ...(events ?? none), facts, writes, wasTaken: events === undefined }
  } finally {
    await database.close()
  }
}

const none: ImportedEvents = { events: 0, changes: 0, rows: 0 }

/** What `work` makes of the file; `absent` where it is not there. */
const fromFile = async <Result>(
  path: string,
  absent: Result,
  work: (source: DatabaseSync) => Promise<Result>,
): Promise<Result> => {
  if (!existsSync(path)) return absent
  // An event file of an older version is brought up to the newest first.
  if (path.endsWith('events.db')) openEventFile(path).close()
  const source = new DatabaseSync(path, { readOnly: true })
  try {
    return await work(source)
  } finally {
    source.close()
  }
}
