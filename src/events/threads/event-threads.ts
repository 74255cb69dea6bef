/** The embedded file: one thread writes, others read, as SQLite waits for the disk. */
import type { Clock } from '../../model/clock.ts'
import type { AsyncReading, AsyncWriting, EventTasks } from '../event-tasks.ts'
import { openEventPlace } from '../event-place.ts'
import type { QuestionTerms } from '../queries.ts'
import { type Readers, startReaders } from './readers.ts'
import { startThread, superviseEventThread, type Thread } from './thread.ts'

export interface EventThreadsOptions {
  /** The file; `':memory:'` keeps the events for this process alone. */
  readonly path: string
  readonly clock: Clock
  readonly onProblem?: (message: string, error: unknown) => void
}

/** How often the file is looked into for what another process stored. */
const LOOK_MS = 1_000
/** Threads that read: each takes some megabytes, and a second one goes on where the first is held up. */
const READERS = 2
/** Whoever the server itself is when it asks. */
const OWN = { caller: '', operation: '' }
const OWN_TERMS: QuestionTerms = {
  ...OWN,
  leftMs: () => Infinity,
  deadline: undefined,
  maxWaitMs: Infinity,
  signal: undefined,
  took: undefined,
}

/** Opens the file, made where there is none, and starts its threads. @throws {EventFileError} when it cannot be used */
export const openEventThreads = async ({
  path,
  clock,
  onProblem,
}: EventThreadsOptions): Promise<EventTasks> => {
  const place = openEventPlace(path)
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
  const read = readingBy(readers)
  return {
    read,
    write: writingBy(() => writing.thread()),
    others: place.file.isDurable
      ? { everyMs: LOOK_MS, on: () => () => undefined, eventsAfter: read.after }
      : undefined,
    standing: () => {
      const { deaths, ...standing } = readers.standing()
      return { ...standing, deaths: deaths + writing.deaths }
    },
    close: async () => {
      await readers.close()
      await writing.end(true)
      place.remove()
    },
  }
}

const readingBy = (readers: Readers): AsyncReading => {
  const ask = (
    task: keyof AsyncReading,
    args: readonly unknown[],
    terms: QuestionTerms = OWN_TERMS,
  ): Promise<never> => readers.ask(task, args, terms) as Promise<never>
  return {
    page: (query, terms) => ask('page', [query], terms),
    count: (selection, terms) => ask('count', [selection], terms),
    groups: (query, terms) => ask('groups', [query], terms),
    sequenceBefore: (receivedAt, terms) => ask('sequenceBefore', [receivedAt], terms),
    after: (sequence, limit, terms) => ask('after', [sequence, limit], terms),
    connectorsWithin: (list, after, until, terms) =>
      ask('connectorsWithin', [list, after, until], terms),
    newest: terms => ask('newest', [], terms),
    size: terms => ask('size', [], terms),
    identity: terms => ask('identity', [], terms),
    standing: (sequence, terms) => ask('standing', [sequence], terms),
    arrivals: terms => ask('arrivals', [], terms),
    changesAfter: (sequence, limit, terms) => ask('changesAfter', [sequence, limit], terms),
    newestChange: terms => ask('newestChange', [], terms),
    changeBefore: (at, terms) => ask('changeBefore', [at], terms),
    changeStanding: (sequence, terms) => ask('changeStanding', [sequence], terms),
    changeTimes: terms => ask('changeTimes', [], terms),
    knownTimes: terms => ask('knownTimes', [], terms),
    knownReads: terms => ask('knownReads', [], terms),
    listThen: (connector, name, at, terms) => ask('listThen', [connector, name, at], terms),
    rowsThen: (connector, name, at, after, limit, terms) =>
      ask('rowsThen', [connector, name, at, after, limit], terms),
    rowThen: (connector, name, id, at, terms) => ask('rowThen', [connector, name, id, at], terms),
    sinkPlaces: terms => ask('sinkPlaces', [], terms),
  }
}

const writingBy = (thread: () => Promise<Thread>): AsyncWriting => {
  const ask = async (task: keyof AsyncWriting, ...args: readonly unknown[]): Promise<never> =>
    (await (await thread()).ask({ ...OWN, maxCpuMs: Infinity, task, args }).answer) as never
  return {
    append: events => ask('append', events),
    purge: (before, most) => ask('purge', before, most),
    forget: (what, place, most) => ask('forget', what, place, most),
    erase: () => ask('erase'),
    note: (all, terms) => ask('note', all, terms),
    purgeKnown: (before, most) => ask('purgeKnown', before, most),
    purgeChanges: (before, most) => ask('purgeChanges', before, most),
    moveSink: (record, holder) => ask('moveSink', record, holder),
    flaw: () => ask('flaw'),
  }
}
