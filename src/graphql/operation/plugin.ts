/** Leads an operation through its steps on Apollo's way: its demand is found before it runs, its cost told afterwards. */
import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { GatewayError } from '../../errors.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { type Answering, createAnswering } from './lifecycle.ts'
import { AnswerText } from './answer-text.ts'
import { begin, type Context } from '../context.ts'
import {
  type ArgumentError,
  findArgumentErrors,
  withoutRefused,
} from '../analysis/argument-errors.ts'
import type { KnownOperations } from '../analysis/known-operations.ts'
import { fieldsIn, fragmentFinder } from '../analysis/selections.ts'
import { namingOf } from '../federation/naming.ts'
import { noVariables } from '../analysis/variables.ts'

/** `learn` is told of each operation that was answered from the store. */
export const pushgraphPlugin = (
  answering: Answering = createAnswering(),
  learn?: KnownOperations['learn'],
): ApolloServerPlugin<Context> => ({
  requestDidStart: async ({ contextValue }) => ({
    didResolveOperation: async ({ operation, schema, document, request }) => {
      if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw needsStream()
      const { operationName, variables = noVariables } = request
      const { record } = contextValue
      const documentHash = record?.documentHash
      const question = { schema, document, operation, operationName, variables, documentHash }
      const isMutation = operation?.operation === OperationTypeNode.MUTATION
      if (record !== undefined && isMutation)
        record.notBegun = mutationsIn(operation, document, schema)
      // Not a plugin of its own that checks: Apollo asks all of them at once, and to begin is to read.
      await orRefused(contextValue, () => answering.begin(contextValue, question))
      if (record !== undefined) record.notBegun = undefined
      if (contextValue.readAhead === undefined && contextValue.planWish !== 'only') return
      await orRefused(contextValue, () => contextValue.work.inTurn(() => undefined))
      await orRefused(contextValue, () =>
        andThen(findArgumentErrors(question, answering.read, contextValue), errors =>
          refuseOrLeaveOut(contextValue, errors),
        ),
      )
      contextValue.readAhead?.()
    },
    responseForOperation: async ({ schema, document, operation, request, response }) => {
      // What is thrown here counts as a bug: where the work has ended, executing it says so.
      if (!(await goesOn(contextValue))) return null
      const { query, operationName, variables = noVariables } = request
      const answer = (data: unknown): GraphQLResponse => ({
        http: response.http,
        // As Apollo sees it, data is an object of any kind.
        body: { kind: 'single', singleResult: { data: data as Record<string, unknown> | null } },
      })
      // With `only`, the plan is the answer and no resolver runs. What cannot run at all, graphql-js says best.
      if (contextValue.planWish === 'only') {
        const runs = operation && answering.read(schema, operation, variables).coerced !== undefined
        return runs ? answer(null) : null
      }
      const documentHash = contextValue.record?.documentHash
      const question = { schema, document, operation, operationName, variables, documentHash }
      const text = await answering.fromStore(contextValue, question)
      if (text === undefined) return null
      if (query !== undefined) learn?.(query, question)
      return answer(new AnswerText(text))
    },
    willSendResponse: async ({ schema, document, operation, response: { body, http } }) => {
      if (body.kind !== 'single') {
        contextValue.end()
        return
      }
      const { singleResult } = body
      const hasErrors = singleResult.errors !== undefined
      const ending = answering.end(contextValue, { schema, document, operation }, hasErrors)
      if (ending === undefined) return
      singleResult.extensions = { ...singleResult.extensions, pushgraph: ending.told }
      if (ending.cacheControl !== undefined) http.headers.set('cache-control', ending.cacheControl)
    },
  }),
})

/** The root fields of a mutation by their own names, each once. */
const mutationsIn = (
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
): readonly string[] => {
  const { rootField } = namingOf(schema)
  const fields = fieldsIn(operation.selectionSet, fragmentFinder(document))
  return [...new Set([...fields].map(({ name }) => rootField(name.value)))].filter(
    name => name !== '__typename',
  )
}

/**
 * Nothing is read for fields that will be refused; where only the plan is asked for, there is none.
 * @throws GraphQLError that says what is wrong first, in place of the plan.
 */
const refuseOrLeaveOut = (context: Context, errors: readonly ArgumentError[]): Maybe<void> => {
  const [first] = errors
  if (first === undefined) return undefined
  if (context.planWish !== 'only') {
    return begin(context, withoutRefused(context.needs, errors))
  }
  const { path, error } = first
  throw refused(error, path.split('.'))
}

/** Whether the work goes on, once others have had their turn where this one is over. */
const goesOn = async ({ work }: Context): Promise<boolean> => {
  try {
    await work.inTurn(() => undefined)
  } catch (failure) {
    if (failure !== work.failure) throw failure
  }
  return work.failure === undefined
}

/** Goes that step; work that ends before anything runs refuses the operation. @throws GraphQLError */
const orRefused = async (context: Context, go: () => Maybe<void>): Promise<void> => {
  try {
    await go()
  } catch (failure) {
    const isEnded = failure instanceof GatewayError && failure === context.work.failure
    throw isEnded ? refused(failure) : failure
  }
}

const refused = (error: GatewayError, path?: string[]): GraphQLError =>
  new GraphQLError(error.message, {
    ...(path === undefined ? {} : { path }),
    originalError: error,
    extensions: { code: error.code, ...error.fields, http: { status: 400 } },
  })

/** A subscription was asked for as if it had one answer. */
const needsStream = (): GraphQLError =>
  new GraphQLError(
    'A subscription is a stream: ask for it with "Accept: text/event-stream", or over graphql-transport-ws on the same path',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  )
