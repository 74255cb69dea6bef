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

type Walk = (
  graph: Graph,
  listing: Listing,
  size: number,
  terms?: Terms,
  between?: () => void | Promise<void>,
) => Promise<Walked>

/** What the page info says of the way a walk has come, and of the way it goes. */
const ways = {
  forward: { came: 'hasPreviousPage', goes: 'hasNextPage', to: 'endCursor' },
  backward: { came: 'hasNextPage', goes: 'hasPreviousPage', to: 'startCursor' },
} as const

const walk =
  (way: keyof typeof ways): Walk =>
  async (graph, listing, size, terms = {}, between = () => undefined) => {
    const { came, goes, to } = ways[way]
    const ids: string[] = []
    let at: string | null = null
    for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
      const asked = way === 'forward' ? { first: size, after: at } : { last: size, before: at }
      const { edges, pageInfo }: Page = await readPage(graph, listing, asked, terms)
      expectShape({ edges, pageInfo }, size)
      if (at === null) expect(pageInfo[came]).toBe(false)
      const met = edges.map(({ node }) => node.id)
      if (way === 'forward') ids.push(...met)
      else ids.unshift(...met)
      if (!pageInfo[goes]) return { ids, pages }
      // A page that promises more leads on.
      expect(pageInfo[to]).not.toBe(at)
      expect(pageInfo[to]).not.toBeNull()
      at = pageInfo[to]
      await between()
    }
    throw new Error('the list does not end')
  }

/**
 * All ids of a list, forward from its beginning in pages of that size. `between` runs before every page but the
 * first.
 */
export const walkForward = walk('forward')

/** The same, backward from its end. */
export const walkBackward = walk('backward')

const expectShape = ({ edges, pageInfo }: Pick<Page, 'edges' | 'pageInfo'>, size: number): void => {
  expect(edges.length).toBeLessThanOrEqual(size)
  if (edges.length > 0) expect(pageInfo.startCursor).toBe(edges[0]?.cursor)
}
