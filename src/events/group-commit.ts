/**
 * Gathers what comes in while a commit is under way, so that one wait for the disk serves all of it: the more
 * deliveries, the more of them share it.
 */
import type { Clock } from '../model/clock.ts'
import type { NewEvent } from '../model/events.ts'
import { EventsUnavailable } from './unavailable.ts'
import type { Appended } from './writing.ts'

export interface GroupCommit {
  /**
   * Resolves once the event is on disk, with its sequence; null where it had been there before.
   *
   * @throws {EventsUnavailable} where that took too long: it may be stored all the same
   */
  append(event: NewEvent): Promise<Appended>
  /** Waits for what is under way. */
  drain(): Promise<void>
}

/** Events and bytes of bodies in one transaction. */
const MAX_EVENTS = 1_000
const MAX_CHARACTERS = 8 * 1_048_576

export interface GroupCommitOptions {
  readonly clock: Clock
  /** Milliseconds after which nobody waits for an event to be stored; without a limit where absent. */
  readonly withinMs?: number | undefined
  /** Resolves when the next commit may begin; what comes until then goes along. At once where absent. */
  readonly next?: (() => Promise<void>) | undefined
}

interface Waiting {
  readonly event: NewEvent
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/** `write` stores a list of events, all or none. */
export const createGroupCommit = (
  write: (events: readonly NewEvent[]) => Promise<readonly Appended[]>,
  { clock, withinMs, next }: GroupCommitOptions,
): GroupCommit => {
  /** In the order of arrival. One that waited too long leaves from anywhere, as soon as any other. */
  const queue = new Set<Waiting>()
  let running: Promise<void> | undefined

  const takeBatch = (): Waiting[] => {
    const batch: Waiting[] = []
    let characters = 0
    for (const waiting of queue) {
      characters += waiting.event.body.length
      if (batch.length >= MAX_EVENTS || (batch.length > 0 && characters > MAX_CHARACTERS)) break
      queue.delete(waiting)
      batch.push(waiting)
    }
    return batch
  }

  const store = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const appended = await write(batch.map(({ event }) => event))
      for (const [index, { resolve }] of batch.entries()) resolve(appended[index] ?? null)
    } catch (error) {
      // Something is wrong with one of them, and the others are not to fail with it.
      if (batch.length > 1 && !(error instanceof EventsUnavailable))
        for (const each of batch) await store([each])
      else for (const { reject } of batch) reject(error)
    }
  }

  const run = async (): Promise<void> => {
    while (queue.size > 0) {
      // More would not go along.
      if (queue.size < MAX_EVENTS) await next?.()
      const batch = takeBatch()
      if (batch.length > 0) await store(batch)
    }
    running = undefined
  }

  /** The same, refused once it has waited too long; what is not yet on its way then stays where it is. */
  const inTime = (waiting: Waiting): Waiting => {
    if (withinMs === undefined) return waiting
    const stop = clock.after(withinMs, () => {
      queue.delete(timed)
      waiting.reject(new EventsUnavailable('The event could not be stored in time'))
    })
    const timed: Waiting = {
      event: waiting.event,
      resolve: appended => {
        stop()
        waiting.resolve(appended)
      },
      reject: error => {
        stop()
        waiting.reject(error)
      },
    }
    return timed
  }

  return {
    append: event =>
      new Promise((resolve, reject) => {
        queue.add(inTime({ event, resolve, reject }))
        // What arrives in the same turn of the event loop goes along.
        running ??= Promise.resolve().then(run)
      }),
    drain: async () => {
      await running
    },
  }
}
