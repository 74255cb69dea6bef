/**
 * The threads that read: questions go to the one that has the fewest, and what a thread that ends was asked is asked
 * once more. A question ends with its deadline and its caller.
 */
import { atDeadline, type Clock } from '../../model/clock.ts'
import type { Supervised } from '../../threads/supervised.ts'
import type { AskedOfThread } from '../../threads/thread.ts'
import { createQuestionQueue } from '../question-queue.ts'
import type { QuestionTerms } from '../queries.ts'
import { givenUp, tooLate } from '../question-ends.ts'
import type { ReadersStanding } from '../event-tasks.ts'
import { EventsUnavailable } from '../unavailable.ts'
import { OpenQuestions } from './open-questions.ts'
import { superviseEventThread, type Thread, ThreadDied } from './thread.ts'
import type { Ask } from './worker.ts'

export interface Readers {
  /** @throws {GatewayError} where it cannot be answered, or not within its terms */
  ask(task: string, args: readonly unknown[], terms: QuestionTerms): Promise<unknown>
  standing(): ReadersStanding
  close(): Promise<void>
}

export interface ReadersOptions {
  readonly start: () => Promise<Thread>
  readonly clock: Clock
  /** Threads at most; another one is started once all have been at work for a while, and ended when it was idle for long. */
  readonly most: number
  readonly onDeath?: (error: Error) => void
}

interface Place {
  readonly supervised: Supervised<Thread>
  underWay: number
  isIdleUntil: () => void
}

/** Questions of one operation that threads work on at a time, and that wait. */
const OF_OPERATION = { underWay: 4, waiting: 10_000 }
const IDLE_MS = 60_000
/**
 * All are at work for so long before another one is started: questions take turns in each, and are over soon as a rule. A
 * thread takes 15 MB, if only for a moment in which two short questions meet.
 */
const AT_WORK_MS = 250

/** Starts the first thread. @throws {EventFileError} when the file cannot be used */
export const startReaders = async (options: ReadersOptions): Promise<Readers> => {
  const { clock, most } = options
  const queue = createQuestionQueue(OF_OPERATION)
  const open = new Set<(error: Error) => void>()
  const ending = new OpenQuestions()
  const places = Array.from({ length: most }, (): Place => ({
    supervised: superviseEventThread(options),
    underWay: 0,
    isIdleUntil: () => undefined,
  }))
  const [firstPlace] = places
  if (firstPlace === undefined) throw new Error('There must be a thread to read')
  let isClosed = false
  let stopWaiting: (() => void) | undefined

  const startAnother = (): void => {
    stopWaiting = undefined
    places
      .find(({ supervised }) => !supervised.isRunning)
      ?.supervised.thread()
      .catch(() => undefined)
  }

  const choose = (): Place => {
    const running = places.filter(({ supervised }) => supervised.isRunning)
    if (running.every(({ underWay }) => underWay > 0))
      stopWaiting ??= clock.after(AT_WORK_MS, startAnother)
    return running.length === 0
      ? firstPlace
      : running.reduce((a, b) => (b.underWay < a.underWay ? b : a))
  }

  const leave = (place: Place): void => {
    place.underWay -= 1
    if (place.underWay > 0) return
    stopWaiting?.()
    stopWaiting = undefined
    if (place === firstPlace) return
    place.isIdleUntil()
    place.isIdleUntil = clock.after(IDLE_MS, () => {
      if (place.underWay === 0) void place.supervised.end(false).catch(() => undefined)
    })
  }

  /** What a thread answers. `begun` hears what it was asked, and says whether somebody still waits. */
  const answer = async (
    { task, args }: Pick<Ask, 'task' | 'args'>,
    { caller, operation, leftMs, took }: QuestionTerms,
    begun: (asked: AskedOfThread) => void,
  ): Promise<unknown> => {
    // Others of its operation may have taken it all while this one waited.
    const ask: Ask = { task, args, caller, operation, maxCpuMs: leftMs() }
    for (let tries = 1; ; tries += 1) {
      const place = choose()
      place.underWay += 1
      try {
        const asked = (await place.supervised.thread()).ask(ask, took)
        begun(asked)
        return await asked.answer
      } catch (error) {
        if (!(error instanceof ThreadDied) || tries > 1) throw error
      } finally {
        leave(place)
      }
    }
  }

  const ask: Readers['ask'] = (task, args, terms) =>
    new Promise((resolve, reject) => {
      const { operation, deadline, maxWaitMs, signal } = terms
      if (isClosed) throw closed()
      if (signal?.aborted === true) throw givenUp()
      let asked: AskedOfThread | undefined
      let cancel = (): void => undefined
      let stay = cancel
      let isOver = false
      const end = (settle: () => void): void => {
        if (isOver) return
        isOver = true
        open.delete(giveUp)
        stay()
        cancel()
        free()
        asked?.end()
        settle()
      }
      const giveUp = (error: Error): void => {
        end(() => {
          reject(error)
        })
      }
      const free = queue.enter(operation, () => {
        const begun = (made: AskedOfThread): void => {
          asked = made
          if (isOver) made.end()
        }
        answer({ task, args }, terms, begun).then(result => {
          end(() => {
            resolve(result)
          })
        }, giveUp)
      })
      open.add(giveUp)
      if (signal !== undefined) stay = ending.with(signal, giveUp)
      if (deadline !== undefined)
        cancel = atDeadline(clock, deadline, () => {
          giveUp(tooLate(maxWaitMs))
        })
    })

  await firstPlace.supervised.thread()
  return {
    ask,
    standing: () => ({
      deaths: places.reduce((sum, { supervised }) => sum + supervised.deaths, 0),
      questions: open.size,
      flaw: places.every(({ supervised }) => !supervised.isRunning)
        ? 'Stored events cannot be read now: the thread that reads them has ended and is started again'
        : undefined,
    }),
    close: async () => {
      isClosed = true
      stopWaiting?.()
      for (const giveUp of [...open]) giveUp(closed())
      await Promise.all(
        places.map(async ({ supervised, isIdleUntil }) => {
          isIdleUntil()
          await supervised.end(true)
        }),
      )
    },
  }
}

const closed = (): Error => new EventsUnavailable('The event file is closed')
