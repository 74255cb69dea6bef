/** Apollo Server as we run it: it calls nobody, tells failures apart, and logs bugs. */
import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type BaseContext,
} from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import { errorFormat, formatError } from '../refusals/format-error.ts'
import { logBugs } from '../refusals/log-bugs.ts'
import { stringifyAnswer } from '../../graphql/operation/answer-text.ts'
import type { Documents } from '../../graphql/analysis/documents.ts'
import { ownRules, validationOptions } from '../../graphql/analysis/validation.ts'
import type { AppLog } from '../logging/log.ts'
import { noteErrors, type OperationNotes } from '../logging/operation-notes.ts'
import { executingInTurns } from './executing.ts'

// Apollo hands its plugins a shallow copy of the context, so the notes travel as a member of it.
const notesKey = Symbol('notes')

/** The context, with the notes of its operation. */
export const withNotes = <Context extends object>(
  context: Context,
  notes: OperationNotes,
): Context => Object.assign(context, { [notesKey]: notes })

const notesOf = (context: { readonly [notesKey]?: OperationNotes }): OperationNotes | undefined =>
  context[notesKey]

export interface GraphqlOptions<Context extends object> {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly plugins: readonly ApolloServerPlugin<Context>[]
  /** What was read before Apollo is asked, which need not be read once more. */
  readonly documents: Documents
  readonly log: AppLog
}

/** A server for this schema, not yet started. */
export const createGraphql = <Context extends object>(
  options: GraphqlOptions<Context>,
): ApolloServer<Context> => {
  const executing = executingInTurns(options.schema)
  return new ApolloServer<Context>({
    gateway: executing.gateway,
    // A rule of our own closes the schema, and names the setting.
    introspection: true,
    validationRules: ownRules(options),
    validationOptions,
    documentStore: toStore(options.documents),
    plugins: [
      // Reporting would begin by itself where APOLLO_KEY is set, and the landing page loads from another host.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // How old rows are is told per operation, in its extensions.
      ApolloServerPluginCacheControlDisabled(),
      noting(),
      ...options.plugins,
      executing.plugin,
    ],
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: errorFormat(options),
    // Apollo hands on what comes of it as it is: a long text, too.
    stringifyResult: answer => stringifyAnswer(answer) as string,
    logger: options.log,
  })
}

/** The documents where Apollo looks for them: under the hash of their text, and something before it. */
const toStore = ({
  find,
}: Documents): NonNullable<ApolloServerOptions<BaseContext>['documentStore']> => ({
  get: async key => find(key.slice(-HASH_LENGTH)),
  // Whatever is asked for is kept before Apollo reads it.
  set: async () => undefined,
  delete: async () => undefined,
})

const HASH_LENGTH = 64

const noting = <Context extends object>(): ApolloServerPlugin<Context> => ({
  unexpectedErrorProcessingRequest: async ({ requestContext, error }) => {
    notesOf(requestContext.contextValue)?.log.error({ err: error }, 'an operation failed')
  },
  requestDidStart: async ({ contextValue }) => {
    const notes = notesOf(contextValue)
    if (notes === undefined) return
    return {
      didResolveOperation: async ({ operation, operationName }) => {
        if (operationName !== null) notes.operationName = operationName
        if (operation !== undefined) notes.type = operation.operation
      },
      didEncounterErrors: async ({ errors }) => {
        noteErrors(
          notes,
          errors.map(error => formatError(error.toJSON(), error)),
        )
        logBugs(notes.log, errors)
      },
    }
  },
})
