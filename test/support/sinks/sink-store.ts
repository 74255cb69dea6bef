/** What a sink is started with in tests: real stores of both kinds, and time that passes faster. */
import { join } from 'node:path'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import type { SinkSettings } from '../../../src/model/sinks/sink.ts'
import { createSinkDuties } from '../../../src/postgres/events/sink-rows.ts'
import { alwaysOurs, type SinkClaims } from '../../../src/sinks/places.ts'
import { quarantineIn, quarantineOf } from '../../../src/sinks/quarantine.ts'
import type { Sender } from '../../../src/sinks/sender.ts'
import { type RunningSink, type SinkOptions, startSink } from '../../../src/sinks/sink.ts'
import { createSinkSource } from '../../../src/sinks/source.ts'
import { openSharedEvents } from '../shared-events.ts'

export interface SinkStore {
  readonly events: Events
  /** Those of another process or replica each. */
  readonly claims: () => Promise<{ readonly claims: SinkClaims; readonly events: Events }>
  close(): Promise<void>
}

export const sinkStores: Readonly<Record<string, (folder: string) => Promise<SinkStore>>> = {
  SQLite: async folder => {
    const path = join(folder, 'events.db')
    const events = await openEvents({ path, retentionDays: 90, clock: systemClock })
    return {
      events,
      claims: () => Promise.resolve({ claims: alwaysOurs, events }),
      close: events.close,
    }
  },
  PostgreSQL: async () => {
    const shared = await openSharedEvents(undefined, { retentionDays: 90 })
    return {
      events: shared.events,
      claims: () =>
        Promise.resolve({ claims: createSinkDuties(shared.database), events: shared.events }),
      close: shared.close,
    }
  },
}

/** A hundred times as fast, and with chance of its own; nothing takes longer than `mostMs` of its time. */
export const quickClock = (random: () => number, mostMs = Infinity): Clock => ({
  now: systemClock.now,
  random,
  after: (ms, callback) => systemClock.after(Math.min(mostMs, ms) / 100, callback),
})

export const sinkSettings = (given: Partial<SinkSettings> = {}): SinkSettings => ({
  name: 'siem',
  kind: 'file',
  receiver: () => ({ kind: 'file', path: '/nowhere' }),
  send: ['events', 'changes'],
  types: undefined,
  connectors: undefined,
  ocsf: '1.8.0',
  since: 'beginning',
  batch: { items: 20, bytes: 1_000_000 },
  settingsId: '1',
  ...given,
})

export interface Started {
  readonly store: { readonly claims: SinkClaims; readonly events: Events }
  readonly sender: Sender
  readonly folder: string
  /** One that is a hundred times as quick, and without chance, where absent. */
  readonly clock?: Clock
  readonly settings?: SinkSettings
  readonly more?: Partial<SinkOptions>
}

/** Starts the sink, which hears of what is stored. */
export const startSinkOn = ({
  store: { claims, events },
  sender,
  folder,
  clock = quickClock(() => 0),
  settings = sinkSettings(),
  more,
}: Started): RunningSink => {
  // By so quick a clock it would be left before it is written down what was taken.
  const moves = new Set<Promise<boolean>>()
  const sink = startSink({
    settings,
    sender,
    source: signal =>
      createSinkSource({ settings, lists: events, inTurn: async step => step(), signal }),
    places: {
      sinkPlaces: events.sinkPlaces,
      moveSink: (...move) => {
        const moved = events.moveSink(...move)
        moves.add(moved)
        return moved
      },
    },
    claims: {
      ...claims,
      leave: async name => {
        await Promise.allSettled(moves)
        await claims.leave(name)
      },
    },
    quarantine: quarantineIn(quarantineOf(folder, settings.name), clock),
    connectors: () => ['acme', 'globex'],
    isCertain: () => Promise.resolve(true),
    clock,
    say: () => undefined,
    onProblem: () => undefined,
    ...more,
  })
  const deaf = [events.onStored(sink.wake), events.onChanged(sink.wake)]
  return {
    ...sink,
    close: async withinMs => {
      for (const end of deaf) end()
      await sink.close(withinMs)
    },
  }
}
