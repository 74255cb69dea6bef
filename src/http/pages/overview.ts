/** The overview at `/`: what an analyst looks at first, from this machine alone. */
import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Naming } from '../../graphql/schema/schema.ts'
import { serveBundledPage } from './bundled-page.ts'
import { renamer } from './served-names.ts'

const folder = new URL('overview/documents/', import.meta.url)

/** The document of each tile by the name of its operation, as this graph names its types and fields. */
export type OverviewDocuments = Readonly<Record<string, string>>

/** Reads those that are written for a graph without a prefix. */
export const overviewDocumentsOf = (naming: Naming): OverviewDocuments => {
  const rename = renamer({ naming, mutations: false })
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
    beyondOwn: {},
    given: { documents, asksCallers },
  })
