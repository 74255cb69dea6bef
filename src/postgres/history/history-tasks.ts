/** What is known of rows and what changed of them, in the database that replicas share. */
import type { Database } from '../connecting/database.ts'
import { createChangesReading } from './changes-reading.ts'
import { forgetChanges, forgetKnownRows } from './known-forgetting.ts'
import { createKnownNoting } from './known-noting.ts'
import { createStoredPurging } from './known-purging.ts'
import { createKnownThen } from './known-then.ts'
import type { Questions } from '../events/questions.ts'
import type { HistoryTasks } from '../events/shared-tasks.ts'

/** The part of the tasks that is about them, for `createSharedTasks`. */
export const createHistoryTasks =
  (database: Pick<Database, 'transaction' | 'replica'>) =>
  (questions: Questions): HistoryTasks => ({
    read: { ...createChangesReading(questions), ...createKnownThen(questions) },
    write: { ...createKnownNoting(database), ...createStoredPurging(database) },
    forget: { changes: forgetChanges, rows: forgetKnownRows },
  })
