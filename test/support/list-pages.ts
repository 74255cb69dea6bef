/** Walking a list of the graph page by page, as a client does with the cursors it is given. */
import type { Graph, Terms } from './graph.ts'

export interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

export interface Listed {
  readonly ids: string[]
  readonly pageInfo: PageInfo
  readonly totalCount: number
  readonly complete: boolean
  readonly asOf: string | null
  readonly requests: number
}

export interface ListArguments {
  readonly first?: number
  readonly after?: string | null
  readonly last?: number
  readonly before?: string | null
  /** Further arguments as they stand in the document. */
  readonly more?: string
  /** Further fields of the connection. */
  readonly fields?: string
}

/** One page of a root list. @throws when the answer has errors. */
export const listPage = async (
  graph: Graph,
  name: string,
  { first, after, last, before, more = '', fields = '' }: ListArguments = {},
  terms: Terms = {},
): Promise<Listed> => {
  const given = Object.entries({ first, last, after, before })
    .filter(([, value]) => value !== undefined)
    .map(([argument, value]) => `${argument}: ${JSON.stringify(value)}`)
  const answer = await graph.run(
    `{ ${name}(${[...given, more, 'connectors: ["default"]'].join(' ')}) {
      edges { cursor node { id } } nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } complete asOf ${fields}
    } }`,
    {},
    terms,
  )
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors))
  const data = answer.data as Readonly<Record<string, Connection>>
  const connection = data[name]
  if (connection === undefined) throw new Error(`no answer for ${name}`)
  return toListed(connection, answer.requests)
}

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: PageInfo
  readonly totalCount?: number
  readonly complete: boolean
  readonly asOf: string | null
}

const toListed = (connection: Connection, requests: number): Listed => {
  const ids = connection.nodes.map(({ id }) => id)
  if (connection.edges.some(({ node }, index) => node.id !== ids[index]))
    throw new Error('edges and nodes differ')
  const { startCursor } = connection.pageInfo
  if (connection.edges.length > 0 && startCursor !== connection.edges[0]?.cursor)
    throw new Error('startCursor is not the cursor of the first edge')
  return { ...connection, totalCount: connection.totalCount ?? -1, ids, requests }
}

/** The pages of a root list from its beginning to its end; `between` runs after each. */
export const pagesForward = async (
  graph: Graph,
  name: string,
  first: number,
  between: (page: Listed, index: number) => unknown = () => undefined,
  more = '',
): Promise<Listed[]> => {
  const pages: Listed[] = []
  let after: string | null = null
  do {
    const page: Listed = await listPage(graph, name, { first, after, more })
    pages.push(page)
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    await between(page, pages.length - 1)
  } while (after !== null)
  return pages
}

/** The pages of a root list from its end to its beginning. */
export const pagesBackward = async (
  graph: Graph,
  name: string,
  last: number,
  more = '',
): Promise<Listed[]> => {
  const pages: Listed[] = []
  let before: string | null = null
  do {
    const page: Listed = await listPage(graph, name, { last, before, more })
    pages.push(page)
    before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null
  } while (before !== null)
  return pages
}

export const idsOf = (pages: readonly { readonly ids: readonly string[] }[]): string[] =>
  pages.flatMap(({ ids }) => ids)
