/** Operations that are asked for in this process, without HTTP. */
import { randomUUID } from 'node:crypto'
import type { ApolloServer } from '@apollo/server'
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  Kind,
  OperationTypeNode,
} from 'graphql'
import { BadInputError } from '../errors.ts'
import { withNotes } from './apollo/apollo.ts'
import type { GraphRequest, MakeContext } from './apollo/contexts.ts'
import type { AppLog } from './logging/log.ts'
import type { OperationNotes } from './logging/operation-notes.ts'
import { formatError, refusal } from './refusals/format-error.ts'
import type { ReadAsked } from './streams/streams.ts'

/** An operation asked for in this process, without HTTP. */
export interface InProcessRequest extends Partial<GraphRequest> {
  readonly query: string
  readonly operationName?: string | undefined
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  /** Whatever is no query is refused. */
  readonly readsOnly?: boolean | undefined
  /** What is told of it later; undefined where nothing is. */
  readonly notes?: OperationNotes | undefined
}

interface InProcessOptions<Context extends object> {
  readonly context: MakeContext<Context>
  readonly log: AppLog
}

/** Answers them by Apollo; nothing of it is logged but bugs. */
export const executeBy =
  <Context extends object>(
    apollo: ApolloServer<Context>,
    { context, log }: InProcessOptions<Context>,
    read: ReadAsked,
  ): ((operation: InProcessRequest) => Promise<ExecutionResult>) =>
  async ({ query, operationName, variables, readsOnly, notes, ...request }) => {
    const told = notes ?? { requestId: request.id ?? randomUUID(), log }
    try {
      const { document } = await read({ query, variables }, request.caller ?? '', told)
      if (readsOnly === true && document !== undefined) checkReadsOnly(document)
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      return { errors: [formatError(error.toJSON(), error)] } as unknown as ExecutionResult
    }
    const contextValue = await context({
      id: told.requestId,
      caller: request.caller,
      rights: request.rights,
      signal: request.signal ?? new AbortController().signal,
      cacheControl: request.cacheControl,
      plan: request.plan,
      record: told,
    })
    const { body } = await apollo.executeOperation<Record<string, unknown>>(
      {
        query,
        ...(operationName === undefined ? {} : { operationName }),
        ...(variables === undefined ? {} : { variables }),
      },
      { contextValue: withNotes(contextValue, told) },
    )
    if (body.kind !== 'single') throw new Error('An answer in parts was not asked for')
    const { singleResult } = body
    return singleResult as ExecutionResult
  }

/** @throws GraphQLError where any of its operations is no query */
const checkReadsOnly = ({ definitions }: DocumentNode): void => {
  const others = definitions.some(
    each => each.kind === Kind.OPERATION_DEFINITION && each.operation !== OperationTypeNode.QUERY,
  )
  if (others) throw refusal(new BadInputError('Only queries are answered here', 'query'))
}
