/** A thread of the event file, from the outside. */
import { GatewayError } from '../../errors.ts'
import { supervise, type Supervised, type SupervisedOptions } from '../../threads/supervised.ts'
import { startWorkerThread, type WorkerThread } from '../../threads/thread.ts'
import { EventFileError } from '../event-file.ts'
import type { ThreadOptions } from '../tasks.ts'
import { EventsUnavailable } from '../unavailable.ts'
import type { Ask, TaskFailure } from './worker.ts'

/** The thread ended while it worked on what was asked. */
export class ThreadDied extends EventsUnavailable {
  constructor() {
    super('The thread that works on the event file has ended; it is started again')
  }
}

export type Thread = WorkerThread<Ask>

/** What JavaScript may hold in a thread that reads: one that wants more ends, and nothing else does. */
const READING = { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 4 }
/** The one that writes is not to end. */
const WRITING = { maxYoungGenerationSizeMb: 4 }

/**
 * Starts the thread. What it is asked fails with {EventsUnavailable} where SQLite does, and with {ThreadDied} where
 * the thread does. @throws {EventFileError} when the file cannot be used
 */
export const startThread = (options: ThreadOptions): Promise<Thread> =>
  startWorkerThread({
    file: new URL('./worker.ts', import.meta.url),
    name: `events ${options.role}`,
    data: options,
    resourceLimits: options.role === 'read' ? READING : WRITING,
    errorOf,
    died: () => new ThreadDied(),
  })

/** Has it started again whenever it ends. */
export const superviseEventThread = (
  options: Pick<SupervisedOptions<Thread>, 'start' | 'clock' | 'onDeath'>,
): Supervised<Thread> =>
  supervise({
    ...options,
    file: 'event file',
    unavailable: message => new EventsUnavailable(message),
  })

const errorOf = ({ failure, message, refusal, stack }: TaskFailure): Error => {
  if (failure === 'file') return new EventFileError(message)
  if (failure === 'sqlite') return new EventsUnavailable(message)
  if (refusal !== undefined) return new GatewayError(refusal.code, message, refusal.fields)
  return Object.assign(new Error(message), { stack })
}
