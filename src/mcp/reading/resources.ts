/** What models may read beside data: the schema in pieces, and pages of the documentation. */
import { existsSync, readFileSync } from 'node:fs'
import type { SchemaText } from './schema-text.ts'

export interface ListedResource {
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
}

export interface ListedTemplate extends Omit<ListedResource, 'uri'> {
  readonly uriTemplate: string
}

export interface ReadResource {
  readonly uri: string
  readonly mimeType: string
  readonly text: string
}

export interface Resources {
  list(): readonly ListedResource[]
  templates(): readonly ListedTemplate[]
  /** Undefined where there is nothing of that address. */
  read(uri: string): ReadResource | undefined
}

const pages: readonly (readonly [name: string, title: string, description: string])[] = [
  ['queries', 'Asking', 'Lists, pages, filters, groups, and what a query costs, with examples'],
  ['search', 'Searching', 'One value looked for everywhere'],
  ['history', 'History', 'What changed, timelines, and lists as they were at a moment'],
  ['webhooks', 'Events', 'What Push tells by webhook, and how it is asked for'],
  ['limits', 'Limits', 'What one query and one caller may cost'],
  ['ocsf', 'OCSF', 'Objects and events in the Open Cybersecurity Schema Framework'],
]

const DOCS = 'pushgraph://docs/'
const SCHEMA = 'pushgraph://schema'
const MARKDOWN = 'text/markdown'
const GRAPHQL = 'application/graphql'

/** `docs`: the folder of the documentation; pages that it lacks are not listed. */
export const createResources = (docs: URL, schema: SchemaText | undefined): Resources => {
  const fileOf = (page: string): URL => new URL(`${page}.md`, docs)
  const there = pages.filter(([name]) => existsSync(fileOf(name)))

  const readPage = (uri: string): ReadResource | undefined => {
    const [name] = there.find(([page]) => `${DOCS}${page}` === uri) ?? []
    return name === undefined
      ? undefined
      : { uri, mimeType: MARKDOWN, text: readFileSync(fileOf(name), 'utf8') }
  }

  const readSchema = (uri: string): ReadResource | undefined => {
    if (schema === undefined) return undefined
    const text = uri === SCHEMA ? schema.root() : schema.type(uri.slice(SCHEMA.length + 1))
    return text === undefined ? undefined : { uri, mimeType: GRAPHQL, text }
  }

  return {
    list: () => [
      ...there.map(([name, title, description]) => ({
        ...{ uri: `${DOCS}${name}`, name, title, description },
        mimeType: MARKDOWN,
      })),
      ...(schema === undefined ? [] : [schemaResource]),
    ],
    templates: () => (schema === undefined ? [] : [schemaTemplate]),
    read: uri => (uri.startsWith(SCHEMA) ? readSchema(uri) : readPage(uri)),
  }
}

const schemaResource: ListedResource = {
  uri: SCHEMA,
  name: 'schema',
  title: 'What can be asked',
  description: 'Everything that can be asked for at the root of the graph, a line each',
  mimeType: GRAPHQL,
}

const schemaTemplate: ListedTemplate = {
  uriTemplate: `${SCHEMA}/{type}`,
  name: 'type',
  title: 'A type of the schema',
  description: 'The definition of one type with its descriptions, such as Employee',
  mimeType: GRAPHQL,
}
