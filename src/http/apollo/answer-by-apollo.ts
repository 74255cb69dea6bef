/** The last answerer: Apollo Server, which parses, validates, refuses and reports whatever those before it leave. */
import type { IncomingMessage } from 'node:http'
import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { GatewayError } from '../../errors.ts'
import { andThen, type Settled } from '../../model/maybe.ts'
import type { Exchange, GiveAnswer } from '../answering/answerer.ts'
import { sendable } from '../answering/raw-reply.ts'
import { noteErrors } from '../logging/operation-notes.ts'
import { refusal } from '../refusals/format-error.ts'
import { LongText } from '../../graphql/compiled/text.ts'
import { hasReadableAccept } from '../streams/negotiation.ts'
import { readParameters } from '../streams/parameters.ts'
import type { ReadAsked } from '../streams/streams.ts'
import { withNotes } from './apollo.ts'

export const answerByApollo = <Context extends object>(
  apollo: ApolloServer<Context>,
  read: ReadAsked,
  callerOf: (request: IncomingMessage) => string,
): GiveAnswer<Context> => {
  const contextOf = async (
    exchange: Exchange<Context>,
    admitted: Settled<unknown>,
  ): Promise<Context> => {
    const { request, notes } = exchange
    try {
      if ('failure' in admitted) throw admitted.failure
      const asked = readParameters(admitted.value, request.method === 'GET')
      // What cannot be read is Apollo's to tell.
      if (typeof asked !== 'string') await read(asked, callerOf(request.raw), notes)
      return await andThen(exchange.context(), context => withNotes(context, notes))
    } catch (error) {
      const told = refusal(error)
      noteErrors(notes, [told as GraphQLError])
      if (!(told instanceof GraphQLError))
        notes.log.error({ err: error }, 'no context for an operation')
      throw told
    }
  }

  return async exchange => {
    const { request, reply } = exchange
    const admitted = await exchange.admitted()
    // What cannot be read at all is refused before it comes to Apollo.
    if ('failure' in admitted && !(admitted.failure instanceof GatewayError)) throw admitted.failure
    const handle = fastifyApolloHandler(apollo, { context: () => contextOf(exchange, admitted) })
    // Apollo puts its status and headers on the reply.
    const body: unknown = await handle.call(request.server, requestFor(request, admitted), reply)
    if (typeof body !== 'string' && !(body instanceof LongText))
      throw new Error('An answer in parts was not asked for')
    const headers = reply.getHeaders()
    headers['cache-control'] ??= 'no-store'
    return { status: reply.statusCode, headers, ...sendable(body) }
  }
}

/** The request as Apollo is to see it: it asks for what was admitted, and for nothing that Apollo alone would find in it. */
const requestFor = (request: FastifyRequest, admitted: Settled<unknown>): FastifyRequest => {
  const { method, headers } = request
  const asked = 'value' in admitted ? admitted.value : undefined
  const inAddress = method === 'GET'
  return {
    method,
    headers: hasReadableAccept(headers) ? headers : { ...headers, accept: '*/*' },
    body: inAddress ? request.body : 'failure' in admitted ? {} : asked,
    protocol: 'http',
    hostname: 'localhost',
    url: inAddress ? `/graphql?${toSearch(asked).toString()}` : '/graphql',
  } as FastifyRequest
}

/** What Apollo reads of an address; of other names, thousands may stand there. */
const READ_IN_ADDRESS = ['query', 'operationName', 'variables', 'extensions'] as const

/** What is given several times stays so, and is refused. */
const toSearch = (asked: unknown): URLSearchParams => {
  const members = (asked ?? {}) as Readonly<Record<string, unknown>>
  return new URLSearchParams(
    READ_IN_ADDRESS.flatMap(name =>
      [members[name] ?? []].flat().map((each: unknown): [string, string] => [name, String(each)]),
    ),
  )
}
