/** The parts that an app consists of below the graph, opened in turn: files, clients and rows of the connectors, webhooks. */
import { join } from 'node:path'
import type { Config, ConnectorConfig } from '../config/config.ts'
import { type Events, openEvents } from '../events/events.ts'
import type { AppLog } from '../http/logging/log.ts'
import type { Clock } from '../model/clock.ts'
import type { EventRow } from '../model/events.ts'
import { createStore, type Store } from '../store/store.ts'
import { createClient, type UpstreamClient } from '../upstream/client.ts'
import type { UpstreamEvent, UpstreamLog } from '../upstream/contract/events.ts'
import { openState, type State } from '../upstream/state/state.ts'
import { changeOf } from '../webhooks/follow.ts'
import { createReceiver, type Receiver } from '../webhooks/receiver.ts'
import type { Metrics } from './metrics.ts'

/** What the parts are made with. */
export interface Setup {
  readonly config: Config
  readonly log: AppLog
  readonly clock: Clock
  readonly readAgain: (() => Config) | undefined
  /** Hears how to close each thing that is opened, should a later one fail. */
  readonly opens: (close: () => Promise<void> | void) => void
  readonly say: UpstreamLog
  /** Hears what fails where nobody waits for it; without an error, that it works again. */
  readonly onProblem: (message: string, error: unknown) => void
}

/** The demo tenant is another one at each start: what was learnt of the last has no meaning for it. */
export const openFiles = async (
  { config, log, clock, opens, say, onProblem }: Setup,
  isDemo: boolean,
): Promise<{ state: State; events: Events }> => {
  const pathOf = (name: string): string => (isDemo ? ':memory:' : join(config.dataDirectory, name))
  const state = openState(pathOf('state.db'), { clock, log: say })
  opens(state.close)
  const { retentionDays } = config
  const path = pathOf('events.db')
  const events = await openEvents({
    path,
    retentionDays,
    clock,
    onProblem,
    say: (level, message) => log[level](message),
  })
  opens(events.close)
  return { state, events }
}

export interface ConnectedClient {
  readonly alias: string
  readonly client: UpstreamClient
}

/** A client for each connector, and the store of the rows that they read. */
export const openConnectors = (
  { config, log, clock, opens, say, onProblem }: Setup,
  connectors: readonly ConnectorConfig[],
  state: State,
  metrics: Metrics,
): { clients: readonly ConnectedClient[]; store: Store; requestsMade: () => number } => {
  let requests = 0
  const clients = connectors.map(({ alias, url, key, rate, burst }) => {
    const onEvent = (event: UpstreamEvent): void => {
      log.debug({ connector: alias, ...event }, 'upstream')
      metrics.upstream(alias, event)
      if (event.kind === 'request') requests += 1
    }
    const client = createClient({ alias, url, key, rate, burst, state, clock, log: say, onEvent })
    return { alias, client }
  })
  const store = createStore({
    connectors: clients.map(({ alias, client }) => ({ alias, client, sizes: client.sizes })),
    clock,
    maxBytes: config.maxMemoryBytes,
    refresh: config.refresh,
    onProblem,
  })
  opens(store.close)
  return { clients, store, requestsMade: () => requests }
}

/** What takes deliveries. The rows follow each event, be it stored here or by another process on the same folder. */
export const receiveWebhooks = (
  { clock, onProblem }: Setup,
  connectors: readonly ConnectorConfig[],
  events: Events,
  store: Store,
): Receiver => {
  const follow = (event: EventRow, happenedAt: number): void => {
    const change = changeOf(event, happenedAt)
    if (change !== undefined) store.connector(event.connector)?.follow(change)
  }
  events.onStored((event, own) => {
    if (!own) follow(event, event.receivedAt * 1_000)
  })
  const secrets = new Map(connectors.map(({ alias, webhookSecrets }) => [alias, webhookSecrets]))
  return createReceiver({ secrets, events, clock, onStored: follow, onProblem })
}
