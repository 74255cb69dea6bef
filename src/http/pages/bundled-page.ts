/** A page of ours and the files that it is made of, from this machine alone, as `vite build` leaves them. */
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendPackedBy } from '../packing/packed-reply.ts'
import { addRoute, toRefusal } from '../refusals/refuse.ts'

export interface BundledPage {
  /** How it is called in words. */
  readonly title: string
  /** Where its build lies. */
  readonly directory: string
  /** Its address, and the one that its files stand below. */
  readonly path: string
  readonly assetsPath: string
  /** What its content security policy lets it have beyond its own files, by directive. */
  readonly beyondOwn: Readonly<Record<string, string>>
  /** What the page is given with it as data, which no policy keeps it from reading. */
  readonly given: object
}

/** No other host, no frame around it, no script and no style but its own files. */
const ownFiles: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'connect-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
}

const get = ['GET', 'HEAD'] as const

/** Serves it to everybody: it shows nothing of the graph by itself. Where it was never built, it says how. */
export const serveBundledPage = (
  app: FastifyInstance,
  { title, directory, path, assetsPath, beyondOwn, given }: BundledPage,
): void => {
  const policy = Object.entries({ ...ownFiles, ...beyondOwn })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')
  const data = JSON.stringify(given).replaceAll('<', '\\u003c')
  const head = (reply: FastifyReply, name: string, cacheControl: string): void => {
    void reply
      .type(types[extname(name)] ?? 'application/octet-stream')
      .header('content-security-policy', policy)
      .header('cache-control', cacheControl)
  }

  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const page = join(directory, 'index.html')
    if (!existsSync(page))
      return reply
        .code(503)
        .send(
          toRefusal(
            'UNAVAILABLE',
            `${title} has not been built: run \`npm run prepare\` where Pushgraph is installed`,
          ),
        )
    head(reply, page, 'no-cache')
    const text = readFileSync(page, 'utf8').replace(
      '<body>',
      () => `<body><script type="application/json" id="given">${data}</script>`,
    )
    return sendPackedBy(reply, request, text)
  }

  const assets = join(directory, 'assets')
  const sendAsset = async (request: FastifyRequest, reply: FastifyReply) => {
    const { name } = request.params as { readonly name: string }
    // A name begins with a letter and holds no slash, so that no path leads out of the folder.
    if (!/^\w[\w.-]*$/.test(name) || !existsSync(join(assets, name)))
      return reply.code(404).send(toRefusal('NOT_FOUND', `${title} has no such file; reload it`))
    // A file's name changes with its content.
    head(reply, name, 'public, max-age=31536000, immutable')
    return sendPackedBy(reply, request, createReadStream(join(assets, name)))
  }

  addRoute(app, get, path, sendPage, 'everybody')
  addRoute(app, get, `${assetsPath}/:name`, sendAsset, 'everybody')
}
