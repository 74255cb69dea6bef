/**
 * The stored webhook events: written once each, read as history, followed as a stream. SQLite waits for the disk, so
 * it works in threads of its own.
 */
import type { Clock } from '../model/clock.ts'
import type { EventRow, NewEvent } from '../model/events.ts'
import { createGroupCommit } from './group-commit.ts'
import { startRetention } from './retention.ts'
import { EventFileUnavailable, startThread, type Thread } from './thread.ts'
import type { FileSize, EventReading } from './reading.ts'
import { createNotifier, type Listener } from './notify.ts'

export { EventFileError } from './event-file.ts'
export { EventFileUnavailable } from './thread.ts'
export type { FileSize } from './reading.ts'
export type * from './queries.ts'

export interface EventsOptions {
  /** The file; `':memory:'` keeps the events for this process alone. */
  readonly path: string
  readonly retentionDays: number
  readonly clock: Clock
  readonly onProblem?: (message: string, error: unknown) => void
  readonly say?: (level: 'info' | 'warn' | 'error', message: string) => void
}

/** The reading thread's tasks, each answered later. */
export type AsyncReading = {
  readonly [Name in keyof EventReading]: (
    ...args: Parameters<EventReading[Name]>
  ) => Promise<ReturnType<EventReading[Name]>>
}

/** How much is stored, and for how long. */
export interface EventStore extends FileSize {
  readonly retentionDays: number
}

export interface Events extends Omit<AsyncReading, 'identity'> {
  /** What tells these events from those of any other file. */
  readonly identity: string

  /** How much is stored; of a large file perhaps as it was some seconds ago. */
  size(): Promise<EventStore>
  /**
   * Stores the event. Resolves once it is on disk: with the stored event, or null where that connector's event of
   * that id had been stored before.
   *
   * @throws {EventFileUnavailable} when it cannot be stored; then nothing of it is
   */
  append(event: NewEvent): Promise<EventRow | null>
  /**
   * Told of each stored event once it is on disk, in the order of arrival, also of those that another process stores in
   * the same file; the returned function ends it.
   */
  readonly onStored: (listener: Listener) => () => void
  /** Why no event can be stored now, as a sentence: its file was removed or replaced. */
  flaw(): Promise<string | undefined>
  /** Deletes one step of what is older than the retention; how many events went. */
  purge(): Promise<number>
  /** Stores what is under way, then closes the file. */
  close(): Promise<void>
}

/** How often the file is looked into for what another process stored. */
const LOOK_MS = 1_000
/** Counting that took longer than this is not done again at once, */
const SLOW_COUNT_MS = 20
/** but after so many times as long as it took. */
const COUNT_REUSED = 50

/** Opens the event file, made where there is none. @throws {EventFileError} when it cannot be used */
export const openEvents = async (options: EventsOptions): Promise<Events> => {
  const { path, clock } = options
  const writer = await startThread({ role: 'write', path })
  // A file in memory belongs to the connection that made it.
  const reader = path === ':memory:' ? writer : await startThread({ role: 'read', path })
  const notifier = createNotifier({
    newest: await reader.ask('newest'),
    after: (sequence, limit) => reader.ask('after', sequence, limit),
    clock,
    everyMs: reader === writer ? 0 : LOOK_MS,
    onProblem: options.onProblem,
  })
  const file = createFlawTeller(writer, options)
  const commits = createGroupCommit(async events => {
    try {
      const appended = await writer.ask('append', events)
      file.isRight()
      return appended
    } catch (error) {
      await file.flaw().catch(() => undefined)
      throw error
    }
  })
  const retention = startRetention(
    {
      arrivals: () => reader.ask('arrivals'),
      purge: (before, most) => writer.ask('purge', before, most),
    },
    options,
  )
  let closed = false

  const identity = await reader.ask('identity')

  return {
    identity,
    append: async event => {
      if (closed) throw new EventFileUnavailable('The event file is closed')
      const sequence = await commits.append(event)
      if (sequence === null) return null
      const row = { ...event, sequence }
      notifier.stored(row)
      return row
    },
    onStored: notifier.listen,
    flaw: file.flaw,
    purge: retention.purge,
    page: query => reader.ask('page', query),
    count: selection => reader.ask('count', selection),
    groups: query => reader.ask('groups', query),
    sequenceBefore: receivedAt => reader.ask('sequenceBefore', receivedAt),
    after: (sequence, limit) => reader.ask('after', sequence, limit),
    newest: () => reader.ask('newest'),
    standing: sequence => reader.ask('standing', sequence),
    arrivals: () => reader.ask('arrivals'),
    size: createSizeReader(reader, options),
    close: async () => {
      closed = true
      retention.end()
      await commits.drain()
      notifier.end()
      if (reader !== writer) await reader.end()
      await writer.end()
    },
  }
}

/** Looks what is wrong with the file; says once, and loudly, when something is, and when it is right again. */
const createFlawTeller = (
  writer: Thread,
  { say }: EventsOptions,
): Pick<Events, 'flaw'> & { readonly isRight: () => void } => {
  let known: string | undefined
  const tell = (found: string | undefined): void => {
    if (found === known) return
    known = found
    say?.(found === undefined ? 'info' : 'error', found ?? 'The event file is in its place again')
  }
  return {
    flaw: async () => {
      const found = await writer.ask('flaw')
      tell(found)
      return found
    },
    isRight: () => {
      tell(undefined)
    },
  }
}

/** Counts what is stored; where that takes long, the same count serves for a while. */
const createSizeReader = (
  reader: Thread,
  { clock, retentionDays }: EventsOptions,
): Events['size'] => {
  let counted: { readonly size: Promise<EventStore>; until: number } | undefined

  return () => {
    const from = clock.now()
    if (counted !== undefined && from < counted.until) return counted.size
    const counting = {
      size: reader.ask('size').then(found => ({ ...found, retentionDays })),
      until: Infinity,
    }
    counted = counting
    const settle = (): void => {
      const tookMs = clock.now() - from
      counting.until = tookMs > SLOW_COUNT_MS ? clock.now() + COUNT_REUSED * tookMs : 0
    }
    counting.size.then(settle, () => {
      counting.until = 0
    })
    return counting.size
  }
}
