/** The last answerer: Apollo Server, which parses, validates, refuses and reports whatever those before it leave. */
import type { IncomingMessage } from 'node:http'
import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { andThen } from '../../model/maybe.ts'
import type { Exchange, GiveAnswer } from '../answering/answerer.ts'
import { sendable } from '../answering/raw-reply.ts'
import { refusal } from '../refusals/format-error.ts'
import { LongText } from '../../graphql/compiled/text.ts'
import { readParameters } from '../streams/parameters.ts'
import type { ReadAsked } from '../streams/streams.ts'
import { withNotes } from './apollo.ts'

export const answerByApollo = <Context extends object>(
  apollo: ApolloServer<Context>,
  read: ReadAsked,
  callerOf: (request: IncomingMessage) => string,
): GiveAnswer<Context> => {
  const contextOf = async (exchange: Exchange<Context>): Promise<Context> => {
    const asked = readParameters(exchange.asked(), exchange.request.method === 'GET')
    // What cannot be read is Apollo's to tell.
    if (typeof asked !== 'string') await read(asked, callerOf(exchange.request.raw))
    try {
      return await andThen(exchange.context(), context => withNotes(context, exchange.notes))
    } catch (error) {
      const told = refusal(error)
      if (told === error) exchange.notes.log.error({ err: error }, 'no context for an operation')
      throw told
    }
  }

  return async exchange => {
    const { request, reply } = exchange
    // Apollo is given the body as it was read, and puts its status and headers on the reply.
    exchange.asked()
    const handle = fastifyApolloHandler(apollo, { context: () => contextOf(exchange) })
    const body: unknown = await handle.call(request.server, request, reply)
    if (typeof body !== 'string' && !(body instanceof LongText))
      throw new Error('An answer in parts was not asked for')
    const headers = reply.getHeaders()
    headers['cache-control'] ??= 'no-store'
    return { status: reply.statusCode, headers, ...sendable(body) }
  }
}
