/** Finds an operation's demand before it runs, and tells afterwards what it cost. */
import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server'
import { GraphQLError, Kind, OperationTypeNode } from 'graphql'
import type { OperationDefinitionNode } from 'graphql'
import type { StillStands, Summary } from '../loaders/loaders.ts'
import { rememberLast } from '../model/remember-last.ts'
import { AnswerText } from './answer-text.ts'
import { begin, type Context } from './context.ts'
import type { CheckLimits } from './limits.ts'
import { type Asked, needsOf } from './demand.ts'
import { findMistakes, type Mistake, withoutMistakes } from './mistakes.ts'
import { createFindNeeds } from './needs.ts'
import { noVariables, type ReadVariables, readOnce } from './variables.ts'
import type { Writer } from './writing/writer.ts'
import { createWriters } from './writing/writers.ts'

/** Told what each operation cost, also when its answer is given `again` as it was. */
export type OnAnswered = (summary: Summary, again: boolean) => void

/** What `check` refuses does not begin; it may share its `read`. */
export const pushgraphPlugin = (
  onAnswered?: OnAnswered,
  check?: CheckLimits,
  read: ReadVariables = readOnce(),
): ApolloServerPlugin<Context> => {
  const findNeeds = createFindNeeds(read)
  const writers = createWriters({
    findTexts: (context, connector, collection) =>
      (context as Context).loaders.texts(connector, collection),
    read,
  })
  return {
    requestDidStart: async ({ contextValue }) => ({
      didResolveOperation: async ({ operation, schema, document, operationName, request }) => {
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw needsStream()
        // Not a plugin of its own: Apollo asks all of them at once, and to begin is to read.
        check?.({ document, operationName, variables: request.variables })
        const needs =
          operation === undefined
            ? []
            : findNeeds(schema, document, operation, request.variables ?? noVariables)
        begin(contextValue, needs)
        if (contextValue.readAhead === undefined && contextValue.planWish !== 'only') return
        const asked: Asked[] = []
        needsOf(schema, document, operationName, request.variables ?? noVariables, field =>
          asked.push(field),
        )
        refuseOrLeaveOut(contextValue, findMistakes(asked, contextValue.loaders))
        contextValue.readAhead?.()
      },
      responseForOperation: async ({ schema, document, operation, request, response }) => {
        const answer = (data: unknown): GraphQLResponse => ({
          http: response.http,
          // As Apollo sees it, data is an object of any kind.
          body: { kind: 'single', singleResult: { data: data as Record<string, unknown> | null } },
        })
        // With `only`, the plan is the answer and no resolver runs. What cannot run at all, graphql-js says best.
        if (contextValue.planWish === 'only') {
          const { variables = noVariables } = request
          const runs = operation && read(schema, operation, variables).coerced !== undefined
          return runs ? answer(null) : null
        }
        if (!isFromStore(contextValue, operation)) return null
        const writer = writers(schema, document, request.operationName)
        const text = writer && (await write(writer, contextValue, request.variables ?? noVariables))
        return text === undefined ? null : answer(new AnswerText(text))
      },
      willSendResponse: async ({ operation, response }) => {
        contextValue.end()
        const summary = contextValue.summary()
        if (summary === undefined || response.body.kind !== 'single') return
        onAnswered?.(summary, false)
        const asOf = isoOf(summary.asOf)
        const { singleResult } = response.body
        const isOnly = contextValue.planWish === 'only'
        const plan =
          contextValue.planWish === undefined || (isOnly && singleResult.errors !== undefined)
            ? {}
            : { plan: contextValue.plan(isOnly) }
        const isSettled =
          operation?.operation === OperationTypeNode.QUERY &&
          singleResult.errors === undefined &&
          contextValue.planWish === undefined
        const stands = isSettled ? contextValue.stands() : undefined
        if (stands !== undefined)
          contextValue.outcome.stands = givenAgain(stands, () => {
            onAnswered?.(summary, true)
          })
        singleResult.extensions = {
          ...singleResult.extensions,
          pushgraph: { ...summary, asOf, ...plan },
        }
      },
    }),
  }
}

const isoOf = rememberLast((moment: number | null) =>
  moment === null ? null : new Date(moment).toISOString(),
)

/**
 * The same, counted each time. A function that is assigned to a member where it is written is made in the old space by
 * V8, which takes it for a method; all that it closes over would stay until the next full collection.
 */
const givenAgain =
  (stands: StillStands, count: () => void): StillStands =>
  () => {
    if (!stands()) return false
    count()
    return true
  }

/**
 * Nothing is read for fields that will be refused; where only the plan is asked for, there is none.
 * @throws GraphQLError that says what is wrong first, in place of the plan.
 */
const refuseOrLeaveOut = (context: Context, mistakes: readonly Mistake[]): void => {
  const [first] = mistakes
  if (first === undefined) return
  if (context.planWish !== 'only') {
    begin(context, withoutMistakes(context.needs, mistakes))
    return
  }
  const { path, error } = first
  throw new GraphQLError(error.message, {
    path: path.split('.'),
    originalError: error,
    extensions: { code: error.code, ...error.fields, http: { status: 400 } },
  })
}

/** Whether every root field is one of which it is known what it reads, and all of that is at hand. */
const isFromStore = (
  { planWish, isFree, needs }: Context,
  operation: OperationDefinitionNode | undefined,
): boolean =>
  planWish === undefined &&
  isFree &&
  // Apollo asks even where the document has no operation of the name.
  operation?.selectionSet.selections.every(
    node =>
      node.kind === Kind.FIELD &&
      needs.some(({ path }) => path === (node.alias?.value ?? node.name.value)),
  ) === true

/** The data as text; undefined where graphql-js is to answer, which finds everything as if nobody had tried. */
const write = async (
  writer: Writer,
  context: Context,
  variables: Readonly<Record<string, unknown>>,
): Promise<string | undefined> => {
  try {
    return await writer(context, variables)
  } catch {
    const { requests = 0, rowsRead = 0 } = context.summary() ?? {}
    if (requests === 0 && rowsRead === 0) {
      context.end()
      begin(context, context.needs)
    }
    return undefined
  }
}

/** A subscription was asked for as if it had one answer. */
const needsStream = (): GraphQLError =>
  new GraphQLError(
    'A subscription is a stream: ask for it with "Accept: text/event-stream", or over graphql-transport-ws on the same path',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  )
