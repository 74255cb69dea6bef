/** The contexts of operations over HTTP, one for each request, and what ends them before their time. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { andThen, type Maybe, type Settled, settled } from '../../model/maybe.ts'
import { withNotes } from './apollo.ts'
import { type OperationNotes } from '../logging/operation-notes.ts'

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

export interface ContextOptions<Context extends object> {
  /** A fresh context for each operation; a GatewayError refuses the operation. */
  readonly context: (request: GraphRequest) => Maybe<Context>
  /**
   * Tells whether the complete answer of that context would be given again, and then counts as giving it; without it
   * none is sent twice.
   */
  readonly validator?: (context: Context) => (() => boolean) | undefined
}

export interface Contexts<Context> {
  /** That of the operation which this request asks for, made once. @throws what refuses the caller */
  of(request: FastifyRequest, reply: FastifyReply): Maybe<Context>
  /** Aborts whatever still runs. */
  abort(): void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the operation that it asks for was given to begin with, or what refused it. */
    operationContext?: Settled<unknown>
  }
}

export const createContexts = <Context extends object>(
  app: FastifyInstance,
  { context: make, validator }: ContextOptions<Context>,
): Contexts<Context> => {
  app.decorateRequest('operationContext')
  const running = new Set<AbortController>()

  /** Aborted when the caller has left without the whole answer. */
  const signalOf = ({ raw }: FastifyReply): AbortSignal => {
    const controller = new AbortController()
    if (raw.destroyed) {
      controller.abort()
      return controller.signal
    }
    running.add(controller)
    raw.once('close', () => {
      running.delete(controller)
      if (!raw.writableFinished) controller.abort()
    })
    return controller.signal
  }

  const open = (request: FastifyRequest, reply: FastifyReply): Maybe<Context> => {
    const about: OperationNotes = { log: request.log }
    request.notes = about
    const made = make({
      id: request.id,
      signal: signalOf(reply),
      cacheControl: request.headers['cache-control'],
      plan: [request.headers['x-pushgraph-plan']].flat()[0],
    })
    return andThen(made, context => {
      // Not assigned where it is written, which would have V8 make it in the old space.
      const again = validator && ((): ReturnType<typeof validator> => validator(context))
      if (again !== undefined) about.validator = again
      return withNotes(context, about)
    })
  }

  return {
    of: (request, reply) =>
      andThen(request.operationContext ?? settled(() => open(request, reply)), opened => {
        request.operationContext = opened
        if ('failure' in opened) throw opened.failure
        return opened.value as Context
      }),

    abort: () => {
      for (const controller of running) controller.abort()
    },
  }
}
