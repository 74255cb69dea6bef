/** The contexts of operations over HTTP, and what ends them before their time. */
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationRecord } from '../../graphql/operation/record.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { Rights } from '../../model/rights.ts'

/** What an operation's context may know of the request that asks for it. */
export interface GraphRequest {
  readonly id: string
  /** Who asks, as far as limits tell callers apart; undefined within this process. */
  readonly caller?: string | undefined
  /** Among whose answers its answer counts, where that is another. */
  readonly payer?: string | undefined
  /** What it may see and do; everything where absent. */
  readonly rights?: Rights | undefined
  /** The only connector that it has to do with; whatever it sees where absent. */
  readonly connector?: string | undefined
  /** Aborted when the caller leaves before the answer, or when the server cannot wait for it any longer. */
  readonly signal: AbortSignal
  /** The `Cache-Control` header: how old the answer may be. */
  readonly cacheControl: string | undefined
  /** The `x-pushgraph-plan` header. */
  readonly plan: string | undefined
  /** What is told of its operation later; undefined where nothing is. */
  readonly record?: OperationRecord | undefined
}

/** A fresh context for each operation; a GatewayError refuses the operation. */
export type MakeContext<Context> = (request: GraphRequest) => Maybe<Context>

export interface Contexts<Context> {
  /** Aborted when the caller leaves before the answer is whole, or when the server cannot wait for it any longer. */
  signalOf(reply: Pick<FastifyReply, 'raw'>): AbortSignal
  /** That of the operation which this request asks for. @throws what refuses the caller */
  open(request: FastifyRequest, reply: FastifyReply): Maybe<Context>
  /**
   * What is noted of the operation under way that this request's caller asks for with that `x-request-id`, which it chose
   * itself; undefined where there is none.
   */
  underWay(request: FastifyRequest, id: string): OperationRecord | undefined
  /** Aborts whatever still runs. */
  abort(): void
}

export const createContexts = <Context>(
  make: MakeContext<Context>,
  callerOf: (request: IncomingMessage) => string,
  rightsOf: (request: IncomingMessage) => Rights | undefined,
): Contexts<Context> => {
  const running = new Set<AbortController>()
  const named = new Map<string, { readonly caller: string; readonly record: OperationRecord }>()

  const signalOf: Contexts<Context>['signalOf'] = ({ raw }) => {
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

  return {
    signalOf,

    open: (request, reply) => {
      const { id, raw, headers, notes: record } = request
      const caller = callerOf(raw)
      // Nobody can ask after an id that nobody was told.
      if (headers['x-request-id'] === id && !reply.raw.destroyed) {
        const entry = { caller, record }
        named.set(id, entry)
        reply.raw.once('close', () => {
          if (named.get(id) === entry) named.delete(id)
        })
      }
      return make({
        id,
        caller,
        rights: rightsOf(raw),
        signal: signalOf(reply),
        cacheControl: headers['cache-control'],
        plan: [headers['x-pushgraph-plan']].flat()[0],
        record,
      })
    },

    underWay: ({ raw }, id) => {
      const found = named.get(id)
      return found?.caller === callerOf(raw) ? found.record : undefined
    },

    abort: () => {
      for (const controller of running) controller.abort()
    },
  }
}
