/** The fields of the types that Push's lists are of: what stands in the row, the links, and the lists. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from '../context.ts'
import { changesOfRow } from './changes.ts'
import { withPath } from './path.ts'
import { fromRow } from '../compiled/row-field.ts'
import { ocsfField } from './ocsf.ts'
import { timelineOfRow } from './timeline.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import type { FoundObject, ListTerms } from '../../loaders/loaders.ts'
import { computedOf } from '../../model/collection-lookups.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import type { Field } from '../../model/collection.ts'
import { andThen } from '../../model/maybe.ts'
import { recognize } from '../../model/enums.ts'
import { metadataValue, type CollectionName, type DetectionEvent } from '../../model/rows.ts'
import { relations } from '../../model/relations.ts'
import { detectionEventFields } from '../../model/detection-events.ts'
import { aliasOf } from '../../loaders/loaders.ts'
import { fieldOf } from '../../model/values.ts'

type Parent = FoundObject
type Resolve = (
  parent: Parent,
  args: ListTerms,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown

/** One resolver for each field that the tables of the model know. */
const entity = (name: CollectionName): Record<string, Resolve> => ({
  ...ofRows(name, {
    ...plain(collections[name].fields),
    ...made(computedOf(name)),
    connectorAlias: ({ connector }: Parent) => aliasOf(connector),
  }),
  connector: ({ connector }, _args, { loaders }) => loaders.connector(aliasOf(connector)),
  history: ({ connector, row }, terms, context, info) =>
    context.loaders.history(connector, name, row, withPath(terms, context, info)),
  changes: changesOfRow(name),
  timeline: timelineOfRow(name),
  ocsf: ocsfField(name) as Resolve,
  ...Object.fromEntries(
    relations[name].toOne.map(({ name: field, idField, to }): [string, Resolve] => [
      field,
      ({ connector, row }, _args, { loaders }) => loaders.row(connector, to, text(row, idField)),
    ]),
  ),
  ...Object.fromEntries(
    relations[name].toMany.map((relation): [string, Resolve] => [
      relation.name,
      ({ connector, row }, terms, context, info) =>
        context.loaders.related(connector, relation, row, withPath(terms, context, info)),
    ]),
  ),
})

const ofRows = (
  name: CollectionName,
  fields: Readonly<Record<string, Resolve>>,
): Record<string, Resolve> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, resolve]) => [field, fromRow(name, resolve)]),
  )

type RowResolve = (parent: { readonly row: object }) => unknown

/** What stands in the row; a word of an enumeration as its value, with the word itself beside it. */
const plain = (fields: Readonly<Record<string, Field>>): Record<string, RowResolve> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, { enum: words }]): [string, RowResolve][] => {
      const raw: RowResolve = ({ row }) => fieldOf(row, name)
      if (words === undefined) return [[name, raw]]
      const known = (word: unknown): unknown =>
        typeof word === 'string' ? recognize(words, word) : null
      const value: RowResolve = parent => {
        const sent = raw(parent)
        return Array.isArray(sent) ? sent.map(known) : known(sent)
      }
      return [
        [name, value],
        [`${name}Raw`, raw],
      ]
    }),
  )

/** What is made of the row. */
const made = (fields: ReturnType<typeof computedOf>): Record<string, Resolve> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, of]): [string, Resolve] => [name, ({ row }) => of(row)]),
  )

const text = (row: object, field: string): string | null => {
  const value = fieldOf(row, field)
  return typeof value === 'string' ? value : null
}

const withEvents = (found: FoundObject<'detections'>) =>
  found.row.events?.map(row => ({ connector: found.connector, row })) ?? null

const loginMethodNames = Object.entries<Field>(collections.accounts.fields).flatMap(([name, of]) =>
  of.from.startsWith('loginMethods.') ? name : [],
)

/** What an account's row holds flat and the graph gives as one object. */
const { own: accountFields, members: loginMethods } = split(entity('accounts'))

function split(fields: Record<string, Resolve>) {
  const isMember = (name: string): boolean => loginMethodNames.includes(name)
  const pick = (members: boolean) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => isMember(name) === members))
  return { own: pick(false), members: pick(true) }
}

const types = Object.fromEntries(
  collectionNames.map(name => [collections[name].type, entity(name)]),
) as Resolvers

export const entities: Resolvers = {
  ...types,
  Account: { ...accountFields, loginMethods: account => account },
  LoginMethods: loginMethods,
  Detection: {
    ...types.Detection,
    // A list may leave the events out; the object itself has them.
    events: (found, _args, { loaders }) => {
      if (found.row.events !== null) return withEvents(found)
      const detailed = loaders.detailed(found.connector, 'detections', found.row.id)
      return andThen(detailed, known => known && withEvents(known))
    },
  },
  DetectionEvent: {
    ...plain(detectionEventFields),
    account: ({ connector, row }, _args, { loaders }) =>
      loaders.row(connector, 'accounts', row.accountId),
    metadata: ({ row }: { row: DetectionEvent }) => metadataValue(row.metadata),
    metadataRaw: ({ row }: { row: DetectionEvent }) => row.metadata,
  },
}
