/** Operations that are asked for in this process, without HTTP. */
import { randomUUID } from 'node:crypto'
import type { ApolloServer } from '@apollo/server'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { withNotes } from './apollo/apollo.ts'
import type { GraphRequest, MakeContext } from './apollo/contexts.ts'
import type { AppLog } from './logging/log.ts'
import type { OperationNotes } from './logging/operation-notes.ts'
import { formatError } from './refusals/format-error.ts'
import type { ReadAsked } from './streams/streams.ts'

/** An operation asked for in this process, without HTTP. */
export interface InProcessRequest extends Partial<GraphRequest> {
  readonly query: string
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown> | undefined
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
  async ({ query, operationName, variables, notes, ...request }) => {
    const told = notes ?? { requestId: request.id ?? randomUUID(), log }
    try {
      await read({ query, variables }, request.caller ?? '', told)
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
