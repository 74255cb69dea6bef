/** `/graphql`: the chain of answerers over HTTP, streams beside it, and operations asked for in this process. */
import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type { ReadText } from '../graphql/analysis/document-size.ts'
import { type Documents, hashOfText } from '../graphql/analysis/documents.ts'
import { dataOf } from '../graphql/operation/answer-text.ts'
import type { Subscriptions } from '../graphql/subscriptions/subscriptions.ts'
import { andThen } from '../model/maybe.ts'
import type { Tracing } from '../model/tracing.ts'
import { Work } from '../work/work.ts'
import { Exchange, type GiveAnswer, JsonText } from './answering/answerer.ts'
import { sendAnswer } from './answering/raw-reply.ts'
import {
  type CachedAnswers,
  type ResponseCacheOptions,
  withResponseCache,
} from './answering/response-cache.ts'
import { countUnread, type Door, withPlaces } from './answering/with-places.ts'
import { type AnswerDirectly, withoutApollo } from './answering/without-apollo.ts'
import { answerByApollo } from './apollo/answer-by-apollo.ts'
import { createContexts, type MakeContext } from './apollo/contexts.ts'
import type { Metering } from './apollo/metering.ts'
import type { AuditLog } from './logging/audit.ts'
import type { AppLog } from './logging/log.ts'
import type { Authentication } from './callers/authentication.ts'
import { provedRightsOf, type Recognition } from './callers/recognition.ts'
import { type BodyOptions, readBodies } from './bodies.ts'
import { createDocumentGate, type DocumentTerms } from './documents/document-gate.ts'
import { checkJson } from './json-size.ts'
import { refusal } from './refusals/format-error.ts'
import { refusedSocket } from './refusals/guard.ts'
import type { Reach } from './refusals/reach.ts'
import { addRoute } from './refusals/refuse.ts'
import { createEventStreams } from './streams/sse.ts'
import { createStreams, type ReadAsked } from './streams/streams.ts'
import { serveSockets } from './streams/websocket.ts'
import { type ProgressOf, serveProgress } from './progress.ts'
import { executeBy, type InProcessRequest } from './in-process.ts'
import { type AgentOptions, type Agents, serveAgents } from './mcp/agents.ts'

export interface EndpointOptions<Context extends object> {
  readonly schema: GraphQLSchema
  readonly context: MakeContext<Context>
  /** Reads the text of an operation before it is validated; without it there are no limits to its size. */
  readonly readText?: ReadText
  /** A share of the event loop for what is done for that caller before its operation begins. */
  readonly newWork?: (caller: string) => Work
  /** Refuses the variables of an operation before they are read, by a GatewayError. */
  readonly checkVariables?: (variables: unknown) => void
  /** What a complete answer rests on; without it none is sent twice. */
  readonly validityOf?: ResponseCacheOptions<Context>['validityOf']
  /** How far operations are, as JSON. Without it nobody is told. */
  readonly progressOf?: ProgressOf
  /** Answers without Apollo, where it can; undefined where it cannot. */
  readonly direct?: AnswerDirectly<Context>
  /** Answers subscriptions; without it there are none. */
  readonly subscriptions?: Subscriptions
  readonly metering?: Metering
  /** Is told of each operation; without it nobody keeps account of them. */
  readonly audit?: AuditLog | undefined
  /** Collects traces. */
  readonly tracing?: Tracing | undefined
  readonly introspection: boolean
  /** The documents that may be asked for at first: any, and none by an id, where absent. */
  readonly documentTerms?: DocumentTerms
  /** What speaks to agents; without it there is nothing at `/mcp`. */
  readonly agents?: AgentOptions | undefined
  /** Texts of this server's own pages, which may be asked for whatever is listed. */
  readonly builtIn?: () => readonly string[]
  readonly log: AppLog
}

export interface Endpoint extends Pick<Agents, 'serveStreams'> {
  /** From now on these documents may be asked for; what was answered before is forgotten. */
  replaceDocuments(terms: DocumentTerms): void
  /** The answer to one operation; nothing of it is logged but bugs. */
  execute(operation: InProcessRequest): Promise<ExecutionResult>
  /** Ends streams and subscriptions. */
  endStreams(): void
  /** Aborts the operations that still run. */
  abort(): void
}

/** What the endpoint is told by the server around it. */
export interface ServerTerms {
  readonly isStopping: () => boolean
  readonly reach: Reach
  readonly door: Door
  readonly bodies: BodyOptions
  readonly documents: Documents
  /** Asks callers who they are; undefined where nobody is asked. */
  readonly callers:
    | {
        readonly authentication: Pick<Authentication, 'streams'>
        readonly recognition: Recognition
      }
    | undefined
}

export const serveGraphql = <Context extends object>(
  app: FastifyInstance,
  apollo: ApolloServer<Context>,
  options: EndpointOptions<Context>,
  { isStopping, reach, door, bodies, documents, callers }: ServerTerms,
): Endpoint => {
  const { schema, introspection, subscriptions, metering, audit, log } = options
  const read = readAsked(documents, options)
  const rightsOf = callers === undefined ? () => undefined : provedRightsOf
  const contexts = createContexts(options.context, door.admission.callerOf, rightsOf)
  const follow = callers?.authentication.streams.follow
  const { callerOf } = door.admission
  const { newWork = () => new Work(), documentTerms: terms, builtIn } = options
  const gate = createDocumentGate({ terms, builtIn, documents, newWork, callerOf, rightsOf })
  const execute = executeBy(apollo, options, read)
  const executeWhole: Endpoint['execute'] = async operation => {
    const answer = await execute(operation)
    return 'data' in answer ? { ...answer, data: dataOf(answer.data) as never } : answer
  }
  const agents =
    options.agents &&
    serveAgents(app, terms?.tools, options.agents, {
      ...{ rightsOf, reach, follow, bodies, audit, log, tracing: options.tracing },
      ...{ ...door, signalOf: contexts.signalOf },
      execute,
      progressOf: options.progressOf,
    })
  const streams =
    subscriptions &&
    createStreams({
      schema,
      introspection,
      subscriptions,
      read,
      execute,
      metering,
      audit,
    })
  const eventStreams =
    streams &&
    createEventStreams({ streams, reach, door, follow, rightsOf, signalOf: contexts.signalOf })
  const sockets =
    streams &&
    serveSockets(app.server, {
      schema,
      streams,
      door,
      refused: request =>
        refusedSocket(request, {
          reach,
          admission: door.admission,
          recognition: callers?.recognition,
          isStopping,
        }),
      callers: callers && {
        follow: callers.authentication.streams.follow,
        admit: callers.recognition.admit,
      },
      rightsOf,
      admit: (asked, request) => gate.admit(asked, false, request),
      bodies,
      audit,
      tracing: options.tracing,
      log,
    })
  const { answer, forget } = chainOf(
    options,
    { door, rightsOf },
    answerByApollo(apollo, read, callerOf),
  )

  const answerWhole = (exchange: Exchange<Context>): unknown =>
    andThen(answer(exchange), given =>
      andThen(sendAnswer(exchange, given, isStopping), unread => {
        countUnread(door, exchange, unread)
      }),
    )

  void app.register(async scope => {
    const parse = keepText(scope, bodies)
    const admit = (request: FastifyRequest, asked: unknown) =>
      gate.admit(asked, request.method === 'GET', request.raw)
    const handle = (request: FastifyRequest, reply: FastifyReply): unknown => {
      const { notes } = request
      const exchange = new Exchange({ request, reply, notes, open: contexts.open, parse, admit })
      const isStream = eventStreams?.isMeant(exchange) ?? false
      if (isStream instanceof Promise)
        return isStream.then(is => (is ? eventStreams?.answer(exchange) : answerWhole(exchange)))
      return isStream ? eventStreams?.answer(exchange) : answerWhole(exchange)
    }
    addRoute(scope, ['GET', 'POST'], '/graphql', handle)
    serveProgress(scope, contexts, options.progressOf)
  })

  return {
    execute: executeWhole,
    serveStreams: async (...streamed) => agents?.serveStreams(...streamed),
    endStreams: () => {
      // Those who read are cut off first: to them, a subscription that ends would have come to its end.
      eventStreams?.close()
      sockets?.close()
      agents?.close()
      subscriptions?.close()
    },
    abort: contexts.abort,
    replaceDocuments: next => {
      gate.replace(next)
      agents?.replace(next.tools)
      forget()
    },
  }
}

/** The response cache, then those who need a place: compiled documents before Apollo, as far as there are the first two. */
const chainOf = <Context extends object>(
  { validityOf, direct, metering }: EndpointOptions<Context>,
  { door, rightsOf }: { readonly door: Door } & Pick<ResponseCacheOptions<Context>, 'rightsOf'>,
  byApollo: GiveAnswer<Context>,
): CachedAnswers<Context> => {
  const count = (from: number): void => {
    metering?.operation('query', 'ok', performance.now() - from)
  }
  const anew = withPlaces(
    door,
    direct === undefined ? byApollo : withoutApollo({ answer: direct, count }, byApollo),
  )
  if (validityOf === undefined) return { answer: anew, forget: () => undefined }
  return withResponseCache({ validityOf, rightsOf, count }, anew)
}

/** Leaves JSON bodies as text, since most answers are found by it; the parser reads them where one is not. */
const keepText = (
  scope: FastifyInstance,
  bodies: BodyOptions,
): ((request: FastifyRequest, text: string) => unknown) => {
  const parser = scope.getDefaultJsonParser('error', 'error')
  scope.removeAllContentTypeParsers()
  readBodies(scope, 'application/json', bodies, bytes => new JsonText(bytes.toString('utf8')))
  // No type of ours: Apollo says so.
  readBodies(scope, 'text/plain', bodies, bytes => bytes.toString('utf8'))
  return (request, text) => {
    checkJson(text)
    let outcome: { readonly error: Error | null; readonly body: unknown } | undefined
    void parser(request, text, (error, body: unknown) => {
      outcome = { error, body }
    })
    if (outcome?.error) throw outcome.error
    return outcome?.body
  }
}

/** Reads what is asked for in turns, unless that is refused. */
const readAsked = (
  documents: Documents,
  {
    checkVariables,
    newWork = () => new Work(),
  }: Pick<EndpointOptions<object>, 'checkVariables' | 'newWork'>,
): ReadAsked => {
  const toldOf = (error: unknown): never => {
    throw refusal(error)
  }
  return ({ query, variables }, caller, notes) => {
    try {
      const textHash = hashOfText(query)
      if (notes !== undefined) notes.documentHash = textHash
      checkVariables?.(variables)
      const read = documents.read(query, newWork(caller), textHash)
      return read instanceof Promise ? read.catch(toldOf) : read
    } catch (error) {
      return toldOf(error)
    }
  }
}
