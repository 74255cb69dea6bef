/**
 * Operations as a stream of server-sent events: one answer after the other, then `complete`. A subscription that the
 * server ends has not come to its end: its connection breaks, so that its reader comes back.
 *
 * @see https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md, "distinct connections mode"
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'
import { type FormattedExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import { GatewayError } from '../../errors.ts'
import type { AppLog } from '../logging/log.ts'
import { noteErrors } from '../logging/operation-notes.ts'
import { refusal } from '../refusals/format-error.ts'
import { andThen, type Maybe, settled } from '../../model/maybe.ts'
import type { Rights } from '../../model/rights.ts'
import { ID_NAMES } from '../documents/asked-ids.ts'
import type { Reach } from '../refusals/reach.ts'
import { toRefusal } from '../refusals/refuse.ts'
import { securityHeaders } from '../refusals/security-headers.ts'
import type { Caller } from '../admission/caller.ts'
import type { OperationPlace } from '../admission/places.ts'
import type { OpenStreams } from '../callers/open-streams.ts'
import type { Exchange } from '../answering/answerer.ts'
import { VARY } from '../answering/raw-reply.ts'
import { type Door, Visit, waited } from '../answering/with-places.ts'
import { isDeliberate } from './deliberate.ts'
import { createWriter } from './event-writer.ts'
import { createNegotiation } from './negotiation.ts'
import { type OperationParameters, readParameters } from './parameters.ts'
import {
  type Answers,
  isStream,
  kindOf,
  type StreamedOperation,
  type Streams,
  subscriptionsIn,
} from './streams.ts'

/** The body that a request is refused with, with status 400. */
class Refused {
  readonly body: Pick<FormattedExecutionResult, 'errors'>
  readonly status: number

  constructor(body: Refused['body'], status = 400) {
    this.body = body
    this.status = status
  }
}

type StreamExchange = Pick<Exchange<unknown>, 'request' | 'reply' | 'text' | 'asked'>

export interface EventStreams {
  /** Whether the answer is to be a stream: the caller takes nothing else, or a stream of what is a subscription. */
  isMeant(exchange: StreamExchange): Maybe<boolean>
  answer(exchange: StreamExchange): Promise<FastifyReply>
  /** Breaks all subscriptions, those under way included; answers to queries and mutations leave whole. */
  close(): void
}

export interface EventStreamOptions {
  readonly streams: Streams
  readonly reach: Pick<Reach, 'isNamedOrigin'>
  readonly door: Door
  /** Has streams end with the rights of their callers; undefined where nobody is asked who it is. */
  readonly follow?: OpenStreams['follow'] | undefined
  /** What the caller may see and do; undefined where nobody is asked who it is. */
  readonly rightsOf: (request: IncomingMessage) => Rights | undefined
  /** Aborted when its caller leaves. */
  readonly signalOf: (reply: FastifyReply) => AbortSignal
}

export const createEventStreams = ({
  streams,
  reach,
  door,
  follow,
  rightsOf,
  signalOf,
}: EventStreamOptions): EventStreams => {
  const { admission, connections } = door
  const writer = createWriter(streams, admission, follow)

  /** What is asked for, or why it cannot be answered at all. */
  const read = async (
    exchange: StreamExchange,
    caller: Caller,
  ): Promise<StreamedOperation | Refused> => {
    const { request } = exchange
    if (!isDeliberate(request) && !reach.isNamedOrigin(request.headers.origin))
      return new Refused(
        toRefusal(
          'BAD_REQUEST',
          'A page of another site could have sent this: add the header content-type: application/json, or apollo-require-preflight: true',
        ),
      )
    const asked = await settled(() => parametersOf(exchange))
    if ('failure' in asked) return notAdmitted(asked.failure, request.notes.log)
    const parameters = asked.value
    if (typeof parameters === 'string') return new Refused(toRefusal('BAD_REQUEST', parameters))
    const operation = await streams.read(parameters, caller, request.notes)
    if (operation instanceof GraphQLError)
      return new Refused(streams.format({ errors: [operation] }, request.notes.log))
    // A link or a picture on a page may be a GET.
    if (request.method === 'GET' && kindOf(operation) === OperationTypeNode.MUTATION)
      return new Refused(
        toRefusal('BAD_REQUEST', 'A mutation cannot be asked for by GET: send it by POST'),
        405,
      )
    return operation
  }

  /** The answers to it. @throws {CallerLimitError} */
  const answersTo = async (
    operation: StreamedOperation,
    caller: Caller,
    { request, reply, text }: StreamExchange,
    place: OperationPlace,
  ): Promise<Answers> => {
    const { notes } = request
    const by = { caller, rights: rightsOf(request.raw), signal: signalOf(reply), notes }
    const errors = streams.check(operation, notes)
    if (errors.length > 0) return { errors }
    if (kindOf(operation) !== OperationTypeNode.SUBSCRIPTION) return streams.execute(operation, by)
    const count = subscriptionsIn(operation, [text, request.body])
    connections.whenLeft(reply.raw, admission.subscribe(caller, count))
    const answers = await streams.subscribe(operation, by)
    // From now on it waits for events.
    place.leave()
    return answers
  }

  /** The same once it has a place, before any of it is read; undefined where its caller has left before. */
  const answersInPlace = async (
    exchange: StreamExchange,
    caller: Caller,
  ): Promise<Answers | Refused | undefined> => {
    const { reply, text } = exchange
    const visit = new Visit(admission.enter(caller))
    connections.whenLeft(reply.raw, visit)
    if (!(await waited(admission, caller, visit.place, text?.length ?? 0))) return undefined
    visit.worksOn()
    try {
      const operation = await read(exchange, caller)
      return operation instanceof Refused
        ? operation
        : await answersTo(operation, caller, exchange, visit.place)
    } finally {
      visit.isDone()
    }
  }

  /** @throws whatever is no refusal */
  const notAdmitted = (failure: unknown, log: Pick<AppLog, 'error'>): Refused => {
    if (!(failure instanceof GatewayError)) throw failure
    return new Refused(streams.format({ errors: [refusal(failure) as GraphQLError] }, log))
  }

  const acceptedBy = createNegotiation()

  const isSubscription = (exchange: StreamExchange): Maybe<boolean> =>
    andThen(
      settled(() => parametersOf(exchange)),
      asked => {
        // What may not be asked for is no stream, and told so.
        if ('failure' in asked || typeof asked.value === 'string') return false
        return andThen(
          streams.read(
            asked.value,
            admission.callerOf(exchange.request.raw),
            exchange.request.notes,
          ),
          operation =>
            !(operation instanceof GraphQLError) &&
            kindOf(operation) === OperationTypeNode.SUBSCRIPTION,
        )
      },
    )

  return {
    isMeant: exchange => {
      const accepted = acceptedBy(exchange.request.headers.accept)
      if (accepted !== 'either') return accepted === 'stream'
      return mayBeSubscription(exchange) && isSubscription(exchange)
    },
    answer: async exchange => {
      const { request, reply } = exchange
      const { notes } = request
      notes.transport = 'sse'
      const caller = admission.callerOf(request.raw)
      const answers = await answersInPlace(exchange, caller)
      if (answers instanceof Refused) noteErrors(notes, answers.body.errors)
      else if (answers !== undefined && !isStream(answers))
        noteErrors(notes, streams.format(answers, notes.log).errors)
      if (answers instanceof Refused) return reply.code(answers.status).send(answers.body)
      if (answers === undefined) return reply.hijack()
      reply.hijack()
      reply.raw.writeHead(200, {
        ...securityHeaders(request.id),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        vary: VARY,
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      })
      reply.raw.flushHeaders()
      await writer.send(answers, reply.raw, { caller, log: notes.log })
      return reply
    },
    close: writer.close,
  }
}

/** @throws {GatewayError} where its document may not be asked for */
const parametersOf = (exchange: StreamExchange): Maybe<OperationParameters | string> =>
  andThen(exchange.asked(), asked => readParameters(asked, exchange.request.method === 'GET'))

/** Nearly all that is asked is no subscription, and shows it without being read; but an id shows nothing. */
const mayBeSubscription = ({ text, request }: StreamExchange): boolean =>
  isWorthReading.test(text ?? Object.entries(request.query ?? {}).join())

const isWorthReading = new RegExp(`subscription|${ID_NAMES}`)
