/** The server: one address that answers GraphQL, GraphiQL and questions about its own health. */
import type { AddressInfo } from 'node:net'
import type { ApolloServerPlugin } from '@apollo/server'
import { fastify, type FastifyInstance, LogController } from 'fastify'
import { createReadText } from '../graphql/analysis/document-size.ts'
import { createDocuments } from '../graphql/analysis/documents.ts'
import type { Kept } from '../graphql/analysis/kept.ts'
import type { Receiver } from '../webhooks/receiver.ts'
import type { Rights } from '../model/rights.ts'
import type { Admission } from './admission/admission.ts'
import type { Authentication } from './callers/authentication.ts'
import { serveProtectedResources } from './callers/protected-resource.ts'
import { createRecognition, type Recognition } from './callers/recognition.ts'
import { createGraphql } from './apollo/apollo.ts'
import { meterOperations, serveMetrics } from './apollo/metering.ts'
import { createBodyTurns, readNoBodies } from './bodies.ts'
import { dropUnreadBodies, PiecewiseRequest } from './body-pieces.ts'
import { type Endpoint, type EndpointOptions, serveGraphql } from './graphql-endpoint.ts'
import { type HealthOptions, serveHealth } from './health.ts'
import { withLazyChildren } from './logging/lazy-log.ts'
import { logRequests, requestId } from './logging/log-requests.ts'
import { serveGraphiql } from './pages/graphiql.ts'
import { type OverviewOptions, serveOverview } from './pages/overview.ts'
import type { PageData } from './pages/page-data.ts'
import { guard } from './refusals/guard.ts'
import { refuseConnection, refusePath, refuseWhatNodeWould } from './refusals/malformed-requests.ts'
import { createReach, type ReachOptions } from './refusals/reach.ts'
import { refuseTheRest } from './refusals/refuse.ts'
import { opensSocket } from './streams/websocket.ts'
import { serveWebhooks } from './webhooks.ts'

/** Where it has `metering`, it counts, and shows its figures under /metrics. */
export interface ServerOptions<Context extends object>
  extends EndpointOptions<Context>, ReachOptions {
  readonly plugins?: readonly ApolloServerPlugin<Context>[]
  /** Where documents are kept, and what was found of them; in a place of their own where absent. */
  readonly kept?: Kept
  /** What callers may have at once. */
  readonly admission: Admission
  /** Asks callers who they are; without it nobody is asked. */
  readonly authentication?: Authentication | undefined
  /** Why the server cannot do its work now, in sentences for a caller of these rights; empty where it can. */
  readonly health: (rights: Rights) => readonly string[]
  /** What of its work the server cannot do, though it answers, in sentences. */
  readonly notices?: HealthOptions['notices']
  /** Takes what is sent to `/webhooks/{connector}`; without it there is no such path. */
  readonly webhooks?: Receiver
  /** Where the built GraphiQL page lies. */
  readonly graphiqlDirectory: string
  /** What it opens with; nothing where absent. */
  readonly pageData?: PageData
  /** Where the built overview lies, and what it asks. */
  readonly overview: Omit<OverviewOptions, 'asksCallers'>
}

export interface Server extends Pick<Endpoint, 'execute' | 'replaceDocuments' | 'serveStreams'> {
  /** Callers refused so far since they did not prove who they are, by why. */
  readonly refusedCallers: () => ReturnType<Recognition['counts']>
  /** Listens, and tells the address: `http://host:port`. Rejects with the system's error when it cannot. */
  listen(host: string, port: number): Promise<string>
  /** Says from now on that it is not ready, though it answers as before: whoever stands before it is to send no more. */
  drain(): void
  /**
   * Takes no new request, lets running answers finish for `withinMs`, then aborts what is left of them. Resolves
   * when all is closed.
   */
  stop(withinMs: number): Promise<void>
}

const bodyLimitBytes = 1_048_576
/** Connections that the system holds until they are accepted: a crowd of them must not keep others from being heard. */
const MAX_UNACCEPTED = 4_096
/** How often it is looked for requests that did not come whole in time. */
const CHECKING_MS = 5_000
/** How long aborted operations may take to notice. */
const abortGraceMs = 500

/** A server that does not listen yet, with its GraphQL side started. */
export const createServer = async <Context extends object>(
  options: ServerOptions<Context>,
): Promise<Server> => {
  const { log, audit, tracing, metering, introspection, admission, authentication } = options
  let stopping = false
  let draining = false
  const isStopping = (): boolean => stopping

  const documents = createDocuments({
    readText: createReadText({ maxTokens: Infinity }),
    ...options,
  })
  const apollo = createGraphql<Context>({
    schema: options.schema,
    introspection,
    documents,
    plugins: [
      ...(metering === undefined ? [] : [meterOperations(metering)]),
      ...(options.plugins ?? []),
    ],
    log,
  })
  await apollo.start()

  const app: FastifyInstance = fastify({
    loggerInstance: withLazyChildren(log),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    bodyLimit: bodyLimitBytes,
    routerOptions: { ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    requestTimeout: admission.limits.requestTimeoutMs,
    // Those who come while it stops are refused like all others.
    return503OnClosing: false,
    http: {
      IncomingMessage: PiecewiseRequest,
      requireHostHeader: false,
      headersTimeout: admission.limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECKING_MS, admission.limits.headersTimeoutMs),
      shouldUpgradeCallback: request => options.subscriptions !== undefined && opensSocket(request),
    },
    genReqId: requestId,
    frameworkErrors: refusePath,
    clientErrorHandler: refuseConnection(log),
  })

  logRequests(app, { log, audit, tracing, callerOf: admission.callerOf })
  const connections = admission.watch(app.server)
  const reach = createReach(options)
  const recognition = authentication && createRecognition(authentication, admission)
  dropUnreadBodies(app)
  guard(app, { reach, admission, recognition, isStopping })
  refuseWhatNodeWould(app.server)
  refuseTheRest(app, bodyLimitBytes)
  readNoBodies(app)
  const bodies = {
    maxBytes: bodyLimitBytes,
    callerOf: admission.callerOf,
    turns: createBodyTurns(),
  }
  serveGraphiql(app, {
    directory: options.graphiqlDirectory,
    data: options.pageData ?? { tabs: [], questions: [], linked: {} },
    asksCallers: authentication !== undefined,
  })
  serveOverview(app, { ...options.overview, asksCallers: authentication !== undefined })
  if (options.webhooks !== undefined)
    serveWebhooks(
      app,
      options.webhooks,
      { ...bodies, held: admission.deliveries },
      { metering, tracing },
    )
  if (authentication !== undefined)
    serveProtectedResources(
      app,
      ['/graphql', ...(options.agents ? (['/mcp'] as const) : [])],
      authentication,
    )
  if (metering !== undefined) serveMetrics(app, metering)
  serveHealth(app, {
    reasons: rights => (draining ? ['The server is about to stop'] : options.health(rights)),
    notices: options.notices ?? (async () => []),
    asksCallers: authentication !== undefined,
  })
  const endpoint = serveGraphql(app, apollo, options, {
    documents,
    isStopping,
    reach,
    door: { admission, connections },
    bodies: { ...bodies, held: admission.bodies },
    callers: authentication && recognition && { authentication, recognition },
  })

  return {
    listen: async (host, port) => {
      await app.listen({ host, port, backlog: MAX_UNACCEPTED })
      const bound = app.server.address() as AddressInfo
      return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
    },

    execute: endpoint.execute,
    serveStreams: endpoint.serveStreams,
    replaceDocuments: endpoint.replaceDocuments,
    refusedCallers: () => recognition?.counts() ?? new Map(),

    drain: () => {
      draining = true
    },

    stop: async withinMs => {
      stopping = true
      endpoint.endStreams()
      authentication?.streams.close()
      let grace: NodeJS.Timeout | undefined
      const limit = setTimeout(() => {
        endpoint.abort()
        grace = setTimeout(() => {
          app.server.closeAllConnections()
        }, abortGraceMs)
      }, withinMs)
      await app.close()
      await apollo.stop()
      clearTimeout(limit)
      clearTimeout(grace)
    },
  }
}
