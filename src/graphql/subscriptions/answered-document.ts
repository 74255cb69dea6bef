/**
 * A subscription as it is executed for each event: without what its field is asked with, which says what is given and is
 * found out before. To read the variables of a long filter again for each event takes longer than all else.
 */
import {
  type DocumentNode,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import type { Subscribing } from './subscribed-to.ts'

/** The document of that operation alone, and the variables that it still has. */
export const answeredDocument = (
  schema: GraphQLSchema,
  subscribing: Subscribing,
): Omit<Subscribing, 'operationName'> => {
  const { document, operationName, variables } = subscribing
  const operation = getOperationAST(document, operationName)
  if (!operation) return { document, variables }
  const root = schema.getSubscriptionType()?.name
  const fragments = document.definitions.flatMap(definition => {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) return []
    return definition.typeCondition.name.value === root ? [bare(definition)] : [definition]
  })
  const own = bare({ ...operation, variableDefinitions: [] })
  const used = variablesIn({ kind: Kind.DOCUMENT, definitions: [own, ...fragments] })
  const { variableDefinitions = [] } = operation
  const left = variableDefinitions.filter(({ variable }) => used.has(variable.name.value))
  const asked: OperationDefinitionNode = { ...own, variableDefinitions: left }
  return {
    document: { ...document, definitions: [asked, ...fragments] },
    variables: Object.fromEntries(
      Object.entries(variables ?? {}).filter(([name]) => used.has(name)),
    ),
  }
}

/** The same with the arguments of none of its fields; those below keep theirs. */
const bare = <Node extends { readonly selectionSet: SelectionSetNode }>(node: Node): Node => ({
  ...node,
  selectionSet: {
    ...node.selectionSet,
    selections: node.selectionSet.selections.map(selection => {
      if (selection.kind === Kind.FIELD) return { ...selection, arguments: [] }
      return selection.kind === Kind.INLINE_FRAGMENT ? bare(selection) : selection
    }),
  },
})

const variablesIn = (document: DocumentNode): ReadonlySet<string> => {
  const used = new Set<string>()
  visit(document, { Variable: ({ name }) => void used.add(name.value) })
  return used
}
