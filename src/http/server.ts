/** The server: one address that answers GraphQL, GraphiQL and questions about its own health. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { ApolloServerPlugin } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { fastify, LogController } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import { dataOf } from '../graphql/operation/answer-text.ts'
import { andThen, type Maybe, settled } from '../model/maybe.ts'
import { type ContextOptions, createContexts, type GraphRequest } from './apollo/contexts.ts'
import { type AnswerDirectly, createDirectAnswers } from './answering/without-apollo.ts'
import { formatError, refusal } from './refusals/format-error.ts'
import { serveGraphiql } from './pages/graphiql.ts'
import type { Tab } from './pages/graphiql-tabs.ts'
import { createGraphql, withNotes } from './apollo/apollo.ts'
import { guard, mayOpenSocket } from './refusals/guard.ts'
import type { AppLog } from './logging/log.ts'
import { logRequests, requestId } from './logging/log-requests.ts'
import { type Metering, meterOperations, serveMetrics } from './apollo/metering.ts'
import { addRoute, refuseTheRest } from './refusals/refuse.ts'
import { createRepeats } from './repeats.ts'
import { withLazyChildren } from './logging/lazy-log.ts'
import { createEventStreams, textOf, wantsStream } from './streams/sse.ts'
import { createSendStraight } from './answering/raw-reply.ts'
import { serveSockets } from './streams/websocket.ts'
import { createStreams } from './streams/streams.ts'
import { refuseConnection, refusePath } from './refusals/malformed-requests.ts'
import { serveWebhooks } from './webhooks.ts'
import type { Subscriptions } from '../graphql/subscriptions/subscriptions.ts'
import type { Receiver } from '../webhooks/receiver.ts'

/** An operation asked for in this process, without HTTP. */
export interface InProcessRequest extends Partial<GraphRequest> {
  readonly query: string
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown> | undefined
}

export interface ServerOptions<Context extends object> extends ContextOptions<Context> {
  readonly schema: GraphQLSchema
  /** Refuses the text of an operation before it is parsed, by a GatewayError. */
  readonly checkText?: (text: string) => void
  readonly plugins?: readonly ApolloServerPlugin<Context>[]
  /** Answers without Apollo, where it can; undefined where it cannot. */
  readonly direct?: AnswerDirectly<Context>
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
  readonly log: AppLog
}

export interface Server {
  /** Listens, and tells the address: `http://host:port`. Rejects with the system's error when it cannot. */
  listen(host: string, port: number): Promise<string>
  /** The answer to one operation; nothing of it is logged but bugs. */
  execute(operation: InProcessRequest): Promise<ExecutionResult>
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
  let stopping = false
  const isStopping = (): boolean => stopping

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
  guard(app, { openToAll: options.openToAll, isStopping })
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

  const contexts = createContexts(app, options)
  const answer = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      try {
        const text = textOf(request)
        const refused = text === undefined ? undefined : refusedText(text)
        if (refused !== undefined) throw refused
        return await contexts.of(request, reply)
      } catch (error) {
        const told = refusal(error)
        if (told === error) request.log.error({ err: error }, 'no context for an operation')
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
    const asked = { id, signal: neverAborted, cacheControl: undefined, plan: undefined }
    return andThen(
      settled(() => options.context(asked)),
      made => 'value' in made,
    )
  }
  const send = createSendStraight({ metering, isStopping })
  const repeats =
    options.validator === undefined
      ? undefined
      : createRepeats({ app, path: '/graphql', isAdmitted, send })
  const direct =
    options.direct === undefined
      ? undefined
      : createDirectAnswers({ contextOf: contexts.of, answer: options.direct, repeats, send })

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
    if (reply.statusCode === 200 && typeof body === 'string') {
      const contentType = String(reply.getHeader('content-type'))
      direct?.learn(request, contentType)
      const cacheControl = String(reply.getHeader('cache-control'))
      repeats?.keep(request, { body, contentType, cacheControl })
    }
    return body
  }

  addRoute(app, ['GET', 'POST'], '/graphql', (request, reply) => {
    if (repeats?.answer(request, reply) === true) return
    void reply.header('cache-control', 'no-store')
    if (eventStreams !== undefined && wantsStream(request))
      return eventStreams.answer(request, reply)
    return andThen(direct?.answer(request, reply) ?? false, isAnswered =>
      isAnswered ? undefined : ask(request, reply),
    )
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
        contexts.abort()
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
