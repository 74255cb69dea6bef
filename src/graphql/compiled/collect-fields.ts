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
import { appliesTo, fieldsIn, fragmentFinder, keyOf } from '../analysis/selections.ts'

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
    const visited = new Set<string>()
    const enters = (node: SelectionNode): boolean => {
      if (node.kind === Kind.FIELD) return true
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(node.name.value)) return false
        visited.add(node.name.value)
      }
      return appliesTo(schema, findFragment(node), type)
    }
    return Map.groupBy(
      selections.flatMap(set => [...fieldsIn(set, findFragment, enters)]),
      keyOf,
    )
  }
}
