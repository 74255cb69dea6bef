/**
 * Where events are kept, as those see it who ask: the embedded file with its threads (threads/event-threads.ts), or the
 * database that several replicas share (postgres/events/).
 */
import type { EventRow } from '../model/events.ts'
import type { Pace } from './notify.ts'
import type { QuestionTerms } from './queries.ts'
import type { QuestionWork } from './question-work.ts'
import type { EventReading } from './reading.ts'
import type { WritingTasks } from './tasks.ts'

/** What can be asked of stored events, each answered later and on its terms; without bounds where there are none. */
export type AsyncReading = {
  readonly [Name in keyof EventReading]: (
    ...args: [...Parameters<EventReading[Name]>, terms?: QuestionTerms]
  ) => Promise<ResultOf<ReturnType<EventReading[Name]>>>
}

type ResultOf<Answer> = Answer extends QuestionWork<infer Result> ? Result : Answer

/** What is stored and deleted, each done later and whole, or not at all. */
export type AsyncWriting = {
  readonly [Name in keyof WritingTasks]: (
    ...args: Parameters<WritingTasks[Name]>
  ) => Promise<ReturnType<WritingTasks[Name]>>
}

/** How those who read fare. */
export interface ReadersStanding {
  /** How often one of them ended by itself. */
  readonly deaths: number
  /** Questions that wait or are worked on. */
  readonly questions: number
  /** Why questions wait or cannot be answered now, as a sentence. */
  readonly flaw: string | undefined
}

/** Every task fails with {EventsUnavailable} where it cannot be done for now. */
export interface EventTasks {
  /** What can be asked, each on the terms given last; without bounds where there are none. */
  readonly read: AsyncReading
  readonly write: AsyncWriting
  /** How others than this process store events there; undefined where nobody else knows of it. */
  readonly others: OthersNews | undefined
  /** Milliseconds that an event may wait until it is stored; without a limit where absent. */
  readonly appendWithinMs?: number
  /** Resolves when the next commit may begin, and take along what has come until then; at once where absent. */
  readonly nextCommit?: () => Promise<void>
  standing(): ReadersStanding
  /** Ends all that is asked, and what keeps the events is left. */
  close(): Promise<void>
}

/** How to hear of what others store. */
export interface OthersNews {
  /** How often it is looked for. */
  readonly everyMs: number
  /** How much more often where there is a cause. */
  readonly pace?: Pace
  /**
   * Calls whenever others may have stored some of it, or told of whole lists, where that is known; the returned function ends it.
   * Nothing hangs on it: what is stored is looked for all the same.
   */
  on(what: 'events' | 'changes' | 'reads', look: () => void): () => void
  /** Stored events after that number, for whoever follows them: also those that took the places of lost ones. */
  readonly eventsAfter: (sequence: number, limit: number) => Promise<readonly EventRow[]>
}
