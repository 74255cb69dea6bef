/** Where every operation begins: the lists, and one object at a time. */
import type { QueryResolvers, Resolvers } from '../../generated/resolvers.ts'
import type { ListTerms } from '../../loaders/loaders.ts'
import { collectionNames } from '../../model/collections.ts'
import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from '../context.ts'
import { exactlyOne } from '../analysis/arguments.ts'
import { answerPathOf } from './path.ts'

interface ListArguments extends ListTerms {
  readonly connectors?: readonly string[] | null | undefined
}

const lists = Object.fromEntries(
  collectionNames.map(name => [
    name,
    (
      _root: unknown,
      { connectors, ...terms }: ListArguments,
      context: Context,
      info: GraphQLResolveInfo,
    ) => context.loaders.list(connectors, name, { ...terms, path: answerPathOf(context, info) }),
  ]),
) as QueryResolvers

export const queryResolvers: Pick<Resolvers, 'Query'> = {
  Query: {
    ...lists,
    employee: (_root, args, { loaders }) =>
      loaders.find(
        args.connector,
        'employees',
        exactlyOne(args, 'id', 'email')
          ? { id: args.id ?? '' }
          : { filter: { email: { eq: args.email } } },
      ),
    app: (_root, args, { loaders }) =>
      loaders.find(
        args.connector,
        'apps',
        exactlyOne(args, 'id', 'type')
          ? { id: args.id ?? '' }
          : { filter: { type: { eq: args.type } } },
      ),
    account: (_root, { id, connector }, { loaders }) => loaders.find(connector, 'accounts', { id }),
    browser: (_root, { id, connector }, { loaders }) => loaders.find(connector, 'browsers', { id }),
    browserExtension: (_root, { id, connector }, { loaders }) =>
      loaders.find(connector, 'browserExtensions', { id }),
    finding: (_root, { id, connector }, { loaders }) => loaders.find(connector, 'findings', { id }),
    detection: (_root, { id, connector }, { loaders }) =>
      loaders.find(connector, 'detections', { id }),
    connectors: (_root, _args, { loaders }) => [...loaders.connectors()],
  },
}
