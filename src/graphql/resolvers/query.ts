/** Where every operation begins: the lists, and one object at a time. */
import type { QueryResolvers, Resolvers } from '../../generated/resolvers.ts'
import type { ListTerms } from '../../loaders/loaders.ts'
import { singles } from '../../model/collection-lookups.ts'
import { collectionNames } from '../../model/collections.ts'
import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from '../context.ts'
import { loadersAt, type SingleArguments, singleArguments } from '../analysis/arguments.ts'
import { withPath } from './path.ts'

interface ListArguments extends ListTerms {
  readonly connectors?: readonly string[] | null | undefined
  /** UNIX seconds. */
  readonly at?: number | null | undefined
}

const lists = Object.fromEntries(
  collectionNames.map(name => [
    name,
    (
      _root: unknown,
      { connectors, at, ...terms }: ListArguments,
      context: Context,
      info: GraphQLResolveInfo,
    ) => loadersAt(context.loaders, at).list(connectors, name, withPath(terms, context, info)),
  ]),
) as QueryResolvers

const ones = Object.fromEntries(
  [...singles].map(([field, name]) => [
    field,
    (_root: unknown, args: SingleArguments, { loaders }: Context) =>
      loadersAt(loaders, args.at).find(args.connector, name, singleArguments(name, args)),
  ]),
) as QueryResolvers

export const queryResolvers: Pick<Resolvers, 'Query'> = {
  Query: {
    ...lists,
    ...ones,
    connectors: (_root, _args, { loaders }) => [...loaders.connectors()],
  },
}
