/**
 * The chain of answerers: the response cache, compiled documents, Apollo Server. Each answers what it can, and else hands
 * on the answer of the next, from which it may learn.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { andThen, type Maybe, type Settled, settled } from '../../model/maybe.ts'
import type { OperationNotes } from '../logging/operation-notes.ts'
import type { PackedBodies, WholeBody } from '../packing/packed-bodies.ts'

/** The body of an answer as it is sent. */
export interface Sendable {
  /** Text goes out in one piece with the headers before it; what is long comes in several. */
  readonly body: WholeBody
  /** In bytes. */
  readonly length: number
  /** How the letters of a text become its bytes; absent where it is bytes already. */
  readonly encoding?: 'latin1' | 'utf8' | undefined
}

/** A body of JSON that nobody has read yet: most answers are found by its text. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export interface Answer extends Sendable {
  readonly status: number
  /** Beside those that every answer has. */
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>
  /** Where that of its body is known already. */
  readonly entityTag?: string | undefined
  /** Its body as it was packed for others; undefined where it is sent but once. */
  readonly packed?: PackedBodies | undefined
}

/** Gives the answer. One stands before another that it asks where it has none of its own. */
export type GiveAnswer<Context> = (exchange: Exchange<Context>) => Maybe<Answer>

export interface ExchangeOptions<Context> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly notes: OperationNotes
  readonly open: (request: FastifyRequest, reply: FastifyReply) => Maybe<Context>
  /** Reads a body. @throws where it is no JSON */
  readonly parse: (request: FastifyRequest, text: string) => unknown
  /** What may be asked for, with the text of its document. @throws {GatewayError} */
  readonly admit: (request: FastifyRequest, asked: unknown) => Maybe<unknown>
}

const valueOf = (settledAs: Settled<unknown>): unknown => {
  if ('failure' in settledAs) throw settledAs.failure
  return settledAs.value
}

// A class rather than closures: one is made for each request, and most of what it can do is never asked of it.
/** One request for an operation, as the answerers share it. */
export class Exchange<Context> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** What the log will say of its operation. */
  readonly notes: OperationNotes
  /** When its body had come, by `performance.now()`. */
  readonly receivedAt = performance.now()
  /** The JSON of its body as it came; undefined where it has none. */
  readonly text: string | undefined
  readonly #options: ExchangeOptions<Context>
  #asked: Maybe<Settled<unknown>> | undefined
  #opened: Maybe<Settled<Context>> | undefined

  constructor(options: ExchangeOptions<Context>) {
    const { request, reply, notes } = options
    this.request = request
    this.reply = reply
    this.notes = notes
    this.text = request.body instanceof JsonText ? request.body.text : undefined
    this.#options = options
  }

  /**
   * What it asks for, with the text of its document: its body, or its query where it is a GET.
   *
   * @throws {GatewayError} where that may not be asked for
   * @throws where the body is no JSON
   */
  asked(): Maybe<unknown> {
    return andThen(this.admitted(), valueOf)
  }

  /** The same; what refuses it is an answer, too. */
  admitted(): Maybe<Settled<unknown>> {
    this.#asked ??= this.#read()
    return this.#asked
  }

  #read(): Maybe<Settled<unknown>> {
    const { request, text } = this
    try {
      if (text !== undefined) request.body = this.#options.parse(request, text)
      const asked = request.method === 'GET' ? request.query : request.body
      const value = this.#options.admit(request, asked)
      return value instanceof Promise ? settled(() => value) : { value }
    } catch (failure) {
      return { failure }
    }
  }

  /** The context of its operation, made once. @throws what refuses the caller */
  context(): Maybe<Context> {
    const { request, reply, open } = this.#options
    this.#opened ??= settled(() => open(request, reply))
    return andThen(this.#opened, opened => {
      this.#opened = opened
      if ('failure' in opened) throw opened.failure
      return opened.value
    })
  }

  /** The same where that is at hand and refuses nobody. */
  opened(): Context | undefined {
    const opened = this.#opened
    return opened === undefined || opened instanceof Promise || 'failure' in opened
      ? undefined
      : opened.value
  }
}
