/** Finds an operation's demand before it runs, and tells afterwards what it cost. */
import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, OperationTypeNode } from 'graphql'
import type { Summary } from '../loaders/loaders.ts'
import { begin, type Context } from './context.ts'
import { needsOf } from './demand.ts'

/** `onAnswered` is told what each operation cost. */
export const pushgraphPlugin = (
  onAnswered?: (summary: Summary) => void,
): ApolloServerPlugin<Context> => ({
  requestDidStart: async ({ contextValue }) => ({
    didResolveOperation: async ({ operation, schema, document, operationName, request }) => {
      if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw needsStream()
      begin(contextValue, needsOf(schema, document, operationName, request.variables ?? {}))
    },
    // With `only`, the plan is the answer and no resolver runs.
    responseForOperation: async ({ response }) =>
      contextValue.planWish === 'only'
        ? { http: response.http, body: { kind: 'single', singleResult: { data: null } } }
        : null,
    willSendResponse: async ({ operation, response }) => {
      contextValue.end()
      const summary = contextValue.summary()
      if (summary === undefined || response.body.kind !== 'single') return
      onAnswered?.(summary)
      const asOf = summary.asOf === null ? null : new Date(summary.asOf).toISOString()
      const plan =
        contextValue.planWish === undefined
          ? {}
          : { plan: contextValue.plan(contextValue.planWish === 'only') }
      const { singleResult } = response.body
      const isSettled =
        operation?.operation === OperationTypeNode.QUERY &&
        singleResult.errors === undefined &&
        contextValue.planWish === undefined
      const stands = isSettled ? contextValue.stands() : undefined
      if (stands !== undefined)
        contextValue.outcome.stands = () => {
          if (!stands()) return false
          onAnswered?.(summary)
          return true
        }
      singleResult.extensions = {
        ...singleResult.extensions,
        pushgraph: { ...summary, asOf, ...plan },
      }
    },
  }),
})

/** A subscription was asked for as if it had one answer. */
const needsStream = (): GraphQLError =>
  new GraphQLError(
    'A subscription is a stream: ask for it with "Accept: text/event-stream", or over graphql-transport-ws on the same path',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  )
