/** Whether the process answers, and whether it can do its work. */
import type { FastifyInstance } from 'fastify'
import { addRoute } from './refusals/refuse.ts'

/**
 * Serves `/livez` and `/readyz`. `reasons`: why the server cannot do its work now, in sentences; none where it can.
 * `notices`: what of its work it cannot do, though it answers.
 */
export const serveHealth = (
  app: FastifyInstance,
  reasons: () => readonly string[],
  notices: () => Promise<readonly string[]>,
): void => {
  addRoute(app, ['GET', 'HEAD'], '/livez', async () => ({ status: 'ok' }))
  addRoute(app, ['GET', 'HEAD'], '/readyz', async (_, reply) => {
    const found = reasons()
    if (found.length === 0) {
      const told = await notices()
      return told.length === 0 ? { status: 'ok' } : { status: 'ok', reasons: told }
    }
    return reply.code(503).send({ status: 'unavailable', reasons: found })
  })
}
