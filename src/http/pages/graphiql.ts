/** GraphiQL from this machine alone: the bundle that `vite build` leaves in build/graphiql. */
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PageData } from './page-data.ts'
import { sendPackedBy } from '../packing/packed-reply.ts'
import { addRoute, toRefusal } from '../refusals/refuse.ts'

/** No other host, no frame around it. The editor sets styles of its own and starts its workers from our files. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
}

const get = ['GET', 'HEAD'] as const

/** Where the page lies, what it opens with, and whether callers are asked who they are. */
export interface GraphiqlOptions {
  readonly directory: string
  readonly data: PageData
  readonly asksCallers: boolean
}

/** Serves the bundle in `directory` under /graphiql; `/` leads there. Where it was never built, it says how. */
export const serveGraphiql = (
  app: FastifyInstance,
  { directory, data, asksCallers }: GraphiqlOptions,
): void => {
  const given = JSON.stringify({ ...data, asksCallers })
  const leadThere = async (_: unknown, reply: FastifyReply) => reply.redirect('/graphiql', 302)

  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!existsSync(join(directory, 'index.html')))
      return reply
        .code(503)
        .send(
          toRefusal(
            'UNAVAILABLE',
            'GraphiQL has not been built: run `npm run prepare` where Pushgraph is installed',
          ),
        )
    const page = join(directory, 'index.html')
    head(reply, page, 'no-cache')
    return sendPackedBy(reply, request, withData(readFileSync(page, 'utf8'), given))
  }

  const assets = join(directory, 'assets')
  const sendAsset = async (request: FastifyRequest, reply: FastifyReply) => {
    const { name } = request.params as { readonly name: string }
    // A name begins with a letter and holds no slash, so that no path leads out of the folder.
    if (!/^\w[\w.-]*$/.test(name) || !existsSync(join(assets, name)))
      return reply.code(404).send(toRefusal('NOT_FOUND', 'GraphiQL has no such file; reload it'))
    // A file's name changes with its content.
    head(reply, name, 'public, max-age=31536000, immutable')
    return sendPackedBy(reply, request, createReadStream(join(assets, name)))
  }

  // The page itself shows nothing of the graph: it asks for a token where the graph does.
  addRoute(app, get, '/', leadThere, 'everybody')
  addRoute(app, get, '/graphiql', sendPage, 'everybody')
  addRoute(app, get, '/graphiql/assets/:name', sendAsset, 'everybody')
}

const head = (reply: FastifyReply, path: string, cacheControl: string): void => {
  void reply
    .type(types[extname(path)] ?? 'application/octet-stream')
    .header('content-security-policy', pagePolicy)
    .header('cache-control', cacheControl)
}

/** The page with that JSON as data, which no policy keeps it from reading. */
const withData = (page: string, json: string): string =>
  page.replace('<body>', () => {
    const data = json.replaceAll('<', '\\u003c')
    return `<body><script type="application/json" id="given">${data}</script>`
  })
