/** The events that several replicas share in one PostgreSQL, beside what is known of rows and what changed of them. */
import { createEvents, type Events, type EventsOptions } from '../../events/events.ts'
import type { Database } from '../connecting/database.ts'
import { createHistoryTasks } from './history-tasks.ts'
import { createSharedTasks } from './shared-tasks.ts'

/**
 * Opens what is kept in that database; its time is theirs. Closing them leaves the database open.
 *
 * @throws {EventsUnavailable} where it cannot be used now
 */
export const openSharedEvents = async (
  database: Database,
  options: Omit<EventsOptions, 'clock'> & Partial<Pick<EventsOptions, 'clock'>>,
): Promise<Events> => {
  const { retentionDays } = options
  const tasks = await createSharedTasks({ database, retentionDays }, createHistoryTasks(database))
  return createEvents(tasks, { clock: database.clock, ...options })
}
