/** Whether the process answers, and whether it can do its work. */
import type { FastifyInstance } from 'fastify'
import { addRoute } from './refusals/refuse.ts'

/** Serves `/livez` and `/readyz`. `reasons`: why the server cannot do its work now, in sentences; none where it can. */
export const serveHealth = (app: FastifyInstance, reasons: () => readonly string[]): void => {
  addRoute(app, ['GET', 'HEAD'], '/livez', async () => ({ status: 'ok' }))
  addRoute(app, ['GET', 'HEAD'], '/readyz', async (_, reply) => {
    const found = reasons()
    if (found.length === 0) return { status: 'ok' }
    return reply.code(503).send({ status: 'unavailable', reasons: found })
  })
}
