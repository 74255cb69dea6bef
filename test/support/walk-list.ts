/** Going through a list page by page, as a client does, and holding every page to what its page info promises. */
import { expect } from 'vitest'
import { collections } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import type { Answer, Graph, Terms } from './graph.ts'
import { type OrderKey, toVariable } from './reference-graph.ts'

export interface Listing {
  readonly name: CollectionName
  readonly filter?: object
  readonly orderBy?: readonly OrderKey[]
}

export interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly complete: boolean
}

export type PageArguments =
  | { readonly first: number; readonly after?: string | null; readonly before?: string }
  | { readonly last: number; readonly before?: string | null; readonly after?: string }

/** One page of a root list. */
export const readPage = async (
  graph: Graph,
  { name, filter, orderBy = [] }: Listing,
  page: PageArguments,
  terms: Terms = {},
): Promise<Page> => {
  const { type } = collections[name]
  const answer: Answer = await graph.run(
    `query ($filter: ${type}Filter, $orderBy: [${type}Order!],
      $first: Int, $after: String, $last: Int, $before: String) {
      list: ${name}(filter: $filter, orderBy: $orderBy,
        first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        complete
      }
    }`,
    { ...page, orderBy, ...(filter === undefined ? {} : { filter: toVariable(filter) }) },
    terms,
  )
  expect(answer.errors).toEqual([])
  return (answer.data as { readonly list: Page }).list
}

export interface Walked {
  /** In the order of the list, whichever way it was walked. */
  readonly ids: readonly string[]
  readonly pages: number
}

/** More pages than any walk through these small lists can need. */
const MOST_PAGES = 2_000

/**
 * All ids of a list, forward from its beginning in pages of that size. `between` runs before every page but the
 * first.
 */
export const walkForward = async (
  graph: Graph,
  listing: Listing,
  size: number,
  terms: Terms = {},
  between: () => void | Promise<void> = () => undefined,
): Promise<Walked> => {
  const ids: string[] = []
  let after: string | null = null
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const page: Page = await readPage(graph, listing, { first: size, after }, terms)
    expectShape(page, size)
    if (after === null) expect(page.pageInfo.hasPreviousPage).toBe(false)
    ids.push(...page.edges.map(({ node }) => node.id))
    if (!page.pageInfo.hasNextPage) return { ids, pages }
    // A page that promises more leads on.
    expect(page.pageInfo.endCursor).not.toBe(after)
    expect(page.pageInfo.endCursor).not.toBeNull()
    after = page.pageInfo.endCursor
    await between()
  }
  throw new Error('the list does not end')
}

/** The same, backward from its end. */
export const walkBackward = async (
  graph: Graph,
  listing: Listing,
  size: number,
  terms: Terms = {},
  between: () => void | Promise<void> = () => undefined,
): Promise<Walked> => {
  const ids: string[] = []
  let before: string | null = null
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const page: Page = await readPage(graph, listing, { last: size, before }, terms)
    expectShape(page, size)
    if (before === null) expect(page.pageInfo.hasNextPage).toBe(false)
    ids.unshift(...page.edges.map(({ node }) => node.id))
    if (!page.pageInfo.hasPreviousPage) return { ids, pages }
    expect(page.pageInfo.startCursor).not.toBe(before)
    expect(page.pageInfo.startCursor).not.toBeNull()
    before = page.pageInfo.startCursor
    await between()
  }
  throw new Error('the list does not begin')
}

const expectShape = ({ edges, pageInfo }: Page, size: number): void => {
  expect(edges.length).toBeLessThanOrEqual(size)
  if (edges.length > 0) expect(pageInfo.startCursor).toBe(edges[0]?.cursor)
}
