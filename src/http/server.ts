/** The server: one address that answers GraphQL, GraphiQL and questions about its own health. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { ApolloServerPlugin } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { fastify, LogController } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import { dataOf } from '../graphql/answer-text.ts'
import { andThen, type Maybe, settled } from '../model/maybe.ts'
import { formatError, refusal } from './format-error.ts'
import { serveGraphiql } from './graphiql.ts'
import type { Tab } from './graphiql-tabs.ts'
import { createGraphql, withNotes } from './graphql.ts'
import type { OperationNotes } from './graphql.ts'
import { guard, mayOpenSocket } from './guard.ts'
import type { Log } from './log.ts'
import { logRequests, requestId } from './log-requests.ts'
import { type Metering, meterOperations, serveMetrics } from './metrics.ts'
import { addRoute, refuseTheRest } from './refuse.ts'
import { createRepeats } from './repeats.ts'
import { withLazyChildren } from './request-log.ts'
import { createEventStreams, textOf, wantsStream } from './event-stream.ts'
import { serveSockets } from './socket.ts'
import { createStreams } from './streams.ts'
import { refuseConnection, refusePath } from './unreadable.ts'
import { serveWebhooks } from './webhooks.ts'
import type { Subscriptions } from '../graphql/subscriptions.ts'
import type { Receiver } from '../webhooks/receiver.ts'

/** What an operation's context may know of the request that asks for it. */
export interface GraphRequest {
  readonly id: string
  /** Aborted when the caller leaves before the answer, or when the server cannot wait for it any longer. */
  readonly signal: AbortSignal
  /** The `Cache-Control` header: how old the answer may be. */
  readonly cacheControl: string | undefined
  /** The `x-pushgraph-plan` header. */
  readonly plan: string | undefined
}

/** An operation asked for in this process, without HTTP. */
export interface Operation extends Partial<GraphRequest> {
  readonly query: string
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown> | undefined
}

export interface ServerOptions<Context extends object> {
  readonly schema: GraphQLSchema
  /** A fresh context for each operation; a GatewayError refuses the operation. */
  readonly context: (request: GraphRequest) => Context | Promise<Context>
  /** Refuses the text of an operation before it is parsed, by a GatewayError. */
  readonly checkText?: (text: string) => void
  readonly plugins?: readonly ApolloServerPlugin<Context>[]
  /**
   * Tells whether the complete answer of that context would be given again, and then counts as giving it; without it
   * none is sent twice.
   */
  readonly stands?: (context: Context) => (() => boolean) | undefined
  /** Why the server cannot do its work now, in sentences; empty where it can. */
  readonly health: () => readonly string[]
  /** Takes what is sent to `/webhooks/{connector}`; without it there is no such path. */
  readonly webhooks?: Receiver
  /** Answers subscriptions; without it there are none. */
  readonly subscriptions?: Subscriptions
  /** Counts, and shows its figures under /metrics; without it nothing is counted. */
  readonly metering?: Metering
  readonly introspection: boolean
  /** Where the built GraphiQL page lies. */
  readonly graphiqlDirectory: string
  /** The tabs that it opens with; its own where absent. */
  readonly tabs?: readonly Tab[] | undefined
  /** Answers under any host name, not under those of this machine alone. */
  readonly openToAll: boolean
  readonly log: Log
}

export interface Server {
  /** Listens, and tells the address: `http://host:port`. Rejects with the system's error when it cannot. */
  listen(host: string, port: number): Promise<string>
  /** The answer to one operation; nothing of it is logged but bugs. */
  execute(operation: Operation): Promise<ExecutionResult>
  /**
   * Takes no new request, lets running answers finish for `withinMs`, then aborts what is left of them. Resolves
   * when all is closed.
   */
  stop(withinMs: number): Promise<void>
}

const bodyLimitBytes = 1_048_576
/** How long aborted operations may take to notice. */
const abortGraceMs = 500

/** A server that does not listen yet, with its GraphQL side started. */
export const createServer = async <Context extends object>(
  options: ServerOptions<Context>,
): Promise<Server> => {
  const { log, metering } = options
  const running = new Set<AbortController>()
  let stopping = false

  const apollo = createGraphql<Context>({
    schema: options.schema,
    introspection: options.introspection,
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
    forceCloseConnections: 'idle',
    genReqId: requestId,
    frameworkErrors: refusePath,
    clientErrorHandler: refuseConnection(log),
  })

  logRequests(app, log)
  guard(app, { openToAll: options.openToAll, isStopping: () => stopping })
  refuseTheRest(app, bodyLimitBytes)
  serveGraphiql(app, options.graphiqlDirectory, options.tabs)
  if (options.webhooks !== undefined) serveWebhooks(app, options.webhooks, metering)
  if (metering !== undefined) serveMetrics(app, metering)

  addRoute(app, ['GET', 'HEAD'], '/livez', async () => ({ status: 'ok' }))
  addRoute(app, ['GET', 'HEAD'], '/readyz', async (_, reply) => {
    const reasons = stopping ? ['The server is stopping'] : options.health()
    if (reasons.length === 0) return { status: 'ok' }
    return reply.code(503).send({ status: 'unavailable', reasons })
  })

  /** Why the text of an operation is not even parsed; undefined where it is. */
  const refusedText = (text: string): GraphQLError | undefined => {
    try {
      options.checkText?.(text)
      return undefined
    } catch (error) {
      const told = refusal(error)
      if (told instanceof GraphQLError) return told
      throw error
    }
  }

  const answer = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      const about: OperationNotes = { log: request.log }
      request.notes = about
      const controller = new AbortController()
      running.add(controller)
      reply.raw.once('close', () => {
        running.delete(controller)
        if (!reply.raw.writableFinished) controller.abort()
      })
      if (reply.raw.destroyed) controller.abort()
      try {
        const text = textOf(request)
        const refused = text === undefined ? undefined : refusedText(text)
        if (refused !== undefined) throw refused
        const context = await options.context({
          id: request.id,
          signal: controller.signal,
          cacheControl: request.headers['cache-control'],
          plan: [request.headers['x-pushgraph-plan']].flat()[0],
        })
        const { stands } = options
        // Not assigned where it is written: see `givenAgain`.
        const again = stands && ((): ReturnType<typeof stands> => stands(context))
        if (again !== undefined) about.stands = again
        return withNotes(context, about)
      } catch (error) {
        const told = refusal(error)
        if (told === error) about.log.error({ err: error }, 'no context for an operation')
        throw told
      }
    },
  })
  const execute: Server['execute'] = async ({ query, operationName, variables, ...request }) => {
    const refused = refusedText(query)
    if (refused !== undefined)
      return { errors: [formatError(refused.toJSON(), refused)] } as unknown as ExecutionResult
    const contextValue = await options.context({
      id: request.id ?? randomUUID(),
      signal: request.signal ?? new AbortController().signal,
      cacheControl: request.cacheControl,
      plan: request.plan,
    })
    const { body } = await apollo.executeOperation<Record<string, unknown>>(
      {
        query,
        ...(operationName === undefined ? {} : { operationName }),
        ...(variables === undefined ? {} : { variables }),
      },
      { contextValue: withNotes(contextValue, { log }) },
    )
    if (body.kind === 'single') {
      const { singleResult } = body
      if (!('data' in singleResult)) return singleResult as ExecutionResult
      return { ...singleResult, data: dataOf(singleResult.data) } as ExecutionResult
    }
    throw new Error('An answer in parts was not asked for')
  }

  /** Nothing is read only to be told whether that is allowed. */
  const neverAborted = new AbortController().signal
  const isAdmitted = ({ id }: FastifyRequest): Maybe<boolean> => {
    // The long way tells the caller to come back on another connection.
    if (stopping) return false
    const asked = { id, signal: neverAborted, cacheControl: undefined, plan: undefined }
    return andThen(
      settled(() => options.context(asked)),
      made => 'value' in made,
    )
  }
  const repeats =
    options.stands === undefined
      ? undefined
      : createRepeats({ app, path: '/graphql', isAdmitted, metering })

  const { schema, introspection, subscriptions } = options
  const streams =
    subscriptions &&
    createStreams({
      schema,
      introspection,
      subscriptions,
      refusedText,
      execute,
      metering,
      log,
    })
  const eventStreams = streams && createEventStreams(streams)
  const sockets =
    streams &&
    serveSockets(app.server, {
      schema,
      streams,
      mayAsk: ({ headers }) => !stopping && mayOpenSocket(headers, options.openToAll),
      maxBytes: bodyLimitBytes,
      log,
    })

  const ask = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const body: unknown = await answer.call(app, request, reply)
    repeats?.keep(request, reply, body)
    return body
  }

  addRoute(app, ['GET', 'POST'], '/graphql', (request, reply) => {
    if (repeats?.answer(request, reply) === true) return
    void reply.header('cache-control', 'no-store')
    return eventStreams !== undefined && wantsStream(request)
      ? eventStreams.answer(request, reply)
      : ask(request, reply)
  })

  return {
    listen: async (host, port) => {
      await app.listen({ host, port })
      const bound = app.server.address() as AddressInfo
      return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
    },

    execute,

    stop: async withinMs => {
      stopping = true
      subscriptions?.close()
      eventStreams?.close()
      sockets?.close()
      let grace: NodeJS.Timeout | undefined
      const limit = setTimeout(() => {
        for (const controller of running) controller.abort()
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
