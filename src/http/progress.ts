/** How far operations are that run. */
import type { FastifyInstance } from 'fastify'
import type { Progress } from '../graphql/operation/progress.ts'
import type { OperationRecord } from '../graphql/operation/record.ts'
import type { Contexts } from './apollo/contexts.ts'
import { addRoute } from './refusals/refuse.ts'

/** How far the operation of that record is; undefined while it does not run. */
export type ProgressOf = (record: OperationRecord) => Progress | undefined

/**
 * `/graphql/progress/{id}`: how far the caller's own operation is that it sent with this `x-request-id`. Where none is under
 * way here, there is nothing to tell, which is no failure: it has not begun, or is answered.
 */
export const serveProgress = (
  scope: FastifyInstance,
  { underWay }: Pick<Contexts<unknown>, 'underWay'>,
  progressOf: ProgressOf | undefined,
): void => {
  if (progressOf === undefined) return
  addRoute(scope, ['GET'], '/graphql/progress/:id', async (request, reply) => {
    const { id } = request.params as { readonly id: string }
    const record = underWay(request, id)
    const progress = record && progressOf(record)
    void reply.header('cache-control', 'no-store')
    return progress ?? reply.code(204).send()
  })
}
