/** What the two ways of streaming share: validating, executing, subscribing, and telling failures apart. */
import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
} from 'graphql'
import type { Subscriptions } from '../graphql/subscriptions.ts'
import { formatError, isBug } from './format-error.ts'
import type { Log } from './log.ts'
import { type Metering, resultOf } from './metrics.ts'

/** An operation that came over a stream. */
export interface StreamedOperation {
  readonly document: DocumentNode
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Record<string, unknown> | undefined
}

export type Answers = AsyncIterableIterator<ExecutionResult> | ExecutionResult

export interface Streams {
  validate(document: DocumentNode): readonly GraphQLError[]
  /** The answer to a query or mutation. */
  execute(operation: StreamedOperation): Promise<ExecutionResult>
  /** The answers to a subscription; a single one where it cannot begin. */
  subscribe(operation: StreamedOperation): Promise<Answers>
  /** The answer as it leaves the server. */
  format(result: ExecutionResult): FormattedExecutionResult
}

export interface StreamOptions {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly subscriptions: Pick<Subscriptions, 'subscribe'>
  readonly execute: (operation: StreamedOperation) => Promise<ExecutionResult>
  readonly metering?: Metering | undefined
  readonly log: Log
}

export const createStreams = (options: StreamOptions): Streams => {
  const rules = options.introspection
    ? specifiedRules
    : [...specifiedRules, NoSchemaIntrospectionCustomRule]

  // All who ask the same are given the same answer: it is made ready once.
  const formatted = new WeakMap<ExecutionResult, FormattedExecutionResult>()
  const format = (result: ExecutionResult): FormattedExecutionResult => {
    if (result.errors === undefined) return result as FormattedExecutionResult
    const known = formatted.get(result)
    if (known !== undefined) return known
    for (const error of result.errors)
      if (isBug(error)) options.log.error({ err: error.originalError ?? error }, 'a field failed')
    // What Apollo has answered is formatted already.
    const errors = result.errors.map(error =>
      'toJSON' in error ? formatError(error.toJSON(), error) : error,
    )
    const answer = { ...result, errors }
    formatted.set(result, answer)
    return answer
  }

  return {
    validate: document => validate(options.schema, document, rules),
    execute: options.execute,
    subscribe: async operation => {
      const from = performance.now()
      const answers = await options.subscriptions.subscribe(operation)
      const result = Symbol.asyncIterator in answers ? 'ok' : resultOf(format(answers))
      options.metering?.operation('subscription', result, performance.now() - from)
      return answers
    },
    format,
  }
}
