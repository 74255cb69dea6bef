/** Figures that are looked up when somebody reads them: how the connectors, the events and the subscriptions fare. */
import { getHeapStatistics } from 'node:v8'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { KeptAnswers } from '../answers/contract.ts'
import type { Events } from '../events/events.ts'
import type { SubscriptionCounts, Subscriptions } from '../graphql/subscriptions/subscriptions.ts'
import type { Admission, AdmissionCounts } from '../http/admission/admission.ts'
import type { AuditLog } from '../http/logging/audit.ts'
import type { Server } from '../http/server.ts'
import type { Clock } from '../model/clock.ts'
import type { Database } from '../postgres/connecting/database.ts'
import { ConnectorView } from '../query/connector-view.ts'
import type { RateLimitState, Store } from '../store/store.ts'
import type { Sinks } from '../sinks/sinks.ts'
import type { Receiver } from '../webhooks/receiver.ts'
import { watchSinks } from './figures/watch-sinks.ts'
import { watchFigure } from './figures/watch-figure.ts'

/** What is looked at. */
export interface Watched {
  readonly store: Store
  readonly events: Pick<Events, 'sizeSoon' | 'threads'>
  readonly webhooks: Pick<Receiver, 'counts'>
  readonly subscriptions: Pick<Subscriptions, 'counts'>
  readonly admission: Pick<Admission, 'counts'>
  /** Callers refused so far since they did not prove who they are, by why. */
  readonly refusedCallers: Server['refusedCallers']
  readonly audit: Pick<AuditLog, 'state'> | undefined
  /** Undefined where none are kept. */
  readonly answers: Pick<KeptAnswers, 'usage'> | undefined
  /** Undefined where no database is shared. */
  readonly database: Pick<Database, 'standing'> | undefined
  readonly sinks: Pick<Sinks, 'standings'>
  readonly clock: Clock
}

/** Adds the figures to the registry. `beyond`: how many operations went beyond a limit so far, by its name. */
export const watchAll = (
  registry: Registry,
  watched: Watched,
  beyond: ReadonlyMap<string, number>,
): void => {
  watchConnectors(registry, watched)
  watchEvents(registry, watched)
  watchAnswers(registry, watched)
  watchSubscriptions(registry, watched)
  watchAdmission(registry, watched, beyond)
  const limitHelp = 'What the heap may grow to: beyond it the process ends'
  watchFigure(registry, Gauge, 'heap_limit_bytes', limitHelp, [], set => {
    set({}, getHeapStatistics().heap_size_limit)
  })
  watchAudit(registry, watched)
  watchDatabase(registry, watched)
  watchSinks(registry, watched.sinks)
}

/** The figures of a connector's limiter. */
const ofLimit: readonly (readonly [string, string, (limit: RateLimitState) => number])[] = [
  ['bucket_tokens', 'Requests that could go to Push at this moment', limit => limit.available],
  ['bucket_rate', 'Requests a second that are let through now', limit => limit.limit],
  ['queue_length', 'Requests that wait for the limiter', limit => limit.queued],
  [
    'queue_wait_seconds',
    'How long a request would wait that came now',
    limit => limit.estimatedWaitMs / 1_000,
  ],
]

const watchConnectors = (registry: Registry, { store, clock }: Watched): void => {
  const views = (): ConnectorView[] =>
    [...store.connectors.values()].map(connector => new ConnectorView(connector))

  watchFigure(
    registry,
    Gauge,
    'connector_status',
    'Whether that is how the connector fares: 1 or 0',
    ['connector', 'status'],
    set => {
      for (const view of views())
        for (const status of ['OK', 'DEGRADED', 'FAILING'])
          set({ connector: view.alias, status }, status === view.health().status ? 1 : 0)
    },
  )
  for (const [name, help, read] of ofLimit)
    watchFigure(registry, Gauge, name, help, ['connector'], set => {
      for (const view of views()) set({ connector: view.alias }, read(view.rateLimit()))
    })
  const labels = ['connector', 'collection'] as const
  watchFigure(registry, Gauge, 'store_rows', 'Rows held in memory', labels, set => {
    for (const view of views())
      for (const { collection, rows } of view.collections())
        set({ connector: view.alias, collection }, rows)
  })
  const followedHelp = 'Whether webhooks keep a collection up to date: 1 or 0'
  watchFigure(registry, Gauge, 'store_followed', followedHelp, labels, set => {
    for (const view of views())
      for (const { collection, followed } of view.collections())
        set({ connector: view.alias, collection }, followed ? 1 : 0)
  })
  const driftHelp = 'Objects that reads found to be otherwise than webhooks had told'
  const driftLabels = ['connector', 'collection', 'kind'] as const
  watchFigure(registry, Counter, 'store_drift_total', driftHelp, driftLabels, set => {
    for (const view of views())
      for (const { collection } of view.collections())
        for (const [kind, count] of view.drift(collection))
          set({ connector: view.alias, collection, kind }, count)
  })
  const ageHelp = 'Age of the oldest read that a whole collection rests on'
  watchFigure(registry, Gauge, 'store_age_seconds', ageHelp, labels, set => {
    for (const view of views())
      for (const { collection, asOf } of view.collections())
        if (asOf !== null) set({ connector: view.alias, collection }, (clock.now() - asOf) / 1_000)
  })
}

const watchEvents = (registry: Registry, { store, events, webhooks, clock }: Watched): void => {
  // Events and deliveries outlive the connectors that they came for; '' stands for those that never were.
  const isServed = (connector: string): boolean =>
    connector === '' || store.connectors.has(connector)
  const stored = async () =>
    ((await events.sizeSoon())?.stored ?? []).filter(({ connector }) => isServed(connector))

  const deliveriesHelp = 'Deliveries of webhooks by what became of them'
  watchFigure(
    registry,
    Counter,
    'deliveries_total',
    deliveriesHelp,
    ['connector', 'result'],
    set => {
      for (const [connector, counts] of webhooks.counts())
        for (const [kind, count] of isServed(connector) ? counts : [])
          set({ connector, result: kind.replaceAll(' ', '_') }, count)
    },
  )
  const storedHelp = 'Webhook events in the file'
  watchFigure(registry, Gauge, 'events_stored', storedHelp, ['connector'], async set => {
    for (const { connector, events: count } of await stored()) set({ connector }, count)
  })
  const ageHelp = 'How long ago the oldest stored event arrived'
  watchFigure(registry, Gauge, 'events_oldest_age_seconds', ageHelp, ['connector'], async set => {
    for (const { connector, oldestAt } of await stored())
      set({ connector }, clock.now() / 1_000 - oldestAt)
  })
  const bytesHelp = 'Bytes that the events take on disk'
  watchFigure(registry, Gauge, 'event_file_bytes', bytesHelp, [], async set => {
    const size = await events.sizeSoon()
    if (size !== undefined) set({}, size.bytes)
  })
  const questionsHelp = 'Questions about stored events that wait or are worked on'
  watchFigure(registry, Gauge, 'event_questions', questionsHelp, [], set => {
    set({}, events.threads().questions)
  })
  const restartsHelp =
    'Threads that read or write stored events and ended by themselves; each was started again'
  watchFigure(registry, Counter, 'event_thread_restarts_total', restartsHelp, [], set => {
    set({}, events.threads().deaths)
  })
}

const watchAnswers = (registry: Registry, { answers }: Watched): void => {
  const countHelp = "Push's answers that are kept in the data folder"
  watchFigure(registry, Gauge, 'kept_answers', countHelp, ['connector'], async set => {
    for (const [connector, usage] of (await answers?.usage()) ?? [])
      set({ connector }, usage.answers)
  })
  const bytesHelp = 'Bytes that they take there, compressed'
  watchFigure(registry, Gauge, 'kept_answer_bytes', bytesHelp, ['connector', 'path'], async set => {
    for (const [connector, { bytesOf }] of (await answers?.usage()) ?? [])
      for (const [path, bytes] of bytesOf) set({ connector, path }, bytes)
  })
}

const ofSubscriptions: readonly (readonly [
  typeof Gauge | typeof Counter,
  string,
  string,
  keyof SubscriptionCounts,
])[] = [
  [Gauge, 'subscriptions', 'Subscriptions that are open', 'open'],
  [Gauge, 'subscription_channels', 'Different questions among the open subscriptions', 'channels'],
  [
    Counter,
    'subscription_evaluations_total',
    'Events evaluated, once for each question',
    'evaluated',
  ],
  [Counter, 'subscriptions_cut_off_total', 'Subscriptions ended for taking too slowly', 'cutOff'],
]

const watchSubscriptions = (registry: Registry, { subscriptions }: Watched): void => {
  for (const [Kind, name, help, count] of ofSubscriptions)
    watchFigure(registry, Kind, name, help, [], set => set({}, subscriptions.counts()[count]))
}

const ofAdmission: readonly (readonly [
  string,
  string,
  Exclude<keyof AdmissionCounts, 'refused' | 'subscriptions'>,
])[] = [
  ['operations_running', 'Operations that run now', 'running'],
  ['operations_waiting', 'Operations that wait for their turn', 'waiting'],
  ['sockets', 'Open connections', 'sockets'],
  ['unread_bytes', 'Bytes of answers that are being made or wait for their readers', 'unreadBytes'],
  ['body_bytes', 'Bytes of bodies that did not come whole yet or wait for their turn', 'bodyBytes'],
]

const watchAdmission = (
  registry: Registry,
  { admission, refusedCallers }: Watched,
  beyond: ReadonlyMap<string, number>,
): void => {
  for (const [name, help, count] of ofAdmission)
    watchFigure(registry, Gauge, name, help, [], set => set({}, admission.counts()[count]))
  const refusedHelp = 'Requests and operations refused, and connections ended, by the limit'
  watchFigure(registry, Counter, 'limited_total', refusedHelp, ['limit'], set => {
    for (const [limit, count] of [...admission.counts().refused, ...beyond]) set({ limit }, count)
  })
  const unprovedHelp =
    'Requests and WebSockets refused since their callers did not prove who they are, or lack a scope'
  watchFigure(registry, Counter, 'unauthenticated_total', unprovedHelp, ['reason'], set => {
    for (const [reason, count] of refusedCallers()) set({ reason }, count)
  })
}

const watchAudit = (registry: Registry, { audit }: Watched): void => {
  const failingHelp = 'Whether the audit log cannot be written now: 1 or 0'
  watchFigure(registry, Gauge, 'audit_failing', failingHelp, [], set => {
    set({}, audit?.state().isFailing === true ? 1 : 0)
  })
  const lostHelp = 'Lines of the audit log that were lost, since too many waited to be written'
  watchFigure(registry, Counter, 'audit_lost_lines_total', lostHelp, [], set => {
    set({}, audit?.state().lost ?? 0)
  })
}

const watchDatabase = (registry: Registry, { database }: Watched): void => {
  const look = () => database?.standing()
  const failingHelp = '1 while the database that replicas share does not answer, else 0'
  watchFigure(registry, Gauge, 'database_failing', failingHelp, [], set => {
    set({}, look()?.isReachable === false ? 1 : 0)
  })
  const tookHelp = 'How long the shared database took for its last sign of life'
  watchFigure(registry, Gauge, 'database_answer_seconds', tookHelp, [], set => {
    set({}, (look()?.tookMs ?? 0) / 1_000)
  })
  const offsetHelp = "By how much the shared database's clock is ahead of this machine's"
  watchFigure(registry, Gauge, 'database_clock_offset_seconds', offsetHelp, [], set => {
    set({}, (look()?.offsetMs ?? 0) / 1_000)
  })
  const replicasHelp =
    'Replicas that share the database and gave a sign of life lately; 0 without one, absent while it does not answer'
  watchFigure(registry, Gauge, 'database_replicas', replicasHelp, [], set => {
    const standing = look()
    // Who is alive is known to the database alone.
    if (standing?.isReachable === false) return
    set({}, standing === undefined ? 0 : standing.others + 1)
  })
  const openHelp = 'Open connections to the shared database, by what they are for'
  watchFigure(registry, Gauge, 'database_connections', openHelp, ['use'], set => {
    for (const [use, { open }] of Object.entries(look()?.connections ?? {})) set({ use }, open)
  })
  const waitingHelp = 'Questions that wait for a connection to the shared database'
  watchFigure(registry, Gauge, 'database_waiting', waitingHelp, ['use'], set => {
    for (const [use, { waiting }] of Object.entries(look()?.connections ?? {}))
      set({ use }, waiting)
  })
}
