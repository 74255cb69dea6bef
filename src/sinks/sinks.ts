/** All sinks of a server: begun when it listens, put in place of others when the settings change, ended with it. */
import type { Clock } from '../model/clock.ts'
import type { SinkReceiver } from '../model/sinks/receiver.ts'
import type { SinkSettings } from '../model/sinks/sink.ts'
import type { SinkClaims, SinkPlaceKeeper } from './places.ts'
import { quarantineIn, quarantineOf } from './quarantine.ts'
import type { Sender } from './sender.ts'
import { type RunningSink, type SinkOptions, startSink } from './sink.ts'
import { createSinkSource, type SinkLists } from './source.ts'
import type { SinkStanding } from './standing.ts'

export interface SinksOptions extends Pick<SinkOptions, 'isCertain' | 'say' | 'onProblem'> {
  readonly lists: SinkLists
  readonly places: SinkPlaceKeeper
  readonly claims: SinkClaims
  readonly clock: Clock
  /** The data folder, where the quarantines are. */
  readonly directory: string
  /** Aliases of the connectors that are served now. */
  readonly aliases: () => readonly string[]
  readonly open: (receiver: SinkReceiver, clock: Clock) => Sender
  /** Takes a step of that sink when others have had their turns. */
  readonly inTurnOf: (sink: string) => <Result>(step: () => Result) => Promise<Result>
}

export interface Sinks {
  /** Sends from now on. */
  begin(): void
  /** Has these in place of those before; what became of them, by name. Those whose settings are the same go on. */
  replace(settings: readonly SinkSettings[]): SinkChanges
  /** Something was stored. */
  wake(): void
  standings(): readonly SinkStanding[]
  /** Ends; what is under way has `withinMs` to be accepted. */
  close(withinMs: number): Promise<void>
}

export interface SinkChanges {
  readonly newSinks: readonly string[]
  readonly goneSinks: readonly string[]
  /** Of other settings. */
  readonly otherSinks: readonly string[]
}

/** One that is put in place of another waits so long for what that one has under way. */
const REPLACED_MS = 5_000

/** None of them sends yet. */
export const createSinks = (first: readonly SinkSettings[], options: SinksOptions): Sinks => {
  const running = new Map<string, RunningSink>()
  /** Ends of those before, which hold what the next ones need. */
  const ending = new Map<string, Promise<void>>()
  let wanted = new Map(first.map(settings => [settings.name, settings]))
  let isBegun = false
  let isClosed = false

  const start = (settings: SinkSettings): void => {
    const { lists, clock, inTurnOf, directory, aliases, open } = options
    const { name, connectors } = settings
    running.set(
      name,
      startSink({
        ...options,
        settings,
        sender: open(settings.receiver(), clock),
        source: signal => createSinkSource({ settings, lists, inTurn: inTurnOf(name), signal }),
        quarantine: quarantineIn(quarantineOf(directory, name), clock),
        connectors: () => aliases().filter(alias => connectors?.includes(alias) ?? true),
      }),
    )
  }

  const end = (name: string): void => {
    const closing = running.get(name)?.close(REPLACED_MS) ?? Promise.resolve()
    running.delete(name)
    ending.set(
      name,
      Promise.all([ending.get(name), closing])
        .then(() => {
          const settings = wanted.get(name)
          if (settings !== undefined && isBegun && !isClosed && !running.has(name)) start(settings)
        })
        .catch((error: unknown) => {
          options.onProblem(`Sink ${name} could not be put in place of the one before`, error)
        }),
    )
  }

  return {
    begin: () => {
      isBegun = true
      for (const settings of wanted.values()) start(settings)
    },
    replace: next => {
      const before = wanted
      wanted = new Map(next.map(settings => [settings.name, settings]))
      const isSame = ({ name, settingsId }: SinkSettings): boolean =>
        before.get(name)?.settingsId === settingsId
      const others = next.filter(settings => before.has(settings.name) && !isSame(settings))
      const gone = [...before.keys()].filter(name => !wanted.has(name))
      const added = next.filter(({ name }) => !before.has(name))
      if (isBegun)
        for (const name of [...gone, ...[...others, ...added].map(of => of.name)]) end(name)
      return {
        newSinks: added.map(({ name }) => name),
        goneSinks: gone,
        otherSinks: others.map(({ name }) => name),
      }
    },
    wake: () => {
      for (const sink of running.values()) sink.wake()
    },
    standings: () => [...running.values()].map(sink => sink.standing()),
    close: async withinMs => {
      isClosed = true
      await Promise.all([
        ...[...running.values()].map(sink => sink.close(withinMs)),
        ...ending.values(),
      ])
    },
  }
}
