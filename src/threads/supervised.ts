/**
 * A thread that is started again whenever it ends by itself: at once the first time, later and later where it ends
 * again and again, and it is never given up.
 */
import type { Clock } from '../model/clock.ts'

export interface SupervisedThread {
  close(): Promise<void>
  /** Resolves once the thread has ended. */
  readonly ended: Promise<unknown>
}

export interface Supervised<Thread extends SupervisedThread> {
  /** The thread once it works. @throws what `unavailable` makes where it is not to be waited for */
  thread(): Promise<Thread>
  /** Whether it has been started and has not ended since. */
  readonly isRunning: boolean
  /** Whether it ended by itself, or could not be started, and is not yet there again. */
  readonly isFailing: boolean
  /** How often it has ended by itself. */
  readonly deaths: number
  /** Closes it; it is not started again, unless it is asked for and `forGood` is false. */
  end(forGood: boolean): Promise<void>
}

export interface SupervisedOptions<Thread extends SupervisedThread> {
  readonly start: () => Promise<Thread>
  readonly clock: Clock
  /** What it works on, such as `event file`. */
  readonly file: string
  readonly unavailable: (message: string) => Error
  readonly onDeath?: (error: Error) => void
}

/** A thread that has worked for so long is started again at once. */
const LONG_MS = 60_000
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
/** Who asks waits for a start that is no further off. */
const WAITED_MS = 1_000

/** Starts no thread before one is asked for. */
export const supervise = <Thread extends SupervisedThread>({
  start,
  clock,
  file,
  unavailable,
  onDeath,
}: SupervisedOptions<Thread>): Supervised<Thread> => {
  let current: Thread | undefined
  let starting: Promise<Thread> | undefined
  let deaths = 0
  let inARow = 0
  let notBefore = 0
  let isOver = false
  let cancel = (): void => undefined

  const died = (lived: number, what: string): void => {
    current = undefined
    deaths += 1
    inARow = lived > LONG_MS ? 1 : inARow + 1
    const pauseMs =
      inARow === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inARow - 2))
    notBefore = clock.now() + pauseMs
    onDeath?.(new Error(what))
    cancel = clock.after(pauseMs, () => {
      begin().catch(() => undefined)
    })
  }

  const begin = (): Promise<Thread> => {
    if (isOver) return Promise.reject(unavailable(`The ${file} is closed`))
    if (current !== undefined) return Promise.resolve(current)
    if (starting !== undefined) return starting
    const beginning = start().then(
      thread => {
        const from = clock.now()
        current = thread
        starting = undefined
        void thread.ended.then(() => {
          if (current === thread) died(clock.now() - from, `A thread of the ${file} has ended`)
        })
        return thread
      },
      (error: unknown) => {
        starting = undefined
        if (!isOver) died(0, error instanceof Error ? error.message : 'It could not be started')
        throw error
      },
    )
    starting = beginning
    return beginning
  }

  return {
    thread: async () => {
      const waitMs = notBefore - clock.now()
      const isThereOrOver = current !== undefined || starting !== undefined || isOver
      if (isThereOrOver || waitMs <= 0) return begin()
      if (waitMs > WAITED_MS) throw unavailable(`The ${file} cannot be read now`)
      await new Promise<void>(resolve => clock.after(waitMs, resolve))
      return begin()
    },
    get isRunning() {
      return current !== undefined
    },
    get isFailing() {
      return current === undefined && deaths > 0 && !isOver
    },
    get deaths() {
      return deaths
    },
    end: async forGood => {
      isOver = forGood
      cancel()
      const thread = current ?? (await starting?.catch(() => undefined))
      current = undefined
      starting = undefined
      await thread?.close()
    },
  }
}
