/** Wires the rooms together; the only file that knows every concrete part. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionResult } from 'graphql'
import { checkConnector, type CheckedList } from './app/check.ts'
import { createMetrics } from './app/metrics.ts'
import { createParts, type ExportOrder } from './app/export-parts.ts'
import { openTenants } from './app/tenants.ts'
import type { Config } from './config/config.ts'
import { startTrickle } from './demo/webhooks.ts'
import { openEvents } from './events/events.ts'
import type { ExportPart } from './export/part.ts'
import { createAnswering } from './graphql/operation/lifecycle.ts'
import { createCacheability } from './graphql/operation/cacheability.ts'
import { createContext, planWishOf, type Context } from './graphql/context.ts'
import { createDirect } from './graphql/operation/direct.ts'
import { createCheckLimits, createCheckText, withStatus } from './graphql/analysis/limits.ts'
import { readOnce } from './graphql/analysis/variables.ts'
import { pushgraphPlugin } from './graphql/operation/plugin.ts'
import { resolvers } from './graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from './graphql/schema/schema.ts'
import { createSubscriptions } from './graphql/subscriptions/subscriptions.ts'
import { agesOf } from './http/answering/cache-control.ts'
import type { GraphRequest } from './http/apollo/contexts.ts'
import { renamedTabs } from './http/pages/graphiql-tabs.ts'
import type { AppLog } from './http/logging/log.ts'
import { createServer, type InProcessRequest } from './http/server.ts'
import { openRequest } from './loaders/open-request.ts'
import { systemClock, type Clock } from './model/clock.ts'
import type { EventRow } from './model/events.ts'
import { createStore } from './store/store.ts'
import { createClient } from './upstream/client.ts'
import { openState } from './upstream/state/state.ts'
import { changeOf } from './webhooks/follow.ts'
import { createReceiver } from './webhooks/receiver.ts'

export type { CheckedList } from './app/check.ts'
export type { ExportOrder } from './app/export-parts.ts'

export interface Learnt {
  readonly connector: string
  readonly name: string
  readonly verdict: string
}

export interface PushgraphApp {
  /** The demo tenant is served, for want of a key. */
  readonly isDemo: boolean
  readonly aliases: readonly string[]
  /** Listens where the settings say, and tells the address: `http://host:port`. */
  listen(): Promise<string>
  /** The answer to one operation, without HTTP. */
  execute(operation: InProcessRequest): Promise<ExecutionResult>
  /** What each connector's key may do, list by list. */
  check(): AsyncIterable<CheckedList>
  /** What an export consists of, a part for each connector and type; nothing is read before the parts are. */
  parts(order: ExportOrder): readonly ExportPart[]
  /** What is known of each connector's API where Push's documentation is silent. */
  learnt(): readonly Learnt[]
  /** Lets running answers finish for `withinMs`, then ends everything. */
  stop(withinMs: number): Promise<void>
}

const graphiqlDirectory = fileURLToPath(new URL('../build/graphiql', import.meta.url))

/**
 * The app of these settings. It makes no request and does not listen yet.
 *
 * @throws {StateError} when the state of the data folder cannot be used
 * @throws {EventFileError} when the webhook events there cannot be used
 */
export const createApp = async (
  config: Config,
  log: AppLog,
  clock: Clock = systemClock,
): Promise<PushgraphApp> => {
  const opened: (() => Promise<void> | void)[] = []
  try {
    return await assemble(config, log, clock, close => opened.push(close))
  } catch (error) {
    // What is open already would keep the process alive.
    await Promise.allSettled(opened.map(async close => close()))
    throw error
  }
}

/** The same; `opens` is told how to close each thing that is opened, should a later one fail. */
const assemble = async (
  config: Config,
  log: AppLog,
  clock: Clock,
  opens: (close: () => Promise<void> | void) => void,
): Promise<PushgraphApp> => {
  const { connectors, standIn } = await openTenants(config)
  if (standIn !== undefined) opens(standIn.close)
  const say = (level: 'info' | 'warn', message: string): void => {
    log[level](message)
  }

  // The demo tenant is another one at each start: what was learnt of the last has no meaning for it.
  const state = openState(
    standIn === undefined ? join(config.dataDirectory, 'state.db') : ':memory:',
    {
      clock,
      log: say,
    },
  )
  opens(state.close)
  const warn = (message: string, error: unknown): void => {
    log.warn({ err: error }, message)
  }
  const events = await openEvents({
    path: standIn === undefined ? join(config.dataDirectory, 'events.db') : ':memory:',
    retentionDays: config.retentionDays,
    clock,
    onProblem: warn,
  })
  opens(events.close)
  const follow = (event: EventRow, happenedAt: number): void => {
    const change = changeOf(event, happenedAt)
    if (change !== undefined) store.connector(event.connector)?.follow(change)
  }
  const metrics = createMetrics()
  const webhooks = createReceiver({
    secrets: new Map(connectors.map(({ alias, webhookSecrets }) => [alias, webhookSecrets])),
    events,
    clock,
    onStored: follow,
    onProblem: warn,
  })
  // What another process on the same data folder stored changes the rows of this one too.
  events.onStored((event, own) => {
    if (!own) follow(event, event.receivedAt * 1_000)
  })
  const clients = connectors.map(({ alias, url, key, rate, burst }) => ({
    alias,
    client: createClient({
      alias,
      url,
      key,
      rate,
      burst,
      state,
      clock,
      log: say,
      onEvent: event => {
        log.debug({ connector: alias, ...event }, 'upstream')
        metrics.upstream(alias, event)
      },
    }),
  }))
  const store = createStore({
    connectors: clients.map(({ alias, client }) => ({ alias, client, sizes: client.sizes })),
    clock,
    maxBytes: config.maxMemoryBytes,
    refresh: config.refresh,
    onProblem: warn,
  })
  opens(store.close)

  const naming = createNaming(config.prefix)
  const schema = createExecutableSchema(resolvers, naming)
  const read = readOnce()
  const check = createCheckLimits(schema, config.limits, read)
  const contextOf = ({ id, signal, cacheControl, plan }: GraphRequest): Context =>
    createContext(
      openRequest({
        store,
        stored: events,
        clock,
        id,
        signal,
        freshness: agesOf(cacheControl, config),
        maxRequests: config.maxRequests,
        maxWaitMs: config.maxWaitMs,
        connectors: store.aliases,
      }),
      planWishOf(plan),
    )
  const subscriptions = createSubscriptions({
    schema,
    check,
    onStored: events.onStored,
    context: () =>
      contextOf({
        id: 'subscription',
        signal: new AbortController().signal,
        cacheControl: undefined,
        plan: undefined,
      }),
  })

  const answering = createAnswering({
    onAnswered: metrics.answered,
    check: withStatus(check),
    read,
    cacheControlOf: createCacheability({ maxAgeMs: config.maxAgeMs, clock }),
  })
  const direct = createDirect(answering)

  metrics.watch({ store, events, webhooks, subscriptions, clock })
  const server = await createServer<Context>({
    schema,
    plugins: [pushgraphPlugin(answering, direct.learn)],
    direct: direct.answer,
    context: contextOf,
    checkText: createCheckText(config.limits),
    validator: ({ outcome }) => outcome.validator,
    subscriptions,
    health: () => {
      const failing = clients.flatMap(({ alias, client }) => {
        const { status, reason } = client.health()
        return status === 'FAILING' ? [`Connector ${alias}: ${reason ?? 'it is failing'}`] : []
      })
      return failing.length === clients.length ? failing : []
    },
    webhooks,
    metering: metrics,
    introspection: config.introspection,
    graphiqlDirectory,
    tabs: renamedTabs(naming),
    openToAll: config.openToAll,
    log,
  })

  let endTrickle = (): void => undefined

  return {
    isDemo: standIn !== undefined,
    aliases: store.aliases,
    listen: async () => {
      const url = await server.listen(config.host, config.port)
      const [demo] = connectors
      const [secret] = demo?.webhookSecrets() ?? []
      if (standIn !== undefined && demo !== undefined && secret !== undefined)
        endTrickle = startTrickle({
          standIn,
          url: `${reachable(url)}/webhooks/${demo.alias}`,
          secret,
          clock,
        })
      return url
    },
    execute: operation => server.execute(operation),
    check: async function* () {
      for (const { alias, client } of clients) {
        const connector = store.connector(alias)
        if (connector !== undefined) yield* checkConnector(connector, client, clock)
      }
    },
    parts: order => createParts(clients, events, clock, order),
    learnt: () =>
      clients.flatMap(({ alias, client }) =>
        [...client.facts.all()].map(([name, verdict]) => ({ connector: alias, name, verdict })),
      ),
    stop: async withinMs => {
      endTrickle()
      await server.stop(withinMs)
      await events.close()
      await store.close()
      state.close()
      await standIn?.close()
    },
  }
}

/** An address at which this machine reaches itself, where it listens at all of its addresses. */
const reachable = (url: string): string =>
  url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
