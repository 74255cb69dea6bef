/** `/mcp`: tools for agents over streamable HTTP, where each request stands for itself. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AskGraph } from '../../mcp/ask-graph.ts'
import type { AnswerOverHttp } from '../../mcp/over-http.ts'
import type { Rights } from '../../model/rights.ts'
import type { Connections } from '../admission/connections.ts'
import { type BodyOptions, readBodies } from '../bodies.ts'
import { checkJson } from '../json-size.ts'
import type { Reach } from '../refusals/reach.ts'
import { addRoute, toRefusal } from '../refusals/refuse.ts'
import { createCallsUnderWay } from './calls-under-way.ts'
import { isListening, type AgentListening } from './listening.ts'

export interface McpEndpointOptions {
  /** Loads what speaks the protocol, once somebody asks: most servers are never asked. */
  readonly load: () => Promise<AnswerOverHttp>
  readonly bodies: BodyOptions
  readonly connections: Pick<Connections, 'whenLeft'>
  readonly reach: Pick<Reach, 'mayAsk'>
  /** Who asks, as limits know callers. */
  readonly callerOf: (request: FastifyRequest) => string
  readonly rightsOf: (request: FastifyRequest) => Rights | undefined
  readonly listening: Pick<AgentListening, 'begin'>
  /** How the caller of that request asks; until the signal is aborted. */
  readonly askAs: (request: FastifyRequest, signal: AbortSignal) => AskGraph
  /** Aborted when the caller leaves before the answer is whole, or the server cannot wait any longer. */
  readonly signalOf: (reply: FastifyReply) => AbortSignal
}

export const serveMcp = (
  app: FastifyInstance,
  {
    load,
    bodies,
    connections,
    reach,
    callerOf,
    rightsOf,
    listening,
    askAs,
    signalOf,
  }: McpEndpointOptions,
): void => {
  const calls = createCallsUnderWay()

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (!reach.mayAsk(request.headers)) return reply.code(403).send(foreignPage)
    const text = typeof request.body === 'string' ? request.body : ''
    checkJson(text)
    const body = readJson(text)
    if (request.method === 'POST' && body === undefined) return reply.code(400).send(noJson)
    if (Array.isArray(body)) return reply.code(400).send(noBatches)
    if (isUnwieldy(body)) return reply.code(400).send(unwieldy)
    const caller = callerOf(request)
    calls.cancel(caller, body)
    const call = calls.begin(caller, body)
    const left = signalOf(reply)
    if (call !== undefined) connections.whenLeft(reply.raw, { leave: call.done })
    const over = isListening(body) ? listening.begin(request, reply) : call?.signal
    const signal = over === undefined ? left : AbortSignal.any([left, over])
    const answer = await load()
    const response = await answer.answer(toWebRequest(request, text, signal), body, {
      rights: rightsOf(request),
      ask: askAs(request, signal),
    })
    // Ended before it began to answer, though its caller may wait still.
    if (response.status === CLOSED) return reply.code(503).send(stopping)
    return reply.header('cache-control', 'no-store').send(response)
  }

  void app.register(async scope => {
    scope.removeAllContentTypeParsers()
    readBodies(scope, '*', bodies, bytes => bytes.toString('utf8'))
    addRoute(scope, ['GET', 'POST', 'DELETE'], '/mcp', handle)
  })
}

const foreignPage = toRefusal(
  'FORBIDDEN',
  'A page of another site may not ask here; name its origin in PUSHGRAPH_ORIGINS',
)

/** What the protocol's library says of a request that was ended. */
const CLOSED = 499

const stopping = toRefusal('UNAVAILABLE', 'The server is stopping; ask again')

/** With the codes that JSON-RPC has for it. @see https://www.jsonrpc.org/specification#error_object */
const toProtocolRefusal = (code: number, text: string) => ({
  jsonrpc: '2.0',
  id: null,
  error: { code, message: text },
})

const noJson = toProtocolRefusal(-32_700, 'The body is no JSON')

const noBatches = toProtocolRefusal(
  -32_600,
  'Batches are not taken: send one message in each request',
)

/** What reads messages looks at each member of these for several times, in one step. */
const MAX_MEMBERS = 500
/** So it does at all that is within, but for what a tool is called with. */
const MAX_VALUES = 2_000
/** Letters: it is sent back with the answer. */
const MAX_ID = 256

const unwieldy = toProtocolRefusal(
  -32_600,
  `A message, its parameters and its arguments have up to ${MAX_MEMBERS} members each, up to ${MAX_VALUES} values beside the arguments, and an id of up to ${MAX_ID} letters`,
)

const isUnwieldy = (body: unknown): boolean => {
  const { id, params } = membersOf(body)
  const { arguments: args, ...others } = membersOf(params)
  const parts = [body, params, args, others['_meta']]
  return (
    (typeof id === 'string' && id.length > MAX_ID) ||
    parts.some(part => Object.keys(membersOf(part)).length > MAX_MEMBERS) ||
    hasMoreValues({ ...membersOf(body), params: others }, MAX_VALUES)
  )
}

/** Whether more than so many values are within, at any depth. */
const hasMoreValues = (value: unknown, most: number): boolean => {
  const left = [value]
  let count = 0
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    const inner = Object.values(membersOf(part))
    count += inner.length
    if (count > most) return true
    left.push(...inner)
  }
  return false
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

/** Undefined where it is none. */
const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The request as far as the protocol looks at it. Nothing is ever sent to its address. */
const toWebRequest = ({ method, headers }: FastifyRequest, text: string, signal: AbortSignal) => {
  const told = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    isOfProtocol(name) && typeof value === 'string' ? [[name, value]] : [],
  )
  return new Request('http://localhost/mcp', {
    method,
    headers: told,
    signal,
    ...(method === 'POST' ? { body: text } : {}),
  })
}

const isOfProtocol = (name: string): boolean =>
  name === 'accept' || name === 'content-type' || name.startsWith('mcp-')
