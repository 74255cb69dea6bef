/** The variables of an operation and the arguments of its fields, coerced as GraphQL coerces them. */
import {
  type FieldNode,
  getArgumentValues,
  getVariableValues,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

type Values = Readonly<Record<string, unknown>>
type Field = GraphQLField<unknown, unknown>

/** What the variables of one request came to. */
export interface Coerced {
  /** Undefined where they do not fit. */
  readonly coerced: Values | undefined
  /** Why they do not fit: the first reason alone. */
  readonly errors: readonly Error[] | undefined
  /** The arguments of a field, coerced once for all who ask. @throws GraphQLError where they do not fit */
  argumentsOf(field: Field, node: FieldNode): Record<string, unknown>
  /** The same, but none where they do not fit, which the resolver will say. */
  argumentsOrNone(field: Field, node: FieldNode): Values
}

/** Coerces the variables of an operation, as they came. */
export type ReadVariables = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Values,
) => Coerced

export const readVariables: ReadVariables = (schema, { variableDefinitions = [] }, variables) => {
  // A list of a hundred thousand words that do not fit would otherwise keep the server busy with as many sentences.
  const read = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 })
  return new CoercedOnce(read.coerced, read.errors)
}

class CoercedOnce implements Coerced {
  readonly coerced
  readonly errors
  readonly #known = new Map<FieldNode, { readonly field: Field; readonly args: Values }>()

  constructor(coerced: Values | undefined, errors: readonly Error[] | undefined) {
    this.coerced = coerced
    this.errors = errors
  }

  argumentsOf(field: Field, node: FieldNode): Record<string, unknown> {
    const known = this.#known.get(node)
    // A node in a fragment on an interface stands for a field of each of its types.
    if (known?.field === field) return known.args
    const args = getArgumentValues(field, node, this.coerced)
    this.#known.set(node, { field, args })
    return args
  }

  argumentsOrNone(field: Field, node: FieldNode): Values {
    try {
      return this.argumentsOf(field, node)
    } catch {
      return {}
    }
  }
}

/** The same, for those who ask one after another for the same variables: all that look at one operation. */
export const readOnce = (): ReadVariables => {
  let last: { readonly of: Parameters<ReadVariables>; readonly read: Coerced }
  return (...of) => {
    if (last?.of.every((part, index) => part === of[index]) !== true)
      last = { of, read: readVariables(...of) }
    return last.read
  }
}

/** Those of an operation that came without any. */
export const noVariables: Values = {}
