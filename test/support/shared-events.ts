/** Events in a PostgreSQL, as one of several replicas has them. */
import type { Events, EventsOptions } from '../../src/events/events.ts'
import { systemClock } from '../../src/model/clock.ts'
import { type Database, openDatabase } from '../../src/postgres/connecting/database.ts'
import { openSharedEvents as openIn } from '../../src/postgres/events/open-shared-events.ts'
import { createDatabase } from './postgres.ts'

export interface SharedEvents {
  readonly events: Events
  readonly database: Database
  close(): Promise<void>
}

/** One more replica on that database; a new one where there is none. */
export const openSharedEvents = async (
  url: string | undefined = undefined,
  options: Partial<EventsOptions> = {},
): Promise<SharedEvents> => {
  const database = await openDatabase({ url: url ?? (await createDatabase()), clock: systemClock })
  const events = await openIn(database, { retentionDays: 36_500, ...options })
  return {
    events,
    database,
    close: async () => {
      await events.close()
      await database.close()
    },
  }
}
