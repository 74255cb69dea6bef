/** What an operation may be at most: refused before anything is read, with the limit named. */
import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  TokenKind,
} from 'graphql'
import { BadInputError } from '../errors.ts'
import type { Context } from './context.ts'
import { estimateCost } from './estimate.ts'

export interface Limits {
  /** Fields within fields. */
  readonly maxDepth: number
  /** Fields under another name. */
  readonly maxAliases: number
  /** Words and signs of the document. */
  readonly maxTokens: number
  /** What `@cost` and `@listSize` of the schema come to. */
  readonly maxCost: number
}

/** An operation that has been parsed and is valid. */
export interface Limited {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** @throws BadInputError that names the setting which the operation goes beyond. */
export type CheckLimits = (operation: Limited) => void

export const createCheckLimits =
  (schema: GraphQLSchema, limits: Limits): CheckLimits =>
  ({ document, operationName, variables }) => {
    refuseAbove(limits.maxTokens, countTokens(document), 'tokens', 'PUSHGRAPH_MAX_TOKENS')
    const operation = getOperationAST(document, operationName)
    if (operation === null || operation === undefined) return
    const { depth, aliases } = shapeOf(document, operation.selectionSet)
    refuseAbove(limits.maxDepth, depth, 'levels of fields', 'PUSHGRAPH_MAX_DEPTH')
    refuseAbove(limits.maxAliases, aliases, 'aliases', 'PUSHGRAPH_MAX_ALIASES')
    const cost = estimateCost(schema, document, operation, variables ?? {})
    refuseAbove(limits.maxCost, cost, 'units of estimated cost', 'PUSHGRAPH_MAX_COST')
  }

/** Refuses operations beyond the limits before their first field is resolved. */
export const limitsPlugin = (check: CheckLimits): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, operationName, request }) => {
      try {
        check({ document, operationName, variables: request.variables })
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error
        throw new GraphQLError(error.message, {
          originalError: error,
          extensions: { code: error.code, ...error.fields, http: { status: 400 } },
        })
      }
    },
  }),
})

const refuseAbove = (most: number, found: number, what: string, setting: string): void => {
  if (found > most)
    throw new BadInputError(
      `The operation has ${found} ${what}, more than the ${most} that ${setting} allows; ask for less at once, or raise it`,
      setting,
    )
}

const countTokens = ({ loc }: DocumentNode): number => {
  let count = 0
  // The first stands before the document, the last behind it.
  for (let token = loc?.startToken.next; token; token = token.next)
    if (token.kind !== TokenKind.EOF && token.kind !== TokenKind.COMMENT) count += 1
  return count
}

interface Shape {
  readonly depth: number
  readonly aliases: number
}

/** Of a selection with its fragments, each looked at once. Questions about the schema itself do not count. */
const shapeOf = (document: DocumentNode, whole: SelectionSetNode): Shape => {
  const fragments = new Map(
    document.definitions
      .filter((of): of is FragmentDefinitionNode => of.kind === Kind.FRAGMENT_DEFINITION)
      .map(fragment => [fragment.name.value, fragment]),
  )
  const known = new Map<string, Shape>()
  const none: Shape = { depth: 0, aliases: 0 }

  const ofField = (field: FieldNode): Shape => {
    if (field.name.value.startsWith('__')) return none
    const inner = field.selectionSet === undefined ? none : ofSet(field.selectionSet)
    const own = field.alias === undefined ? 0 : 1
    return { depth: inner.depth + 1, aliases: inner.aliases + own }
  }
  const ofFragment = (name: string): Shape => {
    const seen = known.get(name)
    if (seen !== undefined) return seen
    const fragment = fragments.get(name)
    const shape = fragment === undefined ? none : ofSet(fragment.selectionSet)
    known.set(name, shape)
    return shape
  }
  const ofSet = (set: SelectionSetNode): Shape => {
    let [depth, aliases] = [0, 0]
    for (const node of set.selections) {
      const shape =
        node.kind === Kind.FIELD
          ? ofField(node)
          : node.kind === Kind.INLINE_FRAGMENT
            ? ofSet(node.selectionSet)
            : ofFragment(node.name.value)
      depth = Math.max(depth, shape.depth)
      aliases += shape.aliases
    }
    return { depth, aliases }
  }
  return ofSet(whole)
}
