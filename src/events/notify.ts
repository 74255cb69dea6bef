/**
 * Notifies listeners of each stored event once, in the order of arrival, whichever process stored it. Numbers are given
 * in the order of commits and without gaps: where one is missing before our own, another process stored it, and it is
 * read from the file first.
 */
import type { Clock } from '../model/clock.ts'
import { createOutage } from '../model/outage.ts'

/** What is stored, by its place in the order of arrival. */
interface Numbered {
  readonly sequence: number
}

/** `own`: this process stored it, and said so. */
export type Listener<Row> = (row: Row, own: boolean) => void

export interface Notifier<Row> {
  /** Calls the listener with what is stored from now on; the returned function ends it. */
  listen(listener: Listener<Row>): () => void
  /** This process has stored the event: listeners hear of it at once, or after those before it. */
  stored(row: Row): void
  /** Something was stored: listeners hear of it once it has been read, which may be a moment later. */
  look(): void
  end(): void
}

/** Makes of a look one that is done no more often than pays, and never once it has ended. */
export type Pace = (look: () => void) => { readonly call: () => void; readonly end: () => void }

export interface NotifierOptions<Row> {
  /** What is stored, in words: `events` where absent. */
  readonly what?: string
  /** The number of the newest event; listeners hear of those after it. */
  readonly newest: number
  /** Stored events after that number, in the order of arrival. */
  readonly after: (sequence: number, limit: number) => Promise<readonly Row[]>
  readonly clock: Clock
  /** How often the file is looked into; 0 where nobody else can write into it. */
  readonly everyMs: number
  /** How often it is looked into where others call for it, or store between what this process does; each time where absent. */
  readonly pace?: Pace | undefined
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

/** Events read at once; a body may have a megabyte. */
const AT_ONCE = 100

export const createNotifier = <Row extends Numbered>(
  options: NotifierOptions<Row>,
): Notifier<Row> => {
  const { what = 'events', clock, everyMs, pace = eachTime } = options
  const outage = createOutage(
    {
      failing: `Stored ${what} could not be followed`,
      over: `Stored ${what} are followed again`,
    },
    options.onProblem,
  )
  const listeners = new Set<Listener<Row>>()
  /** Stored by this process, and not notified yet. */
  const own = new Set<number>()
  /** The sequence of the last event that listeners were notified of. */
  let notified = options.newest
  let reading = false
  let again = false
  let ended = false
  let cancel = (): void => undefined

  const notify = (event: Row): void => {
    notified = event.sequence
    const isOwn = own.delete(event.sequence)
    for (const listener of [...listeners]) listener(event, isOwn)
  }

  const readAll = async (): Promise<void> => {
    do {
      again = false
      const events = await options.after(notified, AT_ONCE)
      if (ended) return
      for (const event of events) notify(event)
      again ||= events.length === AT_ONCE
    } while (again)
  }

  const catchUp = async (): Promise<void> => {
    again = true
    if (reading || ended) return
    reading = true
    try {
      await readAll()
      outage.worked()
    } catch (error) {
      if (!ended) outage.failed(error)
    } finally {
      reading = false
    }
  }

  const looks = pace(() => void catchUp())

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
      return () => listeners.delete(listener)
    },
    stored: event => {
      // It may have been read from the file before the writing thread's answer came.
      if (event.sequence <= notified) return
      own.add(event.sequence)
      if (!reading && event.sequence === notified + 1) notify(event)
      else looks.call()
    },
    look: looks.call,
    end: () => {
      ended = true
      cancel()
      looks.end()
    },
  }
}

const eachTime: Pace = look => ({ call: look, end: () => undefined })
