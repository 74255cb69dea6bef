/**
 * Operations as a stream of server-sent events: one answer after the other, then `complete`.
 *
 * @see https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md, "distinct connections mode"
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ExecutionResult, getOperationAST, OperationTypeNode, parse } from 'graphql'
import { toRefusal } from '../refusals/refuse.ts'
import { securityHeaders } from '../refusals/security-headers.ts'
import type { Exchange } from '../answering/answerer.ts'
import type { Answers, StreamedOperation, Streams } from './streams.ts'

/** Whether the caller wants the answers as a stream. */
export const wantsStream = ({ headers: { accept } }: FastifyRequest): boolean =>
  accept !== undefined && /\btext\/event-stream\b/i.test(accept)

/** How often a line without meaning keeps proxies from taking the stream for dead. */
const KEEP_ALIVE_MS = 12_000

export interface EventStreams {
  answer(exchange: Pick<Exchange<unknown>, 'request' | 'reply' | 'asked'>): Promise<FastifyReply>
  /** Ends all streams. */
  close(): void
}

export const createEventStreams = (streams: Streams): EventStreams => {
  const open = new Set<() => void>()

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
    open.add(leave)
    try {
      const next = (result: ExecutionResult): Promise<void> =>
        write(`event: next\ndata: ${JSON.stringify(streams.format(result))}\n\n`)
      if (isStream(answers)) for await (const result of answers) await next(result)
      else await next(answers)
    } catch (error) {
      if (!gone.signal.aborted) throw error
    } finally {
      clearInterval(keepAlive)
      open.delete(leave)
      response.end('event: complete\ndata:\n\n')
    }
  }

  return {
    answer: async exchange => {
      const { request, reply } = exchange
      const asked = exchange.asked()
      if (!isDeliberate(request))
        return reply
          .code(400)
          .send(
            toRefusal(
              'BAD_REQUEST',
              'A page of another site could have sent this: add the header content-type: application/json, or apollo-require-preflight: true',
            ),
          )
      const text = textOf(asked)
      const refused = text === undefined ? undefined : streams.refused(text)
      if (refused !== undefined) return reply.code(400).send(streams.format({ errors: [refused] }))
      const operation = readOperation(asked)
      if (operation === undefined)
        return reply
          .code(400)
          .send(toRefusal('BAD_REQUEST', 'The request must hold a GraphQL document in "query"'))
      const errors = streams.validate(operation.document)
      const kind = getOperationAST(operation.document, operation.operationName)?.operation
      const answers: Answers =
        errors.length > 0
          ? { errors }
          : kind === OperationTypeNode.SUBSCRIPTION
            ? await streams.subscribe(operation)
            : await streams.execute(operation)
      reply.hijack()
      reply.raw.writeHead(200, {
        ...securityHeaders(request.id),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      })
      reply.raw.flushHeaders()
      await send(answers, reply.raw)
      return reply
    },
    close: () => {
      for (const leave of open) leave()
    },
  }
}

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

/** The text of the operation that is asked for, as it came; undefined where there is none. */
export const textOf = (asked: unknown): string | undefined => {
  const text = membersOf(asked)?.['query']
  return typeof text === 'string' ? text : undefined
}

const membersOf = (asked: unknown): Readonly<Record<string, unknown>> | null | undefined =>
  asked as Readonly<Record<string, unknown>> | null | undefined

/** Of a text that can be parsed. */
const readOperation = (asked: unknown): StreamedOperation | undefined => {
  const query = textOf(asked)
  if (query === undefined) return undefined
  const document = parse(query)
  const name = membersOf(asked)?.['operationName']
  return {
    document,
    query,
    operationName: typeof name === 'string' && name !== '' ? name : undefined,
    variables: readVariables(membersOf(asked)?.['variables']),
  }
}

const readVariables = (given: unknown): Record<string, unknown> | undefined => {
  try {
    const value: unknown = typeof given === 'string' ? JSON.parse(given) : given
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
