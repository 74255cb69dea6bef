/** The variables of an operation, read as GraphQL reads them. */
import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'

/** As they came, and as GraphQL coerced them or why it cannot; of several mistakes only the first is told. */
export type ReadVariables = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) => ReturnType<typeof getVariableValues>

export const readVariables: ReadVariables = (schema, { variableDefinitions = [] }, variables) =>
  // A list of a hundred thousand words that do not fit would otherwise keep the server busy with as many sentences.
  getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 })

/** The same, for those who ask one after another for the same variables: limits, needs and writers of one operation. */
export const readOnce = (): ReadVariables => {
  let last: { readonly of: Parameters<ReadVariables>; readonly read: ReturnType<ReadVariables> }
  return (...of) => {
    if (last?.of.every((part, index) => part === of[index]) !== true)
      last = { of, read: readVariables(...of) }
    return last.read
  }
}

/** Those of an operation that came without any. */
export const noVariables: Readonly<Record<string, unknown>> = {}
