/**
 * Tells listeners of each stored event once, in the order of arrival, whichever process stored it. Numbers are given
 * in the order of commits and without gaps: where one is missing before our own, another process stored it, and it is
 * read from the file first.
 */
import type { Clock } from '../model/clock.ts'
import type { EventRow } from '../model/events.ts'

/** `own`: this process stored it. */
export type Listener = (event: EventRow, own: boolean) => void

export interface Telling {
  /** Told of what is stored from now on; the returned function ends it. */
  listen(listener: Listener): () => void
  /** This process has stored the event: listeners hear of it at once, or after those before it. */
  stored(event: EventRow): void
  end(): void
}

export interface TellingOptions {
  /** The number of the newest event; listeners hear of those after it. */
  readonly newest: number
  /** Stored events after that number, in the order of arrival. */
  readonly after: (sequence: number, limit: number) => Promise<readonly EventRow[]>
  readonly clock: Clock
  /** How often the file is looked into; 0 where nobody else can write into it. */
  readonly everyMs: number
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

/** Events read at once. */
const AT_ONCE = 200

export const createTelling = (options: TellingOptions): Telling => {
  const { clock, everyMs } = options
  const listeners = new Set<Listener>()
  /** Stored by this process, to be told when their turn comes. */
  const own = new Set<number>()
  let told = options.newest
  let reading = false
  let again = false
  let ended = false
  let cancel = (): void => undefined

  const tell = (event: EventRow): void => {
    told = event.sequence
    const isOwn = own.delete(event.sequence)
    for (const listener of [...listeners]) listener(event, isOwn)
  }

  const readAll = async (): Promise<void> => {
    do {
      again = false
      const events = await options.after(told, AT_ONCE)
      if (ended) return
      for (const event of events) tell(event)
      again ||= events.length === AT_ONCE
    } while (again)
  }

  const catchUp = async (): Promise<void> => {
    again = true
    if (reading || ended) return
    reading = true
    try {
      await readAll()
    } catch (error) {
      if (!ended) options.onProblem?.('Stored events could not be followed', error)
    } finally {
      reading = false
    }
  }

  const lookLater = (): void => {
    cancel = clock.after(everyMs, () => {
      void catchUp().then(() => {
        if (!ended) lookLater()
      })
    })
  }
  if (everyMs > 0) lookLater()

  return {
    listen: listener => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    stored: event => {
      // It may have been read from the file before the writing thread's answer came.
      if (event.sequence <= told) return
      own.add(event.sequence)
      if (!reading && event.sequence === told + 1) tell(event)
      else void catchUp()
    },
    end: () => {
      ended = true
      cancel()
    },
  }
}
