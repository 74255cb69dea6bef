/** The thread of the kept answers, from the outside: started again whenever it ends, and never waited for too long. */
import type { Clock } from '../model/clock.ts'
import { supervise } from '../threads/supervised.ts'
import { startWorkerThread, type WorkerThread } from '../threads/thread.ts'
import { AnswersAway, AnswersUnavailable } from './contract.ts'
import type { AnswersKeeper } from './keeper.ts'
import type { AnswersNote, AnswersTasks, AnswersThreadOptions } from './tasks.ts'
import type { AnswersAsk, AnswersFailure, AnswersReply } from './worker.ts'

export interface AnswersThreadEvents {
  readonly onNote: (note: AnswersNote) => void
  readonly onDeath: (error: Error) => void
}

/** What JavaScript may hold in it: one that wants more ends, and nothing else does. */
const MOST_MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4 }

/** Starts the thread at once, without waiting for it. */
export const openAnswersThread = (
  options: AnswersThreadOptions,
  clock: Clock,
  { onNote, onDeath }: AnswersThreadEvents,
): AnswersKeeper => {
  /** Why the file cannot be used: such a thread ends, and that may be met first. */
  let flaw: string | undefined
  const errorOf = (failure: AnswersFailure): Error => {
    if (failure.failure === 'file') flaw = failure.message
    return errorOfFailure(failure)
  }
  const supervised = supervise<WorkerThread<AnswersAsk>>({
    start: () =>
      startWorkerThread({
        file: new URL('./worker.ts', import.meta.url),
        name: 'answers',
        data: options,
        resourceLimits: MOST_MEMORY,
        errorOf,
        died: () =>
          new AnswersAway(
            'The thread that works on the kept answers has ended; it is started again',
          ),
      }),
    clock,
    file: 'file of kept answers',
    unavailable: message => new AnswersAway(message),
    onDeath: error => {
      onDeath(flaw === undefined ? error : new AnswersAway(flaw))
      flaw = undefined
    },
  })
  // Its failure is told to `onDeath`.
  void supervised.thread().catch(() => undefined)

  return {
    ask: async <Name extends keyof AnswersTasks>(
      task: Name,
      ...args: Parameters<AnswersTasks[Name]>
    ) => {
      const thread = await supervised.thread()
      const { value, notes } = (await thread.ask({ task, args }).answer) as AnswersReply
      for (const note of notes) onNote(note)
      return value as ReturnType<AnswersTasks[Name]>
    },
    isFailing: () => supervised.isFailing,
    deaths: () => supervised.deaths,
    close: () => supervised.end(true),
  }
}

const errorOfFailure = ({ failure, message, stack }: AnswersFailure): Error => {
  if (failure === 'bug') return Object.assign(new Error(message), { stack })
  // A file that cannot be used ends the thread.
  return failure === 'file' ? new AnswersAway(message) : new AnswersUnavailable(message)
}
