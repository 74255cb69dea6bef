/** A list's page, and what is asked of the list as a whole. */
import type { Resolvers } from '../../generated/resolvers.ts'
import type { Group, ListConnection, ListPage } from '../../loaders/loaders.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import { storedLists, storedNames } from '../../model/stored.ts'
import { pageInfo, toSeconds } from './pages.ts'

const ofPage =
  <T>(read: (page: ListPage) => T) =>
  (connection: ListConnection): Maybe<T> =>
    andThen(connection.page(), read)

const connection = {
  nodes: ofPage(page => page.take()),
  edges: ofPage(page => page.take().map(node => ({ node, cursor: page.cursor(node) }))),
  pageInfo: ofPage(pageInfo),
  asOf: (list: ListConnection) => andThen(list.asOf(), toSeconds),
  complete: (list: ListConnection) => list.complete(),
  totalCount: (list: ListConnection) => list.totalCount(),
  groups: (list: ListConnection, args: Parameters<ListConnection['groups']>[0]) =>
    list.groups(args),
  groupCount: (list: ListConnection, args: Parameters<ListConnection['groupCount']>[0]) =>
    list.groupCount(args),
}

const group = {
  distinct: (of: Group, args: { readonly of: string }) => of.distinct(args.of),
  share: (of: Group, args: { readonly where: unknown }) => of.share(args.where),
}

/** The types whose objects stand in lists; a stored list answers the same questions. */
const listed = [
  ...collectionNames.map(name => collections[name].type),
  ...storedNames.map(name => storedLists[name].type),
]

export const connections = Object.fromEntries(
  listed.flatMap(type => [
    [`${type}Connection`, connection],
    [`${type}GroupCount`, group],
  ]),
) as Resolvers
