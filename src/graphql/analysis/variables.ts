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
export class Coerced {
  /** Undefined where they do not fit. */
  readonly coerced: Values | undefined
  /** Why they do not fit: the first reason alone. */
  readonly errors: readonly Error[] | undefined
  readonly #known = new Map<FieldNode, { readonly field: Field; readonly args: Values }>()

  constructor({ coerced, errors }: ReturnType<typeof getVariableValues>) {
    this.coerced = coerced
    this.errors = errors
  }

  /** The arguments of a field, coerced once for all who ask. @throws GraphQLError where they do not fit */
  argumentsOf(field: Field, node: FieldNode): Record<string, unknown> {
    const known = this.#known.get(node)
    // A node in a fragment on an interface stands for a field of each of its types.
    if (known?.field === field) return known.args
    const args = getArgumentValues(field, node, this.coerced)
    this.#known.set(node, { field, args })
    return args
  }

  /** The same, but none where there is no such field or they do not fit, which the resolver will say. */
  argumentsOrNone(field: Field | undefined, node: FieldNode): Values {
    try {
      return field === undefined ? {} : this.argumentsOf(field, node)
    } catch {
      return {}
    }
  }
}

/** Coerces the variables of an operation, as they came. */
export type ReadVariables = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Values,
) => Coerced

// A list of a hundred thousand words that do not fit would otherwise keep the server busy with as many sentences.
const options = { maxErrors: 1 }

export const readVariables: ReadVariables = (schema, { variableDefinitions = [] }, variables) =>
  new Coerced(getVariableValues(schema, variableDefinitions, variables, options))

/** Operations that take turns while others look at them. */
const REMEMBERED = 16

interface Lately {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly variables: Values
  readonly read: Coerced
}

/** The same, for those who ask one after another for the same variables: all that look at one operation. */
export const readOnce = (): ReadVariables => {
  const lately: (Lately | undefined)[] = Array<undefined>(REMEMBERED).fill(undefined)
  let newest = 0
  return (schema, operation, variables) => {
    for (let back = 0; back < REMEMBERED; back += 1) {
      const known = lately[(newest + REMEMBERED - back) % REMEMBERED]
      if (known === undefined) break
      if (known.variables !== variables) continue
      if (known.operation === operation && known.schema === schema) return known.read
    }
    const read = readVariables(schema, operation, variables)
    newest = (newest + 1) % REMEMBERED
    lately[newest] = { schema, operation, variables, read }
    return read
  }
}

/** Those of an operation that came without any. */
export const noVariables: Values = {}
