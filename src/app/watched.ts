/** Figures that are looked up when somebody reads them: how the connectors, the events and the subscriptions fare. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Events } from '../events/events.ts'
import type { Subscriptions } from '../graphql/subscriptions/subscriptions.ts'
import type { Clock } from '../model/clock.ts'
import { type ConnectorView, viewConnector } from '../query/connector-view.ts'
import type { Store } from '../store/store.ts'
import type { Receiver } from '../webhooks/receiver.ts'

/** What is looked at. */
export interface Watched {
  readonly store: Store
  readonly events: Pick<Events, 'size'>
  readonly webhooks: Pick<Receiver, 'counts'>
  readonly subscriptions: Pick<Subscriptions, 'counts'>
  readonly clock: Clock
}

/** How the names of our figures begin. */
export const NAMES = 'pushgraph_'

/** Adds the figures to the registry. */
export const watchAll = (registry: Registry, watched: Watched): void => {
  watchConnectors(registry, watched)
  watchEvents(registry, watched)
  watchSubscriptions(registry, watched)
}

type Set<Label extends string> = (labels: Readonly<Record<Label, string>>, value: number) => void

/** A gauge whose values are looked up when somebody reads them. */
const gauge = <Label extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
  look: (set: Set<Label>) => void | Promise<void>,
): void => {
  new Gauge({
    name: `${NAMES}${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      this.reset()
      await look((labels, value) => {
        this.set(labels, value)
      })
    },
  })
}

/** The same for what only ever grows. */
const sum = <Label extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
  look: (set: Set<Label>) => void,
): void => {
  new Counter({
    name: `${NAMES}${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset()
      look((labels, value) => {
        this.inc(labels, value)
      })
    },
  })
}

const watchConnectors = (registry: Registry, { store, clock }: Watched): void => {
  const views = (): ConnectorView[] =>
    store.aliases.flatMap(alias => {
      const connector = store.connector(alias)
      return connector === undefined ? [] : [viewConnector(connector)]
    })
  const each =
    (value: (view: ConnectorView) => number) =>
    (set: Set<'connector'>): void => {
      for (const view of views()) set({ connector: view.alias }, value(view))
    }
  const ofConnector = ['connector'] as const
  const ofCollection = ['connector', 'collection'] as const

  gauge(
    registry,
    'connector_status',
    'Whether that is how the connector fares: 1 or 0',
    ['connector', 'status'],
    set => {
      for (const { alias, health } of views())
        for (const status of ['OK', 'DEGRADED', 'FAILING'])
          set({ connector: alias, status }, status === health.status ? 1 : 0)
    },
  )
  gauge(
    registry,
    'bucket_tokens',
    'Requests that could go to Push at this moment',
    ofConnector,
    each(({ rateLimit }) => rateLimit.available),
  )
  gauge(
    registry,
    'bucket_rate',
    'Requests a second that are let through now',
    ofConnector,
    each(({ rateLimit }) => rateLimit.limit),
  )
  gauge(
    registry,
    'queue_length',
    'Requests that wait for the limiter',
    ofConnector,
    each(({ rateLimit }) => rateLimit.queued),
  )
  gauge(
    registry,
    'queue_wait_seconds',
    'How long a request would wait that came now',
    ofConnector,
    each(({ rateLimit }) => rateLimit.estimatedWaitMs / 1_000),
  )
  gauge(registry, 'store_rows', 'Rows held in memory', ofCollection, set => {
    for (const { alias, store: held } of views())
      for (const { collection, rows } of held) set({ connector: alias, collection }, rows)
  })
  gauge(
    registry,
    'store_age_seconds',
    'Age of the oldest read that a whole collection rests on',
    ofCollection,
    set => {
      for (const { alias, store: held } of views())
        for (const { collection, asOf } of held)
          if (asOf !== null) set({ connector: alias, collection }, (clock.now() - asOf) / 1_000)
    },
  )
}

const watchEvents = (registry: Registry, { events, webhooks, clock }: Watched): void => {
  sum(
    registry,
    'deliveries_total',
    'Deliveries of webhooks by what became of them',
    ['connector', 'result'],
    set => {
      for (const [connector, counts] of webhooks.counts())
        for (const [kind, count] of counts)
          set({ connector, result: kind.replaceAll(' ', '_') }, count)
    },
  )
  gauge(registry, 'events_stored', 'Webhook events in the file', ['connector'], async set => {
    for (const { connector, events: count } of (await events.size()).stored)
      set({ connector }, count)
  })
  gauge(
    registry,
    'events_oldest_age_seconds',
    'How long ago the oldest stored event arrived',
    ['connector'],
    async set => {
      for (const { connector, oldestAt } of (await events.size()).stored)
        set({ connector }, clock.now() / 1_000 - oldestAt)
    },
  )
  gauge(registry, 'event_file_bytes', 'Bytes that the events take on disk', [], async set => {
    set({}, (await events.size()).bytes)
  })
}

const watchSubscriptions = (registry: Registry, { subscriptions }: Watched): void => {
  gauge(registry, 'subscriptions', 'Subscriptions that are open', [], set => {
    set({}, subscriptions.counts().open)
  })
  gauge(
    registry,
    'subscription_channels',
    'Different questions among the open subscriptions',
    [],
    set => {
      set({}, subscriptions.counts().channels)
    },
  )
  sum(
    registry,
    'subscription_evaluations_total',
    'Events evaluated, once for each question',
    [],
    set => {
      set({}, subscriptions.counts().evaluated)
    },
  )
  sum(
    registry,
    'subscriptions_cut_off_total',
    'Subscriptions ended for taking too slowly',
    [],
    set => {
      set({}, subscriptions.counts().cutOff)
    },
  )
}
