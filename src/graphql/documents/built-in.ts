/** What is answered though nobody lists it: questions about the schema, and those by which gateways join entities. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'

/** They tell of the schema alone, as far as PUSHGRAPH_INTROSPECTION lets them. */
const OF_SCHEMA: ReadonlySet<string> = new Set(['__schema', '__type', '__typename', '_service'])

const ENTITIES = '_entities'

/** Whether a text may be such a question at all, seen without reading it. */
export const mayBeBuiltIn = (text: string): boolean =>
  /\b(__schema|__type|__typename|_service|_entities)\b/.test(text)

/** Whether all that it asks for is built in; `joins`: entities are, too. */
export const isBuiltIn = (document: DocumentNode, joins: boolean): boolean => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)

  const entered = new Set<SelectionSetNode>()
  const isOf = (set: SelectionSetNode): boolean => {
    if (entered.has(set)) return true
    entered.add(set)
    return set.selections.every(selection => {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        return OF_SCHEMA.has(name) || (joins && name === ENTITIES)
      }
      const within =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      return within !== undefined && isOf(within.selectionSet)
    })
  }

  return document.definitions.every(
    definition =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.QUERY &&
        isOf(definition.selectionSet)),
  )
}
