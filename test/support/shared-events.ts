/** Events in a PostgreSQL, as one of several replicas has them. */
import { createEvents, type Events, type EventsOptions } from '../../src/events/events.ts'
import { systemClock } from '../../src/model/clock.ts'
import { type Database, openDatabase } from '../../src/postgres/connecting/database.ts'
import { createHistoryTasks } from '../../src/postgres/history/history-tasks.ts'
import { createSharedTasks } from '../../src/postgres/events/shared-tasks.ts'
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
  const retentionDays = options.retentionDays ?? 36_500
  const tasks = await createSharedTasks({ database, retentionDays }, createHistoryTasks(database))
  const events = await createEvents(tasks, { clock: database.clock, ...options, retentionDays })
  return {
    events,
    database,
    close: async () => {
      await events.close()
      await database.close()
    },
  }
}
