/** How one sink fares, for people who look. */
import type { Clock } from '../model/clock.ts'
import type { SinkSettings } from '../model/sinks/sink.ts'
import type { Delivered } from './delivery.ts'
import type { PlaceBook } from './place-book.ts'

/** `ELSEWHERE`: another replica, or another process on the same data folder, sends for it. */
export type SinkState = 'OK' | 'FAILING' | 'ELSEWHERE'

export interface SinkStanding {
  readonly name: string
  readonly kind: SinkSettings['kind']
  /** Of which connectors it sends; undefined for all. */
  readonly connectors: readonly string[] | undefined
  readonly state: SinkState
  /** How long ago the oldest was stored that is not sent yet; 0 where nothing waits, undefined where others send. */
  readonly lagSeconds: number | undefined
  /** Items sent, set aside and deleted before they were sent, since the sink began; undefined where others send. */
  readonly totals:
    { readonly sent: number; readonly quarantined: number; readonly lost: number } | undefined
  /** What this process did since its start. */
  readonly counts: {
    readonly sent: number
    readonly quarantined: number
    /** How many of those are not in the quarantine, which was full. */
    readonly unkept: number
    readonly failures: number
  }
  /** Where it stands in each order of what is stored. */
  readonly places: readonly { readonly stream: string; readonly sequence: number }[]
  /** The last failure, with when it was (UNIX milliseconds); undefined where there was none since the start. */
  readonly lastFailure: { readonly message: string; readonly at: number } | undefined
}

/** Figures of a sink that has done nothing yet; `standing` gives them as they are then. */
export const createSinkFigures = (
  { name, kind, connectors }: Pick<SinkSettings, 'name' | 'kind' | 'connectors'>,
  clock: Clock,
) => {
  let state: SinkState = 'OK'
  let book: PlaceBook | undefined
  /** When the oldest that is not sent was stored; undefined where nothing waits. */
  let oldestAt: number | undefined
  let lastFailure: SinkStanding['lastFailure']
  const counts = { sent: 0, quarantined: 0, unkept: 0, failures: 0 }
  const sum = (of: 'sent' | 'quarantined' | 'lost'): number =>
    (book?.all() ?? []).reduce((all, record) => all + record[of], 0)

  return {
    holds: (places: PlaceBook): void => {
      book = places
      state = 'OK'
    },
    isElsewhere: (): void => {
      state = 'ELSEWHERE'
      book = undefined
      oldestAt = undefined
    },
    waiting: (storedAt: number): void => {
      oldestAt = storedAt
    },
    /** `isHeld`: some wait all the same, and nobody knows since when they are stored. */
    caughtUp: (isHeld: boolean): void => {
      oldestAt = isHeld ? (oldestAt ?? clock.now()) : undefined
    },
    delivered: ({ sent, quarantined }: Delivered): void => {
      counts.sent += sent
      counts.quarantined += quarantined
    },
    unkept: (items: number): void => {
      counts.unkept += items
    },
    failed: (message: string): void => {
      state = 'FAILING'
      counts.failures += 1
      lastFailure = { message, at: clock.now() }
    },
    worked: (): void => {
      state = 'OK'
    },
    standing: (): SinkStanding => ({
      ...{ name, kind, connectors, state, lastFailure },
      lagSeconds:
        state === 'ELSEWHERE'
          ? undefined
          : oldestAt === undefined
            ? 0
            : Math.max(0, clock.now() - oldestAt) / 1_000,
      totals: book && { sent: sum('sent'), quarantined: sum('quarantined'), lost: sum('lost') },
      counts: { ...counts },
      places: (book?.all() ?? []).map(({ stream, sequence }) => ({ stream, sequence })),
    }),
  }
}
