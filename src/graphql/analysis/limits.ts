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
import { BadInputError, GatewayError, LimitError } from '../../errors.ts'
import type { Rights } from '../../model/rights.ts'
import { createEstimate, type Estimate, type Estimated } from './estimate.ts'
import { perOperation } from './known-operations.ts'
import type { Sizes } from './pricing.ts'
import { fragmentFinder } from './selections.ts'
import { noVariables, type ReadVariables } from './variables.ts'

export { createReadText } from './document-size.ts'

export interface DocumentLimits {
  /** Fields within fields. */
  readonly maxDepth: number
  /** Fields under another name. */
  readonly maxAliases: number
  /** Tokens of the document. */
  readonly maxTokens: number
  /** Microseconds of processor time that it may be estimated at. */
  readonly maxCost: number
}

/** An operation that has been parsed and is valid. */
export interface Limited {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** Refuses what a caller of these rights may not ask. @throws GatewayError that says why */
export type CheckOperation = (operation: Limited, rights: Rights) => void

/** The same, and what the operation is estimated at; undefined where the document has none of that name. */
export type WeighOperation = (operation: Limited, rights: Rights) => Estimated | undefined

export interface CheckTerms {
  /** How many rows there are; as usual where absent. */
  readonly sizes?: Sizes
  /** Bytes that an answer may be estimated at; any number where absent. */
  readonly maxAnswerBytes?: number
}

/**
 * Checks operations of that schema; `read` is shared with whoever else reads the same variables. What it throws is a
 * BadInputError or LimitError that names the setting which the operation goes beyond.
 */
export const createCheckLimits = (
  schema: GraphQLSchema,
  limits: DocumentLimits,
  read?: ReadVariables,
  { sizes, maxAnswerBytes = Infinity }: CheckTerms = {},
): WeighOperation => {
  /** Refuses what the document alone decides; the rest is to be reckoned with the variables. */
  const measured = perOperation((operation, document: DocumentNode): Estimate => {
    const { depth, aliases } = shapeOf(document, operation.selectionSet)
    refuseAbove(limits.maxDepth, depth, 'levels of fields', 'PUSHGRAPH_MAX_DEPTH')
    refuseAbove(limits.maxAliases, aliases, 'aliases', 'PUSHGRAPH_MAX_ALIASES')
    return createEstimate(schema, document, operation, read, sizes)
  })

  return ({ document, operationName, variables }, rights) => {
    const operation = getOperationAST(document, operationName)
    if (operation === null || operation === undefined) return undefined
    const estimate = measured(operation, document)
    const estimated = estimate(variables ?? noVariables, rights)
    const { cost, bytes } = estimated
    if (cost <= limits.maxCost && bytes <= maxAnswerBytes) return estimated
    const { path } = estimate(variables ?? noVariables, rights, true)
    if (cost > limits.maxCost) throw tooDear(cost, limits.maxCost, path)
    throw tooLong(bytes, maxAnswerBytes, path)
  }
}

const tooDear = (cost: number, max: number, path: string): LimitError =>
  new LimitError(
    `The operation is estimated at ${Math.ceil(cost)} microseconds of processor time, more than the ${max} that PUSHGRAPH_MAX_COST allows${mostOf(path)}; ask there for fewer rows, levels, comparisons or dimensions, or in several operations, or raise it`,
    { limit: 'PUSHGRAPH_MAX_COST', value: Math.ceil(cost), max },
  )

const tooLong = (bytes: number, maxBytes: number, path: string): LimitError => {
  const [value, max] = [bytes, maxBytes].map(each => Math.ceil(each / 1_048_576)) as [
    number,
    number,
  ]
  return new LimitError(
    `The answer is estimated at ${value} MB, more than the ${max} that PUSHGRAPH_MAX_ANSWER_MB allows${mostOf(path)}; ask there for fewer rows or fields, or page by page with first and after, or raise it`,
    { limit: 'PUSHGRAPH_MAX_ANSWER_MB', value, max },
  )
}

/** A part that is named by the caller is told as far as a name is long. */
const mostOf = (path: string): string =>
  path === '' ? '' : `; most of it is ${JSON.stringify(path.slice(0, 300))}`

/** The same check, whose refusals have the status 400 over HTTP. */
export const withStatus =
  (check: WeighOperation | CheckOperation): WeighOperation =>
  (operation, rights) => {
    try {
      return check(operation, rights) ?? undefined
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
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
      most,
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
