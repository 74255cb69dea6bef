/**
 * Operations as a stream of server-sent events: one answer after the other, then `complete`. A subscription that the
 * server ends has not come to its end: its connection breaks, so that its reader comes back.
 *
 * @see https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md, "distinct connections mode"
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import type { Reach } from '../refusals/reach.ts'
import { toRefusal } from '../refusals/refuse.ts'
import { securityHeaders } from '../refusals/security-headers.ts'
import type { Exchange } from '../answering/answerer.ts'
import { createNegotiation } from './negotiation.ts'
import { type OperationParameters, readParameters, textOf } from './parameters.ts'
import { type Answers, kindOf, type Streams } from './streams.ts'

/** How often a line without meaning keeps proxies from taking the stream for dead. */
const KEEP_ALIVE_MS = 12_000

type StreamExchange = Pick<Exchange<unknown>, 'request' | 'reply' | 'text' | 'asked'>

export interface EventStreams {
  /** Whether the answer is to be a stream: the caller takes nothing else, or a stream of what is a subscription. */
  isMeant(exchange: StreamExchange): boolean
  answer(exchange: StreamExchange): Promise<FastifyReply>
  /** Breaks all subscriptions, those under way included; answers to queries and mutations leave whole. */
  close(): void
}

export const createEventStreams = (
  streams: Streams,
  reach: Pick<Reach, 'isNamedOrigin'>,
): EventStreams => {
  const writer = createWriter(streams)
  const acceptedBy = createNegotiation()

  const isSubscription = (exchange: StreamExchange): boolean => {
    const parameters = parametersOf(exchange)
    const operation = typeof parameters === 'string' ? undefined : streams.read(parameters)
    return (
      operation !== undefined &&
      !(operation instanceof GraphQLError) &&
      kindOf(operation) === OperationTypeNode.SUBSCRIPTION
    )
  }

  return {
    isMeant: exchange => {
      const accepted = acceptedBy(exchange.request.headers.accept)
      if (accepted !== 'either') return accepted === 'stream'
      return mayBeSubscription(exchange) && isSubscription(exchange)
    },
    answer: async exchange => {
      const { request, reply } = exchange
      const parameters = parametersOf(exchange)
      if (!isDeliberate(request) && !reach.isNamedOrigin(request.headers.origin))
        return reply
          .code(400)
          .send(
            toRefusal(
              'BAD_REQUEST',
              'A page of another site could have sent this: add the header content-type: application/json, or apollo-require-preflight: true',
            ),
          )
      if (typeof parameters === 'string')
        return reply.code(400).send(toRefusal('BAD_REQUEST', parameters))
      const operation = streams.read(parameters)
      if (operation instanceof GraphQLError)
        return reply.code(400).send(streams.format({ errors: [operation] }))
      const errors = streams.check(operation)
      const answers: Answers =
        errors.length > 0
          ? { errors }
          : kindOf(operation) === OperationTypeNode.SUBSCRIPTION
            ? await streams.subscribe(operation)
            : await streams.execute(operation)
      reply.hijack()
      reply.raw.writeHead(200, {
        ...securityHeaders(request.id),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        vary: 'accept, origin',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      })
      reply.raw.flushHeaders()
      await writer.send(answers, reply.raw)
      return reply
    },
    close: writer.close,
  }
}

/** Writes answers into responses; closed, it breaks the subscriptions among them, and those that begin later. */
const createWriter = (streams: Pick<Streams, 'format'>) => {
  const open = new Set<ServerResponse>()
  let isClosed = false

  const send = async (answers: Answers, response: ServerResponse): Promise<void> => {
    const write = async (text: string): Promise<void> => {
      // A reader that takes nothing holds the next answer back.
      if (!response.write(text)) await once(response, 'drain', { signal: gone.signal })
    }
    const gone = new AbortController()
    const leave = (): void => {
      gone.abort()
      if (isStream(answers)) answers.return?.().catch(() => undefined)
    }
    const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS)
    response.once('close', leave)
    if (isStream(answers)) {
      open.add(response)
      if (isClosed) response.destroy()
    }
    // One who left before the first answer is not told of again.
    if (response.destroyed) leave()
    try {
      const next = (result: ExecutionResult): Promise<void> =>
        write(`event: next\ndata: ${JSON.stringify(streams.format(result))}\n\n`)
      if (isStream(answers)) for await (const result of answers) await next(result)
      else await next(answers)
    } catch (error) {
      if (gone.signal.aborted) return
      // As little at its end as one that the server stops.
      response.destroy()
      throw error
    } finally {
      clearInterval(keepAlive)
      open.delete(response)
      if (!response.destroyed) response.end('event: complete\ndata:\n\n')
    }
  }

  return {
    send,
    close: () => {
      isClosed = true
      for (const response of open) response.destroy()
    },
  }
}

const parametersOf = (exchange: StreamExchange): OperationParameters | string =>
  readParameters(exchange.asked(), exchange.request.method === 'GET')

/** Nearly all that is asked is no subscription, and shows it without being read. */
const mayBeSubscription = ({ text, request }: StreamExchange): boolean =>
  (text ?? textOf(request.query))?.includes('subscription') === true

const isStream = (answers: Answers): answers is AsyncIterableIterator<ExecutionResult> =>
  Symbol.asyncIterator in answers

/**
 * Whether the request has a header that no browser sends for a page of another site before the server has allowed it, as
 * Apollo asks for where the answer is no stream; or is a GET that no such page can have sent, as gateways begin streams.
 */
const isDeliberate = ({ headers, method }: FastifyRequest): boolean =>
  /^application\/json\b/i.test(headers['content-type'] ?? '') ||
  ['apollo-require-preflight', 'x-apollo-operation-name'].some(name => Boolean(headers[name])) ||
  (method === 'GET' && headers['content-type'] === undefined && !isOfOtherPage(headers))

/** Browsers say where a request comes from, to plain HTTP elsewhere at least what they are; a page can hide neither. */
const isOfOtherPage = (headers: FastifyRequest['headers']): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return headers.origin !== undefined || /^Mozilla\b/i.test(headers['user-agent'] ?? '')
}
