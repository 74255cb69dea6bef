/** The stored webhook events: written once each, read as history, followed as a stream; in a file, or in a database. */
import { pause } from '../model/clock.ts'
import type { EventRow, NewEvent } from '../model/events.ts'
import type { SinkRecord } from '../model/sinks/sink.ts'
import { type ChangesOptions, openChanges, type StoredChanges } from './changes/stored-changes.ts'
import type {
  ForgetPlace,
  ForgottenStep,
  ForgottenStored,
  ToForget,
} from './forgetting/forgetting.ts'
import type { AsyncReading, EventTasks, ReadersStanding } from './event-tasks.ts'
import { createGroupCommit } from './group-commit.ts'
import { createNotifier, type Listener } from './notify.ts'
import { startRetention } from './retention.ts'
import { createSizeReader, type SizeReader } from './size-reader.ts'
import { type EventThreadsOptions, openEventThreads } from './threads/event-threads.ts'
import { EventsUnavailable } from './unavailable.ts'

export { EventFileError } from './event-file.ts'
export { EventsUnavailable } from './unavailable.ts'
export type { AsyncReading, EventTasks } from './event-tasks.ts'
export type { ForgottenStored, ToForget } from './forgetting/forgetting.ts'
export type { FileSize, Standing } from './reading.ts'
export type { EventStore } from './size-reader.ts'
export type * from './queries.ts'

export type EventsOptions = ChangesOptions

export interface Events
  extends
    Omit<AsyncReading, 'identity' | 'size'>,
    Pick<StoredChanges, 'note' | 'noted' | 'onChanged'>,
    Pick<SizeReader, 'size' | 'sizeSoon' | 'counted'> {
  /** What tells these events from those that are kept anywhere else. */
  readonly identity: string

  /** How those who read fare. */
  threads(): ReadersStanding
  /**
   * Puts that place of a sink in that of the one before, unless that is further or the sink is not `holder`'s; whether it did.
   * Resolves once it is on disk. @throws {EventsUnavailable}
   */
  moveSink(record: SinkRecord, holder: string): Promise<boolean>
  /**
   * Stores the event. Resolves once it is on disk: with the stored event, or null where that connector's event of
   * that id had been stored before.
   *
   * @throws {EventsUnavailable} when it cannot be stored, or a database did not say in time whether it was: once it is given
   * again it is known
   */
  append(event: NewEvent): Promise<EventRow | null>
  /**
   * Told of each stored event once it is on disk, in the order of arrival, also of those that another process stores in
   * the same file; the returned function ends it.
   */
  readonly onStored: (listener: Listener<EventRow>) => () => void
  /** Why no event can be stored or read now, as a sentence: its file was removed, or a thread has ended. */
  flaw(): Promise<string | undefined>
  /** Deletes one step of what is older than the retention; how many events and changes went. */
  purge(): Promise<number>
  /**
   * Deletes what is to go, and leaves nothing of it in the file; how many of each went.
   *
   * @throws {EventsUnavailable} where that cannot be done
   */
  forget(what: ToForget): Promise<ForgottenStored>
  /** Stores what is under way, then closes the file. */
  close(): Promise<void>
}

/** Events looked at in one transaction when some are to be forgotten: writing waits for it. */
const FORGOTTEN_AT_ONCE = 500
/** How often it is tried to empty the log while other processes read from it, and the time between. */
const ERASE_TRIES = 100
const ERASE_PAUSE_MS = 50

/** Opens the event file, made where there is none. @throws {EventFileError} when it cannot be used */
export const openEvents = async (options: EventsOptions & EventThreadsOptions): Promise<Events> =>
  createEvents(await openEventThreads(options), options)

/** The events that are kept where those tasks work; closed with them. */
export const createEvents = async (
  { read, write, ...tasks }: EventTasks,
  options: EventsOptions,
): Promise<Events> => {
  const { clock, onProblem } = options
  const looks = { everyMs: tasks.others?.everyMs ?? 0, pace: tasks.others?.pace }
  const notifier = createNotifier<EventRow>({
    newest: await read.newest(),
    after: tasks.others?.eventsAfter ?? read.after,
    clock,
    ...looks,
    onProblem,
  })
  const file = createFlawTeller(write.flaw, options)
  const commits = createGroupCommit(
    async events => {
      try {
        const appended = await write.append(events)
        file.isRight()
        return appended
      } catch (error) {
        await file.flaw().catch(() => undefined)
        throw error
      }
    },
    { clock, withinMs: tasks.appendWithinMs, next: tasks.nextCommit },
  )
  const sizes = createSizeReader(read.size, options)
  notifier.listen(({ connector }) => sizes.arrived(connector))
  const retention = startRetention(
    {
      arrivals: read.arrivals,
      purge: async (before, most) => {
        const gone = await write.purge(before, most)
        if (gone > 0) sizes.countAgain()
        return gone
      },
    },
    { ...options, what: 'events' },
  )
  const changes = await openChanges(
    {
      newest: read.newestChange,
      after: read.changesAfter,
      times: read.changeTimes,
      note: write.note,
      purge: write.purgeChanges,
      knownTimes: read.knownTimes,
      knownReads: read.knownReads,
      purgeKnown: write.purgeKnown,
    },
    options,
    looks,
  )
  const deaf = [
    tasks.others?.on('events', notifier.look),
    tasks.others?.on('changes', changes.look),
    tasks.others?.on('reads', changes.lookAtReads),
  ]
  let closed = false

  const identity = await read.identity()
  // Behind whatever else is asked here: what is asked beside it would begin with a thread of its own.
  sizes.countAgain()

  return {
    ...read,
    identity,
    append: async event => {
      if (closed) throw new EventsUnavailable('The events are closed')
      const sequence = await commits.append(event)
      if (sequence === null) return null
      const row = { ...event, sequence }
      notifier.stored(row)
      return row
    },
    onStored: notifier.listen,
    flaw: async () => (await file.flaw()) ?? tasks.standing().flaw,
    note: changes.note,
    noted: changes.noted,
    onChanged: changes.onChanged,
    purge: async () => (await retention.purge()) + (await changes.purge()),
    forget: async what => {
      const gone = { events: 0, rows: 0, changes: 0 }
      for (let place: ForgetPlace | undefined = { at: 'events', after: 0 }; place !== undefined;) {
        const step: ForgottenStep = await write.forget(what, place, FORGOTTEN_AT_ONCE)
        gone[step.of] += step.gone
        place = step.next
      }
      sizes.countAgain()
      for (let tries = 0; !(await write.erase()); tries += 1) {
        if (tries === ERASE_TRIES)
          throw new EventsUnavailable(
            'The events are deleted, but the log of their file may still hold them, since another process reads from it. Try again',
          )
        await pause(ERASE_PAUSE_MS, clock, new AbortController().signal)
      }
      return gone
    },
    size: sizes.size,
    sizeSoon: sizes.sizeSoon,
    counted: sizes.counted,
    threads: tasks.standing,
    moveSink: write.moveSink,
    close: async () => {
      closed = true
      for (const end of deaf) end?.()
      retention.end()
      await commits.drain()
      await changes.close()
      notifier.end()
      await tasks.close()
    },
  }
}

/** Looks what is wrong with the file; says once, and loudly, when something is, and when it is right again. */
const createFlawTeller = (
  ask: () => Promise<string | undefined>,
  { say }: EventsOptions,
): Pick<Events, 'flaw'> & { readonly isRight: () => void } => {
  let known: string | undefined
  const tell = (found: string | undefined): void => {
    if (found === known) return
    known = found
    say?.(found === undefined ? 'info' : 'error', found ?? 'Events can be stored again')
  }
  return {
    flaw: async () => {
      const found = await ask()
      tell(found)
      return found
    },
    isRight: () => {
      tell(undefined)
    },
  }
}
