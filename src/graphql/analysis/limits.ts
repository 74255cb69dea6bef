/** What an operation may be at most: refused before anything is read, with the limit named. */
import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { BadInputError } from '../../errors.ts'
import { createEstimate, type Estimate } from './estimate.ts'
import { perOperation } from './known-operations.ts'
import { fragmentFinder } from './selections.ts'
import { noVariables, type ReadVariables } from './variables.ts'

export { createCheckText } from './document-size.ts'

export interface DocumentLimits {
  /** Fields within fields. */
  readonly maxDepth: number
  /** Fields under another name. */
  readonly maxAliases: number
  /** Tokens of the document. */
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

/** Checks operations of that schema; `read` is shared with whoever else reads the same variables. */
export const createCheckLimits = (
  schema: GraphQLSchema,
  limits: DocumentLimits,
  read?: ReadVariables,
): CheckLimits => {
  /** Refuses what the document alone decides; the rest is to be reckoned with the variables. */
  const measured = perOperation((operation, document: DocumentNode): Estimate => {
    const { depth, aliases } = shapeOf(document, operation.selectionSet)
    refuseAbove(limits.maxDepth, depth, 'levels of fields', 'PUSHGRAPH_MAX_DEPTH')
    refuseAbove(limits.maxAliases, aliases, 'aliases', 'PUSHGRAPH_MAX_ALIASES')
    return createEstimate(schema, document, operation, read)
  })

  return ({ document, operationName, variables }) => {
    const operation = getOperationAST(document, operationName)
    if (operation === null || operation === undefined) return
    const cost = measured(operation, document)(variables ?? noVariables)
    refuseAbove(limits.maxCost, cost, 'units of estimated cost', 'PUSHGRAPH_MAX_COST')
  }
}

/** The same check, whose refusals have the status 400 over HTTP. */
export const withStatus =
  (check: CheckLimits): CheckLimits =>
  operation => {
    try {
      check(operation)
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      throw new GraphQLError(error.message, {
        originalError: error,
        extensions: { code: error.code, ...error.fields, http: { status: 400 } },
      })
    }
  }

const refuseAbove = (most: number, found: number, what: string, setting: string): void => {
  if (found > most)
    throw new BadInputError(
      `The operation has ${found} ${what}, more than the ${most} that ${setting} allows; ask for less at once, or raise it`,
      setting,
    )
}

/** What one alias of or within `__schema` counts as: it repeats up to half a megabyte of answer. */
const SCHEMA_ALIAS = 50

interface Shape {
  readonly depth: number
  readonly aliases: number
}

/** Of a selection with its fragments, each looked at once. In questions about the schema itself, depth does not count. */
const shapeOf = (document: DocumentNode, whole: SelectionSetNode): Shape => {
  const findFragment = fragmentFinder(document)
  const known = new Map<SelectionSetNode, Shape>()

  const ofField = ({ name: { value: name }, alias, selectionSet }: FieldNode): Shape => {
    const inner = ofSet(selectionSet)
    const aliases = inner.aliases + (alias === undefined ? 0 : 1)
    return {
      depth: name.startsWith('__') ? 0 : inner.depth + 1,
      aliases: name === '__schema' ? SCHEMA_ALIAS * aliases : aliases,
    }
  }
  const ofSet = (set: SelectionSetNode | undefined): Shape => {
    const seen = set && known.get(set)
    if (seen !== undefined) return seen
    let [depth, aliases] = [0, 0]
    for (const node of set?.selections ?? []) {
      const shape =
        node.kind === Kind.FIELD ? ofField(node) : ofSet(findFragment(node)?.selectionSet)
      depth = Math.max(depth, shape.depth)
      aliases += shape.aliases
    }
    if (set !== undefined) known.set(set, { depth, aliases })
    return { depth, aliases }
  }
  return ofSet(whole)
}
