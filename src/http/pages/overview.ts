/** The overview at `/`: what an analyst looks at first, from this machine alone. */
import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { buildASTSchema } from 'graphql'
import { loadTypeDefs, type Naming, renameOperation } from '../../graphql/schema/schema.ts'
import { serveBundledPage } from './bundled-page.ts'

/** No other host, no frame around it, no script and no style but its own files. */
const overviewPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const folder = new URL('overview/documents/', import.meta.url)

/** The document of each tile by the name of its operation, as this graph names its types and fields. */
export type OverviewDocuments = Readonly<Record<string, string>>

/** Reads those that are written for a graph without a prefix. */
export const overviewDocumentsOf = (naming: Naming): OverviewDocuments => {
  const schema = buildASTSchema(loadTypeDefs())
  const rename = (text: string): string =>
    naming.prefix === '' ? text : renameOperation(text, schema, naming)
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map(name => readFileSync(new URL(name, folder), 'utf8'))
      .map(text => [/^(?:query|subscription) (\w+)/.exec(text)?.[1] ?? '', rename(text)]),
  )
}

/** What its page is made of, and whether callers are asked who they are. */
export interface OverviewOptions {
  readonly directory: string
  readonly documents: OverviewDocuments
  readonly asksCallers: boolean
}

export const serveOverview = (
  app: FastifyInstance,
  { directory, documents, asksCallers }: OverviewOptions,
): void =>
  serveBundledPage(app, {
    title: 'The overview',
    directory,
    path: '/',
    assetsPath: '/overview/assets',
    policy: overviewPolicy,
    given: { documents, asksCallers },
  })
