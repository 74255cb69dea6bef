/** GraphiQL from this machine alone: the bundle that `vite build` leaves in build/graphiql. */
import type { FastifyInstance } from 'fastify'
import { serveBundledPage } from './bundled-page.ts'
import type { PageData } from './page-data.ts'

/** The editor sets styles of its own and starts its workers from our files. */
const EDITOR = {
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self' data:",
}

/** Where the page lies, what it opens with, and whether callers are asked who they are. */
export interface GraphiqlOptions {
  readonly directory: string
  readonly data: PageData
  readonly asksCallers: boolean
}

/** Serves the bundle in `directory` under /graphiql. Where it was never built, it says how. */
export const serveGraphiql = (
  app: FastifyInstance,
  { directory, data, asksCallers }: GraphiqlOptions,
): void =>
  serveBundledPage(app, {
    title: 'GraphiQL',
    directory,
    path: '/graphiql',
    assetsPath: '/graphiql/assets',
    beyondOwn: EDITOR,
    given: { ...data, asksCallers },
  })
