/** Refuses kinds of operations that a schema has none of; graphql-js finds out only when it runs one. */
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql'

/** A rule of validation: a mutation, say, needs a schema with mutations. */
export const operationKinds = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition: node => {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(
        new GraphQLError(`This graph has no ${node.operation} operations`, { nodes: node }),
      )
    return undefined
  },
})
