/** What the two ways of streaming share: validating, executing, subscribing, and telling failures apart. */
import { ApolloServerErrorCode } from '@apollo/server/errors'
import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql'
import type { Rights } from '../../model/rights.ts'
import type { Subscriptions } from '../../graphql/subscriptions/subscriptions.ts'
import type { ReadDocument } from '../../graphql/analysis/documents.ts'
import { weightOf, weightOfDocument } from '../../graphql/analysis/heap-weights.ts'
import { andThen, type Maybe, settled } from '../../model/maybe.ts'
import { errorFormat } from '../refusals/format-error.ts'
import { logBugs } from '../refusals/log-bugs.ts'
import type { AuditLog } from '../logging/audit.ts'
import type { AppLog } from '../logging/log.ts'
import { type OperationNotes, tracedOf } from '../logging/operation-notes.ts'
import { limitsOf, type Metering, resultOf } from '../apollo/metering.ts'
import type { OperationParameters } from './parameters.ts'

/** An operation that came over a stream. */
export interface StreamedOperation extends OperationParameters {
  readonly document: DocumentNode
  /** Why it is not valid; none where it is. */
  readonly mistakes?: readonly GraphQLError[]
}

/** Who asks, and until when. */
export interface StreamCaller {
  readonly caller: string
  /** What it may see and do; everything where absent. */
  readonly rights?: Rights | undefined
  /** Aborted when nobody waits for the answer any longer. */
  readonly signal: AbortSignal
  /** What is told of the operation later. */
  readonly notes: OperationNotes
}

export type Answers = AsyncIterableIterator<ExecutionResult> | ExecutionResult

/** Whether they are those of a subscription. */
export const isStream = (answers: Answers): answers is AsyncIterableIterator<ExecutionResult> =>
  Symbol.asyncIterator in answers

export interface Streams {
  /** The operation that is asked for, or why its text cannot be answered at all, as too long or no GraphQL. */
  read(
    parameters: OperationParameters,
    caller: string,
    notes: OperationNotes,
  ): Maybe<StreamedOperation | GraphQLError>
  /** What the caller did wrong: errors of validation, or a name that no operation of the document has. */
  check(operation: StreamedOperation, notes: OperationNotes): readonly GraphQLError[]
  /** The answer to a query or mutation; its work ends when the signal is aborted. */
  execute(operation: StreamedOperation, by: StreamCaller): Promise<ExecutionResult>
  /** The answers to a subscription; a single one where it cannot begin. Its signal ends it. */
  subscribe(operation: StreamedOperation, by: StreamCaller): Promise<Answers>
  /** The answer as it leaves the server; bugs among its errors are told to the log of whoever it goes to first. */
  format(result: ExecutionResult, log: Pick<AppLog, 'error'>): FormattedExecutionResult
}

/** What is asked for, read in turns of its caller, and its hash noted. @throws GraphQLError where it is too large */
export type ReadAsked = (
  asked: Pick<OperationParameters, 'query' | 'variables'>,
  caller: string,
  notes: OperationNotes,
) => Maybe<ReadDocument>

export interface StreamOptions {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly subscriptions: Pick<Subscriptions, 'subscribe'>
  readonly read: ReadAsked
  readonly execute: (operation: StreamedOperation & StreamCaller) => Promise<ExecutionResult>
  readonly metering?: Metering | undefined
  readonly audit?: Pick<AuditLog, 'operation'> | undefined
}

export const createStreams = (options: StreamOptions): Streams => {
  const formatError = errorFormat(options)

  // All who ask the same are given the same answer: it is made ready once.
  const formatted = new WeakMap<ExecutionResult, FormattedExecutionResult>()
  const format: Streams['format'] = (result, log) => {
    if (result.errors === undefined) return result as FormattedExecutionResult
    const known = formatted.get(result)
    if (known !== undefined) return known
    // What Apollo has answered is formatted already, and its bugs are logged.
    logBugs(
      log,
      result.errors.filter(error => 'toJSON' in error),
    )
    const errors = result.errors.map(error =>
      'toJSON' in error ? formatError(error.toJSON(), error) : error,
    )
    const answer = { ...result, errors }
    formatted.set(result, answer)
    return answer
  }

  return {
    read: (parameters, caller, notes) =>
      andThen(
        settled(() => options.read(parameters, caller, notes)),
        read => {
          if ('failure' in read) return refusedBy(read.failure)
          const { document, errors } = read.value
          if (document !== undefined) return { ...parameters, document, mistakes: errors }
          const [error = new GraphQLError('It cannot be read')] = errors
          return withCode(error, ApolloServerErrorCode.GRAPHQL_PARSE_FAILED)
        },
      ),
    check: (operation, notes) => {
      const definition = definitionOf(operation)
      notes.operationName = definition?.name?.value
      if (definition !== undefined) notes.type = definition.operation
      const { mistakes: errors = [] } = operation
      if (errors.length === 0) return definition === undefined ? [unresolved(operation)] : []
      return errors.map(error => withCode(error, ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED))
    },
    execute: (operation, by) => options.execute({ ...operation, ...by }),
    subscribe: async (operation, { caller, signal, rights, notes }) => {
      const from = performance.now()
      const answers = await options.subscriptions.subscribe(operation, signal, rights, caller)
      const refused = Symbol.asyncIterator in answers ? {} : format(answers, notes.log)
      const result = resultOf(refused)
      const ms = performance.now() - from
      options.metering?.operation('subscription', result, ms, limitsOf(refused))
      // Told as it begins: it may go on for months. One that is refused is told of with its answer.
      if (result === 'ok') notes.trace?.end(tracedOf(notes))
      if (result === 'ok') options.audit?.operation(notes, { caller, ms })
      return answers
    },
    format,
  }
}

/** Undefined where the document has no such operation, or several and none is named. */
export const kindOf = (operation: StreamedOperation): OperationTypeNode | undefined =>
  definitionOf(operation)?.operation

/** So much heap one subscription may hold. */
const BYTES_OF_ONE = 262_144
/** What an object of its variables takes, such as a comparison: as it came, as coerced, as read, and as compiled. */
const FOLLOWED_OBJECT = 300

/** As how many subscriptions it counts, `asked` as it came: all of that is held for as long as it goes on. */
export const subscriptionsIn = (
  { document }: Pick<StreamedOperation, 'document'>,
  asked: unknown,
): number => {
  const bytes = weightOfDocument(document) + weightOf(asked, Infinity, FOLLOWED_OBJECT)
  return Math.max(1, Math.ceil(bytes / BYTES_OF_ONE))
}

const definitionOf = ({
  document,
  operationName,
}: StreamedOperation): OperationDefinitionNode | undefined =>
  getOperationAST(document, operationName) ?? undefined

/** In the words that it is told in over plain HTTP. */
const unresolved = ({ operationName }: StreamedOperation): GraphQLError =>
  new GraphQLError(
    operationName === undefined
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${operationName}".`,
    { extensions: { code: ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE } },
  )

/** @throws whatever is no refusal */
const refusedBy = (failure: unknown): GraphQLError => {
  if (failure instanceof GraphQLError) return failure
  throw failure
}

/** The caller's own mistake under the code that it has over plain HTTP; without one it would be a bug of ours. */
const withCode = (error: GraphQLError, code: ApolloServerErrorCode): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code },
  })
