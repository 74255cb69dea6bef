/** Tools for agents that may ask anything: a query, what it would cost, and the schema that it is written by. */
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import { parse } from 'graphql'
import { askToFit } from '../answers/fit.ts'
import { toldAnswerSchema, toToldErrors } from '../answers/told-answer.ts'
import { failed, toToolResult, shortText } from '../answers/tool-results.ts'
import type { ToolQuestion } from '../ask-graph.ts'
import { MAX_WORDS, type SchemaText } from '../reading/schema-text.ts'
import type { ObjectSchema } from './json-schema.ts'
import type { Tool, ToolArguments } from './tool.ts'
import { variableUsesOf } from './variable-uses.ts'

export interface ExploreOptions {
  readonly schema: GraphQLSchema
  /** Undefined where the schema cannot be asked for. */
  readonly schemaText: SchemaText | undefined
  /** Bytes that an answer may have. */
  readonly maxBytes: number
}

export const exploreTools = (options: ExploreOptions): readonly Tool[] => [
  runQuery(options),
  explainQuery(options),
  ...(options.schemaText === undefined ? [] : [readSchema(options.schemaText, options.maxBytes)]),
]

const questionSchema: ObjectSchema = {
  type: 'object',
  properties: {
    query: {
      type: 'string',
      description:
        'A GraphQL document with one query. Ask for few fields, and for short pages by first.',
    },
    variables: { type: 'object', description: 'The values of its variables, by their names.' },
  },
  required: ['query'],
  additionalProperties: false,
}

/** What they were given is what they should have; else the graph says what is wrong with it. */
const questionOf = ({ query, variables }: ToolArguments): ToolQuestion => ({
  query: typeof query === 'string' ? query : '',
  variables:
    typeof variables === 'object' && variables !== null ? (variables as ToolArguments) : {},
  readsOnly: true,
})

const runQuery = ({ schema, maxBytes }: ExploreOptions): Tool => ({
  name: 'run_query',
  title: 'Run a query',
  description:
    'Run a GraphQL query of your own, where no other tool answers the question. Read the schema first, and see by explain_query what it costs.',
  inputSchema: questionSchema,
  outputSchema: toldAnswerSchema({}),
  writes: false,
  isFor: () => true,
  call: async (args, ask, waiting) => {
    const question = questionOf(args)
    const usesOf = () => variableUsesOf(schema, parse(question.query))
    return toToolResult(await askToFit(ask, question, usesOf, maxBytes, waiting), maxBytes)
  },
})

const explainQuery = ({ maxBytes }: ExploreOptions): Tool => ({
  name: 'explain_query',
  title: 'Explain a query',
  description:
    'What a GraphQL query would cost, with nothing read: requests to Push, milliseconds, processor time, bytes, and how each list would be read.',
  inputSchema: questionSchema,
  writes: false,
  isFor: () => true,
  call: async (args, ask, waiting) => {
    const answer = await ask({ ...questionOf(args), plan: 'only' }, waiting)
    const errors = toToldErrors(answer)
    if (errors.length > 0) return failed(...errors)
    return shortText(JSON.stringify(planOf(answer), null, 1), maxBytes)
  },
})

const planOf = ({ extensions }: ExecutionResult): unknown =>
  (extensions?.['pushgraph'] as { readonly plan?: unknown } | undefined)?.plan

const readSchema = (text: SchemaText, maxBytes: number): Tool => ({
  name: 'read_schema',
  title: 'Read the schema',
  description:
    'The GraphQL schema in pieces: without arguments what can be asked for, or one type with its fields, or whatever has some words in its name or description.',
  inputSchema: {
    type: 'object',
    properties: {
      type: {
        type: 'string',
        description: 'The name of a type, such as Employee or EmployeeFilter.',
      },
      search: { type: 'string', description: 'Words to look for, such as "mfa" or "last used".' },
    },
    additionalProperties: false,
  },
  writes: false,
  isFor: () => true,
  call: async ({ type, search }) => {
    if (typeof type === 'string') {
      const found = text.type(type)
      if (found !== undefined) return shortText(found, maxBytes)
      return failed({
        code: 'BAD_USER_INPUT',
        message: 'There is no type of that name: search for it',
      })
    }
    const found = typeof search === 'string' ? text.matches(search) : text.root()
    if (found !== undefined) return shortText(found, maxBytes)
    return failed({
      code: 'BAD_USER_INPUT',
      message: `The words to search for may have ${MAX_WORDS} letters together`,
    })
  },
})
