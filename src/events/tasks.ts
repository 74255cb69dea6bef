/** What the threads of the event file do: one writes, others read. */
import { openEventFile, openForReading } from './event-file.ts'
import { createFileGuard } from './file-guard.ts'
import { type ChangePurging, createChangePurging } from './changes/changes-in-file.ts'
import { createEventForgetting, type Forgetting } from './forgetting/forgetting.ts'
import { createFileNoting, type FileNoting } from './known/noting-in-file.ts'
import { createKnownPurging, type KnownPurging } from './known/purging.ts'
import { createReading, type EventReading } from './reading.ts'
import { createSinkMoves, type SinkMoves } from './sinks/sink-places.ts'
import { createWriting, type Writing } from './writing.ts'

export type Role = 'write' | 'read'

export interface ThreadOptions {
  readonly role: Role
  readonly path: string
  /** Whether what was stored survives a power cut. */
  readonly isDurable: boolean
}

/** What the writing thread is asked, and answers at once. */
export interface WritingTasks
  extends Writing, Forgetting, FileNoting, KnownPurging, ChangePurging, SinkMoves {
  /** Why nothing can be stored now, though the file is open, as a sentence; undefined where nothing is wrong. */
  flaw(): string | undefined
}

export interface OpenTasks<Tasks = WritingTasks | EventReading> {
  readonly tasks: Tasks
  close(): void
}

/** @throws {EventFileError} when the file cannot be used */
export const openTasks = (options: ThreadOptions): OpenTasks =>
  options.role === 'read' ? openReader(options) : openWriter(options)

const openReader = ({ path }: ThreadOptions): OpenTasks<EventReading> => {
  const database = openForReading(path)
  return {
    tasks: createReading(database),
    close: () => {
      database.close()
    },
  }
}

/** What writes into that file. @throws {EventFileError} when the file cannot be used */
export const openWriter = ({
  path,
  isDurable,
}: Omit<ThreadOptions, 'role'>): OpenTasks<WritingTasks> => {
  const database = openEventFile(path)
  if (!isDurable) database.exec('PRAGMA synchronous = OFF')
  // What another row takes the place of is gone from its page.
  database.exec('PRAGMA secure_delete = FAST')
  const guard = createFileGuard(path)
  const writing = createWriting(database)
  const noting = createFileNoting(database)
  const check = (): void => {
    const flaw = guard.flaw()
    if (flaw !== undefined) throw new EventFileLost(flaw)
  }
  return {
    tasks: {
      ...writing,
      ...createKnownPurging(database),
      ...createChangePurging(database),
      ...createEventForgetting(database),
      ...createSinkMoves(database),
      append: events => {
        check()
        const appended = writing.append(events)
        // What was stored in a file that nobody will find again must not be acknowledged.
        check()
        return appended
      },
      note: (all, terms) => {
        check()
        return noting.note(all, terms)
      },
      flaw: guard.flaw,
    },
    close: () => {
      // So that the next start finds one file and nothing beside it.
      database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
      guard.close()
    },
  }
}

/** The open file is not the one at its path any more. */
export class EventFileLost extends Error {}
