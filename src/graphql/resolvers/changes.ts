/** What changed in objects, as a list of all and of each. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import { aliasOf, type ChangesTerms, placeCursor } from '../../loaders/loaders.ts'
import { changedValue } from '../../model/plain-values.ts'
import { andThen } from '../../model/maybe.ts'
import type { StoredChange } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Context } from '../context.ts'
import type { ChangeParent, ObjectParent } from '../parents.ts'
import { withRedacted } from '../personal/guard.ts'
import { redactedRow } from '../personal/redacted-rows.ts'
import { withPath } from './path.ts'

/** The value before or after, for callers who may know whom it is about and for those who may not. */
const valueAt = (side: 'old' | 'new') =>
  withRedacted(
    ({ row }: ChangeParent) => changedValue(row, side),
    ({ row }) => changedValue(row, side, redactedRow),
  )

/** The changes of an object of that collection. */
export const changesOfRow =
  (name: CollectionName) =>
  (
    { connector, row }: ObjectParent<CollectionName>,
    terms: ChangesTerms,
    context: Context,
    info: GraphQLResolveInfo,
  ) =>
    context.loaders.changesOf(connector, name, row, withPath(terms, context, info))

export const changes = {
  // The change stands in the root value, as events do.
  Subscription: {
    changes: {
      subscribe: () => {
        throw new Error('Subscriptions have a way of their own')
      },
      resolve: (root: unknown) => (root as { readonly changes: ChangeParent }).changes,
    },
  },
  Query: {
    changes: (_root, { connectors, ...terms }, context, info) =>
      // In resolvers a collection goes by its own name.
      context.loaders.changes(connectors, withPath(terms as ChangesTerms, context, info)),
  },
  Change: {
    id: ({ row }) => row.id,
    cursor: ({ row }, _args, { loaders }) =>
      placeCursor('changes', loaders.given(row as StoredChange)),
    connectorAlias: ({ connector }) => aliasOf(connector),
    connector: ({ connector }, _args, { loaders }) => loaders.connector(aliasOf(connector)),
    collection: ({ row }) => row.collection,
    objectId: ({ row }) => row.objectId,
    object: ({ connector, row: { collection, objectId } }, _args, { loaders }) =>
      andThen(loaders.row(connector, collection, objectId), found =>
        // Whoever asks an object of unknown type for its type tells it by its collection.
        found === null
          ? null
          : ({ ...found, collection } as unknown as ResolversParentTypes['Entity']),
      ),
    kind: ({ row }) => row.kind,
    field: ({ row }) => row.field,
    old: valueAt('old'),
    new: valueAt('new'),
    at: ({ row }) => row.at,
    learntFrom: ({ row }) => row.learntFrom,
  },
} satisfies Resolvers
