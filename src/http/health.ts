/** Whether the process answers, and whether it can do its work. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { allRights, type Rights } from '../model/rights.ts'
import { identityOf } from './callers/identity.ts'
import { addRoute } from './refusals/refuse.ts'

export interface HealthOptions {
  /** Why the server cannot do its work now, in sentences for a caller of these rights; empty where it can. */
  readonly reasons: (rights: Rights) => readonly string[]
  /** What of its work it cannot do, though it answers, in sentences for a caller of these rights. */
  readonly notices: (rights: Rights) => Promise<readonly string[]>
  /** Whether reasons are for those alone who prove who they are. */
  readonly asksCallers: boolean
}

/** Serves `/livez` and `/readyz`. */
export const serveHealth = (
  app: FastifyInstance,
  { reasons, notices, asksCallers }: HealthOptions,
): void => {
  /** Undefined where nothing is told but the status. */
  const rightsOf = ({ raw }: FastifyRequest): Rights | undefined =>
    asksCallers ? identityOf(raw)?.rights : allRights

  const get = ['GET', 'HEAD'] as const
  addRoute(app, get, '/livez', async () => ({ status: 'ok' }), 'everybody')
  addRoute(
    app,
    get,
    '/readyz',
    async (request, reply) => {
      const rights = rightsOf(request)
      const found = reasons(rights ?? allRights)
      const isReady = found.length === 0
      const told = rights === undefined ? [] : isReady ? await notices(rights) : found
      const body = told.length === 0 ? {} : { reasons: told }
      if (isReady) return { status: 'ok', ...body }
      return reply.code(503).send({ status: 'unavailable', ...body })
    },
    'known where proved',
  )
}
