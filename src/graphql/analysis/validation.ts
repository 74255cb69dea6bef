/** What makes a document invalid besides the rules of the specification. */
import {
  type ASTVisitor,
  GraphQLError,
  MaxIntrospectionDepthRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'

/** Mistakes that are told at most: more would help nobody, and each of them takes its time. */
const MAX_MISTAKES = 10

/** How documents are validated. */
export const validationOptions = { maxErrors: MAX_MISTAKES }

/** How variables are read by graphql-js itself, which finds all that is wrong with them. */
export const executionOptions = { maxCoercionErrors: MAX_MISTAKES }

/** The rules of our own; where the schema is closed, nobody may ask for it. */
export const ownRules = ({
  introspection,
}: {
  readonly introspection: boolean
}): ValidationRule[] =>
  // Types within types multiply, and the depth of an operation does not count them.
  introspection ? [operationKinds, MaxIntrospectionDepthRule] : [operationKinds, closedSchema]

/** A mutation, say, needs a schema with mutations; graphql-js finds out only when it runs one. */
const operationKinds = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition: node => {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(
        new GraphQLError(`This graph has no ${node.operation} operations${whyNone(node)}`, {
          nodes: node,
        }),
      )
    return undefined
  },
})

const whyNone = ({ operation }: OperationDefinitionNode): string =>
  operation === OperationTypeNode.MUTATION ? ': PUSHGRAPH_MUTATIONS is off here' : ''

/** What gives the schema away; `_service` is asked by composers of supergraphs, and gives the whole of it. */
const ofSchema = ['__schema', '__type', '_service']

const closedSchema = (context: ValidationContext): ASTVisitor => ({
  Field: node => {
    if (ofSchema.includes(node.name.value))
      context.reportError(
        new GraphQLError(
          `"${node.name.value}" cannot be asked for: PUSHGRAPH_INTROSPECTION is off here`,
          { nodes: node, extensions: { validationErrorCode: 'INTROSPECTION_DISABLED' } },
        ),
      )
    return undefined
  },
})
