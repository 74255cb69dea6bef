/** What is counted while the server answers, and where Prometheus reads it. */
import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyInstance } from 'fastify'
import { isOfDoor } from '../admission/limits.ts'
import { sendPackedBy } from '../packing/packed-reply.ts'
import { addRoute } from '../refusals/refuse.ts'

/** Takes what is to be counted. Neither a value nor a name that a caller chose is among it. */
export interface Metering {
  /**
   * An operation was answered. `result`: `ok`, or the code of its first error. `limits`: those that it went beyond, each once;
   * none that the door counts.
   */
  operation(type: OperationType, result: string, ms: number, limits?: readonly string[]): void
  /** A delivery was answered, so long after its body had come. */
  delivery(ms: number): void
  /** All figures as Prometheus reads them. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** `none`: what was asked could not be read that far. */
export type OperationType = 'query' | 'mutation' | 'subscription' | 'none'

/** Serves the figures under /metrics. */
export const serveMetrics = (app: FastifyInstance, metering: Metering): void => {
  addRoute(
    app,
    ['GET', 'HEAD'],
    '/metrics',
    async (request, reply) => {
      const { contentType, text } = await metering.render()
      void reply.header('cache-control', 'no-store').type(contentType)
      return sendPackedBy(reply, request, text)
    },
    'metrics',
  )
}

/** Counts the operations that Apollo answers. */
export const meterOperations = (metering: Metering): ApolloServerPlugin => ({
  requestDidStart: async () => {
    const from = performance.now()
    return {
      willSendResponse: async ({ operation, response: { body } }) => {
        if (body.kind !== 'single') return
        metering.operation(
          operation?.operation ?? 'none',
          resultOf(body.singleResult),
          performance.now() - from,
          limitsOf(body.singleResult),
        )
      },
    }
  },
})

interface Answered {
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[]
}

/** The limits that its errors name, each once, but for those of the door, which has counted them. */
export const limitsOf = ({ errors = [] }: Answered): readonly string[] => {
  const limits = new Set<string>()
  for (const { extensions: { limit } = {} } of errors)
    if (typeof limit === 'string' && !isOfDoor(limit)) limits.add(limit)
  return [...limits]
}

/** `ok`, or the code of the first error; codes are words of ours and of Apollo's. */
export const resultOf = (answer: Answered): string => {
  const [error] = answer.errors ?? []
  if (error === undefined) return 'ok'
  const code = error.extensions?.['code']
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR'
}
