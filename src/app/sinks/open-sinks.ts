/** The sinks of the app: what they send of, whose it is, and what they are told of. */
import type { Events } from '../../events/events.ts'
import type { Rights } from '../../model/rights.ts'
import { openSender } from '../../sinks/kinds.ts'
import type { SinkClaims } from '../../sinks/places.ts'
import { createSinks, type Sinks } from '../../sinks/sinks.ts'
import type { SinkStanding } from '../../sinks/standing.ts'
import type { ServedConnectors } from '../connectors.ts'
import type { Setup } from '../setup.ts'
import { inTurnsOf } from '../turns.ts'

export interface SinkParts {
  readonly connectors: Pick<ServedConnectors, 'clients' | 'doubtOf'>
  /** What is stored of the connectors' present tenants. */
  readonly events: Events
  readonly claims: SinkClaims
}

/** None of them sends yet. */
export const openSinks = (setup: Setup, { connectors, events, claims }: SinkParts): Sinks => {
  const { config, clock, turns, say, onProblem, log } = setup
  const sinks = createSinks(config.sinks, {
    lists: events,
    places: events,
    claims,
    clock,
    directory: config.dataDirectory,
    aliases: () => connectors.clients().map(({ alias }) => alias),
    isCertain: async alias => (await connectors.doubtOf(alias)) === undefined,
    open: openSender,
    inTurnOf: sink => inTurnsOf(turns, `(sink ${sink})`),
    say: (level, message) => {
      if (level === 'error') log.error(message)
      else say(level, message)
    },
    onProblem,
  })
  events.onStored(sinks.wake)
  events.onChanged(sinks.wake)
  return sinks
}

/**
 * What a caller of these rights is told of sinks: those that send of a connector that it sees. Who does not see all that one
 * sends is told that it is there, and how it fares.
 */
export const sinksSeenBy = (
  { connectors: seen }: Pick<Rights, 'connectors'>,
  all: readonly SinkStanding[],
): readonly SinkStanding[] =>
  seen === undefined
    ? all
    : all
        .filter(({ connectors: own }) => own?.some(alias => seen.has(alias)) ?? seen.size > 0)
        .map(sink =>
          sink.connectors?.every(alias => seen.has(alias)) === true
            ? sink
            : { ...sink, totals: undefined, lastFailure: undefined },
        )

/** So long behind is worth a word to whoever asks whether the server does its work. */
const LONG_BEHIND_S = 300

/** What is to be known of sinks that are long behind, in sentences. */
export const sinkNotices = (standings: readonly SinkStanding[]): readonly string[] =>
  standings.flatMap(({ name, lagSeconds = 0, lastFailure }) =>
    lagSeconds < LONG_BEHIND_S
      ? []
      : [
          `Sink ${name} is ${Math.floor(lagSeconds / 60)} minutes behind${lastFailure === undefined ? '' : `: ${lastFailure.message}`}`,
        ],
  )
