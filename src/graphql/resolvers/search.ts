/** One value looked for everywhere. */
import type { EntityResolvers, Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import type { Hit, Search, SearchPage } from '../../loaders/loaders.ts'
import { collections } from '../../model/collections.ts'
import { pathOf } from '../path.ts'
import { searchArguments } from '../search-arguments.ts'

type Entity = ResolversParentTypes['Entity']
type TypeName = Awaited<ReturnType<NonNullable<EntityResolvers['__resolveType']>>>

const ofPage =
  <T>(read: (page: SearchPage) => T) =>
  async (search: Search): Promise<T> =>
    read(await search.page())

export const search = {
  Query: {
    search: (_root, args, context, info) =>
      context.loaders.search(args.connectors, {
        ...searchArguments(args),
        path: pathOf(context, info),
      }),
  },
  SearchConnection: {
    nodes: ofPage(({ hits }) => [...hits] as Entity[]),
    edges: ofPage(page => page.hits.map(node => ({ node, cursor: page.cursor(node) }))),
    pageInfo: ofPage(({ hasNextPage, hasPreviousPage, startCursor, endCursor }) => ({
      hasNextPage,
      hasPreviousPage,
      startCursor,
      endCursor,
    })),
    asOf: ofPage(({ asOf }) => (asOf === null ? null : Math.floor(asOf / 1_000))),
    complete: ofPage(({ complete }) => complete),
    totalCount: found => found.totalCount(),
  },
  SearchEdge: { matchedOn: ({ node }) => [...node.matchedOn] },
  Entity: { __resolveType: hit => collections[(hit as Hit).collection].type as TypeName },
} satisfies Resolvers
