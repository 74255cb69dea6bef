/** Trusted documents as tools: one for each operation that has a description. */
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql'
import { GatewayError } from '../../errors.ts'
import type { CheckOperation } from '../../graphql/analysis/limits.ts'
import type { WrittenDocument } from '../../graphql/documents/written-document.ts'
import { askToFit, noPages } from '../answers/fit.ts'
import { toldAnswerSchema } from '../answers/told-answer.ts'
import { toToolResult } from '../answers/tool-results.ts'
import { inputSchemaOf } from './input-schema.ts'
import { dataSchemaOf } from './output-schema.ts'
import type { Tool } from './tool.ts'
import { sampleVariables } from './variable-types.ts'
import { variableUsesOf } from './variable-uses.ts'

export interface DocumentTools {
  readonly tools: readonly Tool[]
  /** With file and line: operations that would be tools of a name that another has. */
  readonly problems: readonly string[]
}

export interface DocumentToolOptions {
  readonly schema: GraphQLSchema
  /** Bytes that an answer may have. */
  readonly maxBytes: number
  /** Tools that are served beside them. */
  readonly beside: readonly Pick<Tool, 'name'>[]
  /** @throws {GatewayError} where a caller of these rights may not ask that */
  readonly checkScopes: CheckOperation
}

/** Those of documents that fit the schema. What has no description is none, and no subscription is. */
export const documentTools = (
  documents: readonly Pick<WrittenDocument, 'text' | 'at'>[],
  options: DocumentToolOptions,
): DocumentTools => {
  const found = documents.flatMap(({ text, at }) => {
    const document = parse(text)
    const operation = toolOperation(document)
    return operation === undefined ? [] : [{ at, tool: toTool(text, document, operation, options) }]
  })
  const taken = new Map(
    options.beside.map(({ name }) => [name, 'among those of PUSHGRAPH_MCP=explore']),
  )
  const problems = found.flatMap(({ at, tool: { name } }) => {
    const where = taken.get(name)
    if (where === undefined) taken.set(name, `at ${at}`)
    return where === undefined
      ? []
      : [`${at}: a tool called ${name} stands ${where} already; name the operation otherwise`]
  })
  return { tools: found.map(({ tool }) => tool), problems }
}

type ToolOperation = OperationDefinitionNode & {
  readonly name: NonNullable<OperationDefinitionNode['name']>
  readonly description: NonNullable<OperationDefinitionNode['description']>
}

/** The one operation of the document, where that is to be a tool. */
const toolOperation = ({ definitions }: DocumentNode): ToolOperation | undefined => {
  const [operation, ...others] = definitions.filter(
    definition => definition.kind === Kind.OPERATION_DEFINITION,
  )
  if (operation === undefined || others.length > 0) return undefined
  const { name, description } = operation
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined
  return name === undefined || description === undefined || description.value.trim() === ''
    ? undefined
    : { ...operation, name, description }
}

const toTool = (
  text: string,
  document: DocumentNode,
  operation: ToolOperation,
  { schema, maxBytes, checkScopes }: DocumentToolOptions,
): Tool => {
  const uses = variableUsesOf(schema, document)
  const writes = operation.operation === OperationTypeNode.MUTATION
  // What was changed once is not to be changed again for a shorter answer.
  const paging = writes ? noPages : uses
  const sample = {
    document,
    operationName: undefined,
    variables: sampleVariables(schema, operation),
  }
  return {
    name: toToolName(operation.name.value),
    title: inWords(operation.name.value),
    description: inLines(operation.description.value),
    inputSchema: inputSchemaOf(schema, operation, uses),
    outputSchema: toldAnswerSchema(dataSchemaOf(schema, document, operation)),
    writes,
    isFor: rights => isAllowed(() => checkScopes(sample, rights)),
    call: async (args, ask, waiting) => {
      const question = { query: text, variables: args }
      const fitted = await askToFit(ask, question, () => paging, maxBytes, waiting)
      return toToolResult(fitted, maxBytes, writes)
    },
  }
}

const isAllowed = (check: () => void): boolean => {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof GatewayError) return false
    throw error
  }
}

/** `WhoUsesAnApp2` is `who_uses_an_app2`: letters that every client takes. */
export const toToolName = (name: string): string =>
  name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase()

/** Paragraphs in one line each. */
const inLines = (text: string): string => text.trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' ')

/** `Who uses an app2`. */
const inWords = (name: string): string => {
  const words = toToolName(name).replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
