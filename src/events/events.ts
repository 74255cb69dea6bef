/**
 * The stored webhook events: written once each, read as history, followed as a stream. SQLite waits for the disk, so
 * it works in threads of its own.
 */
import { pause } from '../model/clock.ts'
import type { EventRow, NewEvent } from '../model/events.ts'
import { type ChangesOptions, openChanges, type StoredChanges } from './changes/stored-changes.ts'
import type {
  ForgetPlace,
  ForgottenStep,
  ForgottenStored,
  ToForget,
} from './forgetting/forgetting.ts'
import { openEventPlace } from './event-place.ts'
import { createGroupCommit } from './group-commit.ts'
import { createNotifier, type Listener } from './notify.ts'
import type { QuestionTerms } from './queries.ts'
import type { QuestionWork } from './question-work.ts'
import type { EventReading } from './reading.ts'
import { type ReadersStanding, startReaders } from './readers.ts'
import { startRetention } from './retention.ts'
import { createSizeReader, type SizeReader } from './size-reader.ts'
import type { WritingTasks } from './tasks.ts'
import { EventFileUnavailable, startThread, superviseEventThread } from './thread.ts'

export { EventFileError } from './event-file.ts'
export { EventFileUnavailable } from './thread.ts'
export type { ForgottenStored, ToForget } from './forgetting/forgetting.ts'
export type { FileSize, Standing } from './reading.ts'
export type { EventStore } from './size-reader.ts'
export type * from './queries.ts'

export interface EventsOptions extends ChangesOptions {
  /** The file; `':memory:'` keeps the events for this process alone. */
  readonly path: string
  /** Milliseconds of processor time that the questions of one operation may take; without a limit where absent. */
  readonly maxCpuMs?: number
}

/** What can be asked of stored events, each answered later and on its terms; without bounds where there are none. */
export type AsyncReading = {
  readonly [Name in keyof EventReading]: (
    ...args: [...Parameters<EventReading[Name]>, terms?: QuestionTerms]
  ) => Promise<ResultOf<ReturnType<EventReading[Name]>>>
}

type ResultOf<Answer> = Answer extends QuestionWork<infer Result> ? Result : Answer

export interface Events
  extends
    Omit<AsyncReading, 'identity' | 'size'>,
    Pick<StoredChanges, 'note' | 'noted' | 'onChanged'>,
    Pick<SizeReader, 'size' | 'sizeSoon' | 'counted'> {
  /** What tells these events from those of any other file. */
  readonly identity: string
  /** Milliseconds of processor time that the questions of one operation may take. */
  readonly maxCpuMs: number

  /** How the threads of the file fare. */
  threads(): ReadersStanding
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
  readonly onStored: (listener: Listener<EventRow>) => () => void
  /** Why no event can be stored or read now, as a sentence: its file was removed, or a thread has ended. */
  flaw(): Promise<string | undefined>
  /** Deletes one step of what is older than the retention; how many events and changes went. */
  purge(): Promise<number>
  /**
   * Deletes what is to go, and leaves nothing of it in the file; how many of each went.
   *
   * @throws {EventFileUnavailable} where that cannot be done
   */
  forget(what: ToForget): Promise<ForgottenStored>
  /** Stores what is under way, then closes the file. */
  close(): Promise<void>
}

/** How often the file is looked into for what another process stored. */
const LOOK_MS = 1_000
/** Threads that read: each takes some megabytes, and a second one goes on where the first is held up. */
const READERS = 2
/** Events looked at in one transaction when some are to be forgotten: writing waits for it. */
const FORGOTTEN_AT_ONCE = 500
/** How often it is tried to empty the log while other processes read from it, and the time between. */
const ERASE_TRIES = 100
const ERASE_PAUSE_MS = 50
/** Whoever the server itself is when it asks. */
const OWN_TERMS: QuestionTerms = {
  caller: '',
  operation: '',
  maxCpuMs: Infinity,
  deadline: undefined,
  maxWaitMs: Infinity,
  signal: undefined,
  took: undefined,
}

/** Opens the event file, made where there is none. @throws {EventFileError} when it cannot be used */
export const openEvents = async (options: EventsOptions): Promise<Events> => {
  const { clock, onProblem } = options
  const place = openEventPlace(options.path)
  const onDeath = (error: Error): void => {
    onProblem?.('A thread of the event file ended and is started again', error)
  }
  const writing = superviseEventThread({
    start: () => startThread({ role: 'write', ...place.file }),
    clock,
    onDeath,
  })
  await writing.thread()
  const readers = await startReaders({
    start: () => startThread({ role: 'read', ...place.file }),
    clock,
    most: READERS,
    onDeath,
  })
  const read = <Name extends keyof AsyncReading>(
    task: Name,
    args: readonly unknown[],
    terms: QuestionTerms = OWN_TERMS,
  ) => readers.ask(task, args, terms) as ReturnType<AsyncReading[Name]>
  const write = async <Name extends keyof WritingTasks>(
    task: Name,
    ...args: Parameters<WritingTasks[Name]>
  ): Promise<ReturnType<WritingTasks[Name]>> => {
    const thread = await writing.thread()
    return (await thread.ask({ ...OWN_TERMS, task, args }).answer) as ReturnType<WritingTasks[Name]>
  }
  // Nobody else knows of a file that is only for this process.
  const lookMs = place.file.isDurable ? LOOK_MS : 0
  const notifier = createNotifier<EventRow>({
    newest: await read('newest', []),
    after: (sequence, limit) => read('after', [sequence, limit]),
    clock,
    everyMs: lookMs,
    onProblem,
  })
  const file = createFlawTeller(() => write('flaw'), options)
  const commits = createGroupCommit(async events => {
    try {
      const appended = await write('append', events)
      file.isRight()
      return appended
    } catch (error) {
      await file.flaw().catch(() => undefined)
      throw error
    }
  })
  const sizes = createSizeReader(() => read('size', []), options)
  notifier.listen(({ connector }) => sizes.arrived(connector))
  sizes.countAgain()
  const retention = startRetention(
    {
      arrivals: () => read('arrivals', []),
      purge: async (before, most) => {
        const gone = await write('purge', before, most)
        if (gone > 0) sizes.countAgain()
        return gone
      },
    },
    { ...options, what: 'events' },
  )
  const changes = await openChanges(
    {
      newest: () => read('newestChange', []),
      after: (sequence, limit) => read('changesAfter', [sequence, limit]),
      times: () => read('changeTimes', []),
      note: (all, terms) => write('note', all, terms),
      purge: (before, most) => write('purgeChanges', before, most),
      knownTimes: () => read('knownTimes', []),
      knownReads: () => read('knownReads', []),
      purgeKnown: (before, most) => write('purgeKnown', before, most),
    },
    options,
    lookMs,
  )
  let closed = false

  const identity = await read('identity', [])

  return {
    identity,
    maxCpuMs: options.maxCpuMs ?? Infinity,
    append: async event => {
      if (closed) throw new EventFileUnavailable('The event file is closed')
      const sequence = await commits.append(event)
      if (sequence === null) return null
      const row = { ...event, sequence }
      notifier.stored(row)
      return row
    },
    onStored: notifier.listen,
    flaw: async () => (await file.flaw()) ?? readers.standing().flaw,
    note: changes.note,
    noted: changes.noted,
    onChanged: changes.onChanged,
    purge: async () => (await retention.purge()) + (await changes.purge()),
    forget: async what => {
      const gone = { events: 0, rows: 0, changes: 0 }
      for (let place: ForgetPlace | undefined = { at: 'events', after: 0 }; place !== undefined;) {
        const step: ForgottenStep = await write('forget', what, place, FORGOTTEN_AT_ONCE)
        gone[step.of] += step.gone
        place = step.next
      }
      sizes.countAgain()
      for (let tries = 0; !(await write('erase')); tries += 1) {
        if (tries === ERASE_TRIES)
          throw new EventFileUnavailable(
            'The events are deleted, but the log of their file may still hold them, since another process reads from it. Try again',
          )
        await pause(ERASE_PAUSE_MS, clock, new AbortController().signal)
      }
      return gone
    },
    page: (query, terms) => read('page', [query], terms),
    count: (selection, terms) => read('count', [selection], terms),
    groups: (query, terms) => read('groups', [query], terms),
    sequenceBefore: (receivedAt, terms) => read('sequenceBefore', [receivedAt], terms),
    after: (sequence, limit, terms) => read('after', [sequence, limit], terms),
    newest: terms => read('newest', [], terms),
    standing: (sequence, terms) => read('standing', [sequence], terms),
    arrivals: terms => read('arrivals', [], terms),
    changesAfter: (sequence, limit, terms) => read('changesAfter', [sequence, limit], terms),
    newestChange: terms => read('newestChange', [], terms),
    changeBefore: (at, terms) => read('changeBefore', [at], terms),
    changeStanding: (sequence, terms) => read('changeStanding', [sequence], terms),
    changeTimes: terms => read('changeTimes', [], terms),
    knownTimes: terms => read('knownTimes', [], terms),
    knownReads: terms => read('knownReads', [], terms),
    listThen: (connector, name, at, terms) => read('listThen', [connector, name, at], terms),
    rowsThen: (connector, name, at, after, limit, terms) =>
      read('rowsThen', [connector, name, at, after, limit], terms),
    rowThen: (connector, name, id, at, terms) => read('rowThen', [connector, name, id, at], terms),
    size: sizes.size,
    sizeSoon: sizes.sizeSoon,
    counted: sizes.counted,
    threads: () => {
      const { deaths, ...standing } = readers.standing()
      return { ...standing, deaths: deaths + writing.deaths }
    },
    close: async () => {
      closed = true
      retention.end()
      await commits.drain()
      await changes.close()
      notifier.end()
      await readers.close()
      await writing.end(true)
      place.remove()
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
    say?.(found === undefined ? 'info' : 'error', found ?? 'The event file is in its place again')
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
