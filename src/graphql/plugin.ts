/** Finds an operation's demand before it runs, and tells afterwards what it cost. */
import type { ApolloServerPlugin } from '@apollo/server'
import { begin, type Context } from './context.ts'
import { needsOf } from './demand.ts'

export const pushgraphPlugin = (): ApolloServerPlugin<Context> => ({
  requestDidStart: async ({ contextValue }) => ({
    didResolveOperation: async ({ schema, document, operationName, request }) => {
      begin(contextValue, needsOf(schema, document, operationName, request.variables ?? {}))
    },
    // With `only`, the plan is the answer and no resolver runs.
    responseForOperation: async ({ response }) =>
      contextValue.planWish === 'only'
        ? { http: response.http, body: { kind: 'single', singleResult: { data: null } } }
        : null,
    willSendResponse: async ({ response }) => {
      contextValue.end()
      const summary = contextValue.summary()
      if (summary === undefined || response.body.kind !== 'single') return
      const asOf = summary.asOf === null ? null : new Date(summary.asOf).toISOString()
      const plan =
        contextValue.planWish === undefined
          ? {}
          : { plan: contextValue.plan(contextValue.planWish === 'only') }
      const { singleResult } = response.body
      singleResult.extensions = {
        ...singleResult.extensions,
        pushgraph: { ...summary, asOf, ...plan },
      }
    },
  }),
})
