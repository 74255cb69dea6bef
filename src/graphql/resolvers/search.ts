/** One value looked for everywhere. */
import type { EntityResolvers, Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import type { Hit, ListPage, Search } from '../../loaders/loaders.ts'
import { collections } from '../../model/collections.ts'
import { type EventRow, eventTypeOf, withPayload } from '../../model/events.ts'
import type { EventParent } from '../parents.ts'
import { asOf, pageInfo } from './pages.ts'
import { withPath } from './path.ts'
import { searchArguments } from '../analysis/arguments.ts'

type Entity = ResolversParentTypes['Entity']
type TypeName = Awaited<ReturnType<NonNullable<EntityResolvers['__resolveType']>>>

/** An event is resolved with its body at hand. */
const toNode = (hit: Hit): Hit =>
  hit.collection === 'events' ? withPayload(hit as Hit & { readonly row: EventRow }) : hit

const ofPage =
  <T>(read: (page: ListPage<Hit>) => T) =>
  async (search: Search): Promise<T> =>
    read(await search.page())

export const search = {
  Query: {
    search: (_root, args, context, info) =>
      context.loaders.search(args.connectors, withPath(searchArguments(args), context, info)),
  },
  SearchConnection: {
    nodes: ofPage(page => page.take().map(toNode) as Entity[]),
    edges: ofPage(page =>
      page.take().map(hit => ({
        node: toNode(hit),
        cursor: page.cursor(hit),
        matchedOn: hit.matchedOn,
      })),
    ),
    pageInfo: ofPage(pageInfo),
    asOf: ofPage(asOf),
    complete: ofPage(({ complete }) => complete),
    totalCount: found => found.totalCount(),
  },
  SearchEdge: { matchedOn: ({ matchedOn }) => [...matchedOn] },
  Entity: {
    __resolveType: of => {
      const { collection } = of as Hit
      return collection === 'events'
        ? eventTypeOf((of as EventParent).row)
        : (collections[collection].type as TypeName)
    },
  },
} satisfies Resolvers
