/** The fields that a selection has of an object, as graphql-js would collect them. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import {
  appliesTo,
  eachFragmentOnce,
  fieldsIn,
  fragmentFinder,
  keyOf,
} from '../analysis/selections.ts'

/** Fields of one name in the answer; the first one has the arguments, all of them select. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>

/** The fields that those selections, taken together, have of objects of a type: by name, in the order of the answer. */
export type CollectFields = (
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
) => CollectedFields

/** Collects from a valid document in which nothing is left out by a directive. */
export const fieldCollector = (schema: GraphQLSchema, document: DocumentNode): CollectFields => {
  const findFragment = fragmentFinder(document)

  return (type, selections) => {
    const isNew = eachFragmentOnce()
    const enters = (node: SelectionNode): boolean =>
      node.kind === Kind.FIELD || (isNew(node) && appliesTo(schema, findFragment(node), type))
    return Map.groupBy(
      selections.flatMap(set => [...fieldsIn(set, findFragment, enters)]),
      keyOf,
    )
  }
}
