/** How Apollo has operations executed: in turns, by us. */
import type {
  ApolloServerOptionsWithGateway,
  ApolloServerPlugin,
  BaseContext,
  GraphQLRequest,
} from '@apollo/server'
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql'
import { executionOptions } from '../../graphql/analysis/validation.ts'
import { executeInTurns } from '../../graphql/operation/execute.ts'
import { type Settled, settled } from '../../model/maybe.ts'
import type { Work } from '../../work/work.ts'

// Between the plugin and the executor, which are given the same context.
const executed = Symbol('executed')

interface ExecutedContext extends BaseContext {
  readonly work?: Work
  [executed]?: Settled<ExecutionResult>
}

export interface Executing {
  /** The last of the plugins: what those before it answer is not executed. */
  readonly plugin: ApolloServerPlugin<BaseContext>
  /** Where Apollo asks for what the plugin left to it. */
  readonly gateway: ApolloServerOptionsWithGateway<BaseContext>['gateway']
}

/**
 * What is executed without an error is Apollo's answer as it is. Else Apollo is told as if another service had answered,
 * the one way to be given an executor, so that it makes of the errors what it makes of all. Not of every answer: what it
 * writes down for such a service has accessors, which V8 keeps, with all that they see of the operation, until the whole
 * heap is swept.
 */
export const executingInTurns = (schema: GraphQLSchema): Executing => {
  const execute = (
    document: DocumentNode,
    { operationName, variables }: Pick<GraphQLRequest, 'operationName' | 'variables'>,
    contextValue: ExecutedContext,
  ): Promise<ExecutionResult> =>
    executeInTurns({
      schema,
      document,
      contextValue,
      options: executionOptions,
      ...(operationName === undefined ? {} : { operationName }),
      ...(variables === undefined ? {} : { variableValues: variables }),
    })

  return {
    plugin: {
      requestDidStart: async () => ({
        responseForOperation: async ({ document, operation, request, response, contextValue }) => {
          // What is missing there is Apollo's to tell.
          if (operation === undefined) return null
          const outcome = await settled(() => execute(document, request, contextValue))
          if ('value' in outcome && outcome.value.errors === undefined) {
            const { data = null } = outcome.value
            return { http: response.http, body: { kind: 'single', singleResult: { data } } }
          }
          ;(contextValue as ExecutedContext)[executed] = outcome
          return null
        },
      }),
    },
    gateway: {
      onSchemaLoadOrUpdate: callback => {
        callback({ apiSchema: schema, coreSupergraphSdl: '' })
        return () => undefined
      },
      load: async () => ({
        executor: async ({ document, request, context }) => {
          const outcome = (context as ExecutedContext)[executed]
          if (outcome === undefined) return execute(document, request, context)
          if ('failure' in outcome) throw outcome.failure
          return outcome.value
        },
      }),
      stop: async () => undefined,
    },
  }
}
