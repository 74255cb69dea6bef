/** The fields that a selection has of an object, as graphql-js would collect them. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql'

/** Fields of one name in the answer; the first one has the arguments, all of them select. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>

export type CollectFields = (
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
) => CollectedFields

/** Collects from a valid document in which nothing is left out by a directive. */
export const fieldCollector = (schema: GraphQLSchema, document: DocumentNode): CollectFields => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)

  const applies = (
    node: Pick<FragmentDefinitionNode, 'typeCondition'>,
    type: GraphQLObjectType,
  ): boolean => {
    const condition = typeFromAST(schema, node.typeCondition)
    return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
  }

  return (type, selections) => {
    const fields = new Map<string, FieldNode[]>()
    const visited = new Set<string>()
    const collect = (set: SelectionSetNode): void => {
      for (const node of set.selections)
        switch (node.kind) {
          case Kind.FIELD: {
            const key = node.alias?.value ?? node.name.value
            const known = fields.get(key)
            if (known === undefined) fields.set(key, [node])
            else known.push(node)
            break
          }
          case Kind.INLINE_FRAGMENT:
            if (
              node.typeCondition === undefined ||
              applies({ typeCondition: node.typeCondition }, type)
            )
              collect(node.selectionSet)
            break
          case Kind.FRAGMENT_SPREAD: {
            const name = node.name.value
            const fragment = fragments.get(name)
            if (visited.has(name) || fragment === undefined) break
            visited.add(name)
            if (applies(fragment, type)) collect(fragment.selectionSet)
            break
          }
          default:
            node satisfies never
        }
    }
    for (const set of selections) collect(set)
    return fields
  }
}
