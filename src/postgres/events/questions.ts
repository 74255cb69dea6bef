/**
 * Questions to stored events, on the terms of those who ask. One ends with its deadline and its caller, in the database too;
 * the processor's time of the database is not known, so a question counts for as long as it is worked on.
 */
import { createQuestionQueue } from '../../events/question-queue.ts'
import { EventsUnavailable, type QuestionTerms } from '../../events/events.ts'
import type { ReadersStanding } from '../../events/event-tasks.ts'
import { givenUp, tooLate, tooLong } from '../../events/question-ends.ts'
import { OpenQuestions } from '../../events/threads/open-questions.ts'
import { GatewayError } from '../../errors.ts'
import { atDeadline, type Clock } from '../../model/clock.ts'
import type { TracedQuestion } from '../../model/tracing.ts'
import type { Database } from '../connecting/database.ts'
import { DatabaseUnavailable } from '../connecting/failures.ts'
import type { Query, QueryTerms } from '../connecting/pools.ts'
import { createOperationTimes } from './operation-times.ts'
import { createQuestionPlaces } from './question-places.ts'

export interface Questions {
  /** Asks what one statement answers. @throws {GatewayError} where it cannot be answered, or not within its terms */
  ask<Result>(
    terms: QuestionTerms | undefined,
    work: (query: Query) => Promise<Result>,
  ): Promise<Result>
  /** The same with several statements, all of which see the same moment. */
  askAtOnce<Result>(
    terms: QuestionTerms | undefined,
    work: (query: Query) => Promise<Result>,
  ): Promise<Result>
  standing(): Pick<ReadersStanding, 'questions'>
  close(): void
}

/** Questions of one operation that are worked on at a time, and that wait; and those of all, one for each connection. */
const OF_OPERATION = { underWay: 2, waiting: 10_000 }
const OF_ALL = 4

/** A connection that does not answer is given up so long after whoever asked has gone. */
const UNHEARD_MS = 1_000

type Work<Result> = (signal: AbortSignal) => Promise<Result>

/** `tell` hears of each question that an operation asked, once it is over. */
export const createQuestions = (
  database: Pick<Database, 'query' | 'transaction'>,
  clock: Clock,
  tell?: (question: TracedQuestion) => void,
): Questions => {
  const queue = createQuestionQueue(OF_OPERATION)
  const places = createQuestionPlaces(OF_ALL)
  const times = createOperationTimes(clock)
  const open = new Set<(error: Error) => void>()
  const leaves = new OpenQuestions()
  let isClosed = false

  /** What the server itself asks is soon answered, and waits for nobody. */
  const own = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (isClosed) throw closed()
    try {
      return await work()
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  /** What the work comes to; it has a place until it has ended, be it that nobody waits for it any more. */
  const inPlace = async <Result>(
    terms: QuestionTerms,
    ending: AbortController,
    work: Work<Result>,
  ): Promise<Result> => {
    const leave = await places.take(terms.caller, ending.signal)
    if (leave === undefined) throw givenUp()
    const { operation, leftMs, madeFor } = terms
    const began = performance.now()
    let failure: string | undefined = '_OTHER'
    let stop: (() => number) | undefined
    try {
      // Others of its operation may have taken it all while this one waited.
      const maxCpuMs = leftMs()
      stop = times.begin(operation, maxCpuMs, spentMs => {
        ending.abort(tooLong(spentMs, maxCpuMs))
      })
      ending.signal.throwIfAborted()
      const result = await work(ending.signal)
      failure = undefined
      return result
    } catch (error) {
      if (error instanceof GatewayError) failure = error.code
      throw error
    } finally {
      if (stop !== undefined) terms.took?.(stop())
      leave()
      if (madeFor !== undefined) tell?.({ ms: performance.now() - began, failure, madeFor })
    }
  }

  const onTerms = <Result>(terms: QuestionTerms, work: Work<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const { operation, deadline, maxWaitMs, signal } = terms
      if (isClosed) throw closed()
      if (signal?.aborted === true) throw givenUp()
      const ending = new AbortController()
      let hasBegun = false
      let cancel = (): void => undefined
      const giveUp = (error: Error): void => ending.abort(error)
      let stay = cancel
      const end = (): void => {
        cancel()
        stay()
        open.delete(giveUp)
        free()
      }
      const free = queue.enter(operation, () => {
        hasBegun = true
        void inPlace(terms, ending, work)
          .then(resolve, (error: unknown) => reject(asUnavailable(error) as Error))
          .finally(end)
      })
      ending.signal.addEventListener('abort', () => {
        // Whoever asked does not wait until the database has ended it.
        reject(ending.signal.reason as Error)
        if (!hasBegun) end()
      })
      open.add(giveUp)
      if (signal !== undefined) stay = leaves.with(signal, giveUp)
      if (deadline !== undefined)
        cancel = atDeadline(clock, deadline, () => giveUp(tooLate(maxWaitMs)))
    })

  /** How it ends: with its deadline, and where the database does not hear of that, a moment later without it. */
  const endOf = ({ deadline }: QuestionTerms, signal: AbortSignal): QueryTerms =>
    deadline === undefined
      ? { signal }
      : { signal, timeoutMs: Math.max(0, deadline - clock.now()) + UNHEARD_MS }

  const snapshot =
    <Result>(work: (query: Query) => Promise<Result>) =>
    async (query: Query): Promise<Result> => {
      await query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      return work(query)
    }

  return {
    ask: (terms, work) =>
      terms === undefined
        ? own(() => work((...asked) => database.query('write', ...asked)))
        : onTerms(terms, signal =>
            work((sql, values, how) =>
              database.query('read', sql, values, { ...endOf(terms, signal), ...how }),
            ),
          ),
    askAtOnce: (terms, work) =>
      terms === undefined
        ? own(() => database.transaction('write', snapshot(work)))
        : onTerms(terms, signal =>
            database.transaction('read', snapshot(work), endOf(terms, signal)),
          ),
    standing: () => ({ questions: open.size }),
    close: () => {
      isClosed = true
      for (const giveUp of [...open]) giveUp(closed())
    },
  }
}

const closed = (): Error => new EventsUnavailable('The events are closed')

/** What the database cannot do now, events cannot be read or stored. */
export const asUnavailable = (error: unknown): unknown =>
  error instanceof DatabaseUnavailable ? new EventsUnavailable(error.message) : error
