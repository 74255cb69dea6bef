/** The events that several replicas share in one PostgreSQL, as the tasks that the embedded file has, too. */
import type { AsyncReading, AsyncWriting, EventTasks } from '../../events/event-tasks.ts'
import type { Clock } from '../../model/clock.ts'
import type { TracedQuestion } from '../../model/tracing.ts'
import type { Database } from '../connecting/database.ts'
import { createEventParts } from './event-parts.ts'
import { asUnavailable, createQuestions, type Questions } from './questions.ts'
import { createRetainedEvents, readOverTime } from './retained.ts'
import { createSeenSequence } from './seen-sequence.ts'
import { createSeldom } from './seldom.ts'
import { createSinkReading, createSinkWriting } from './sink-rows.ts'
import { createStoredForgetting, type ForgetStage } from './stored-forgetting.ts'
import { createStoredReading, eventsAfter, type EventTask } from './stored-reading.ts'
import { createStoredWriting } from './stored-writing.ts'

export interface SharedTasksOptions {
  readonly database: Pick<
    Database,
    'query' | 'transaction' | 'on' | 'clock' | 'standing' | 'replica'
  >
  readonly retentionDays: number
  /** Hears of each question that an operation asked, once it is over. */
  readonly onQuestion?: ((question: TracedQuestion) => void) | undefined
}

/** The part of the tasks that what is known of rows and what changed of them does. */
export interface HistoryTasks {
  readonly read: Omit<AsyncReading, EventTask | 'sinkPlaces'>
  readonly write: Pick<AsyncWriting, 'note' | 'purgeChanges' | 'purgeKnown'>
  /** How each is looked through when something is to be forgotten. */
  readonly forget: Readonly<Record<'changes' | 'rows', ForgetStage>>
}

/** How often the database is looked into, whether or not it tells of something. */
const LOOK_MS = 1_000
/** However often it tells: each time costs a question, which finds all that was stored meanwhile, */
const LOOKS_APART_MS = 25
/** or all lists that are known, of which there may be thousands. Who has not heard of a read yet tells of it once more. */
const READS_APART_MS = 10_000
/** Each commit holds up the other replicas and wakes them, whatever is in it: what comes alone is stored at once, what follows together. */
const COMMITS_APART_MS = 20
/** An event that is not stored by then is refused: Push sends it again. */
const STORED_WITHIN_MS = 1_400

/** `historyOf` makes the other part, which asks on the same terms. @throws {EventsUnavailable} where the database cannot be used now */
export const createSharedTasks = async (
  { database, retentionDays, onQuestion }: SharedTasksOptions,
  historyOf: (questions: Questions) => HistoryTasks,
): Promise<EventTasks> => {
  const { clock } = database
  const questions = createQuestions(database, clock, onQuestion)
  const history = historyOf(questions)
  const seen = createSeenSequence()
  const parts = createEventParts(database, { clock, retentionDays })
  await parts.ready([])
  const retained = createRetainedEvents()
  await retained.learn(() => questions.ask(undefined, readOverTime))
  const read = {
    ...createStoredReading(questions, retained),
    ...createSinkReading(questions),
    ...history.read,
  }
  return {
    read,
    write: unavailableAs({
      ...createStoredWriting({ database, parts, seen, retained }),
      ...createStoredForgetting(database, history.forget),
      ...createSinkWriting(database),
      ...history.write,
      flaw: () => Promise.resolve(flawOf(database)),
    }),
    others: {
      everyMs: LOOK_MS,
      pace: look => createSeldom(clock, LOOKS_APART_MS, look),
      on: (what, look) => {
        // Who follows what is stored looks at that pace of himself.
        const seldom = what === 'reads' ? createSeldom(clock, READS_APART_MS, look) : undefined
        const deaf = database.on(channels[what], replica => {
          // What this one stored it tells by itself.
          if (replica !== database.replica) (seldom?.call ?? look)()
        })
        return () => {
          deaf()
          seldom?.end()
        }
      },
      eventsAfter: async (sequence, limit) => {
        const events = await questions.ask(undefined, query => eventsAfter(query, sequence, limit))
        events.forEach(retained.saw)
        seen.saw(events.at(-1)?.sequence ?? 0)
        return events
      },
    },
    appendWithinMs: STORED_WITHIN_MS,
    nextCommit: commitsApart(clock),
    standing: () => ({ deaths: 0, ...questions.standing(), flaw: undefined }),
    close: () => {
      questions.close()
      return Promise.resolve()
    },
  }
}

/** Where the database tells that something was stored. */
const channels = { events: 'event', changes: 'change', reads: 'read' } as const

const commitsApart = (clock: Clock): (() => Promise<void>) => {
  let free = Promise.resolve()
  return () => {
    const next = free
    free = next.then(() => new Promise(resolve => clock.after(COMMITS_APART_MS, resolve)))
    return next
  }
}

const flawOf = ({ standing }: SharedTasksOptions['database']): string | undefined =>
  standing().isReachable ? undefined : 'No event can be stored: the database does not answer'

/** The same, each refused with what the rooms above know. */
const unavailableAs = (tasks: AsyncWriting): AsyncWriting => {
  const all = Object.entries(tasks) as [string, (...args: never[]) => Promise<unknown>][]
  return Object.fromEntries(
    all.map(([name, task]) => [
      name,
      (...args: never[]) =>
        task(...args).catch((error: unknown) => {
          throw asUnavailable(error)
        }),
    ]),
  ) as unknown as AsyncWriting
}
