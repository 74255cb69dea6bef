/** What a caller is told of a failure: foreseen ones and their own mistakes as they are, bugs not at all. */
import { ApolloServerErrorCode } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { GatewayError } from '../../errors.ts'
import { createExplainMistake } from '../../graphql/analysis/explain-mistake.ts'

/** The failure behind the errors that GraphQL wraps around it. */
export const causeOf = (error: unknown): unknown => {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError !== undefined)
    cause = cause.originalError
  return cause
}

/** Whether nobody foresaw this failure: it is logged whole, and shown as an internal error. */
export const isBug = (error: unknown): boolean => {
  if (causeOf(error) instanceof GatewayError) return false
  if (!(error instanceof GraphQLError)) return true
  if (isOfRequest(error)) return false
  // Syntax, validation and coercion errors carry a code; one that arose while answering has none.
  const { code } = error.extensions
  return code === undefined || code === ApolloServerErrorCode.INTERNAL_SERVER_ERROR
}

/** GraphQL itself gave the request up before anything ran, as for too many mistakes in its variables; Apollo gives that no code. */
const isOfRequest = ({ originalError, nodes, path, extensions }: GraphQLError): boolean =>
  originalError === undefined &&
  nodes === undefined &&
  path === undefined &&
  extensions['code'] === undefined

/** UTF-16 units of a message: it may quote what the caller sent, but need not send all of that back. */
const MAX_MESSAGE = 2_000

/** The error as it leaves the server. */
export const formatError = (
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError => {
  const told = toldOf(formatted, error)
  return told.message.length <= MAX_MESSAGE
    ? told
    : { ...told, message: `${told.message.slice(0, MAX_MESSAGE).toWellFormed()}…` }
}

const toldOf = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
  const cause = causeOf(error)
  if (cause instanceof GatewayError)
    return {
      ...formatted,
      message: cause.message.toWellFormed(),
      extensions: { code: cause.code, ...cause.fields },
    }
  if (error instanceof GraphQLError && isOfRequest(error))
    return { ...formatted, extensions: { code: ApolloServerErrorCode.BAD_USER_INPUT } }
  // What the caller sent may be quoted.
  if (!isBug(error)) return { ...formatted, message: formatted.message.toWellFormed() }
  return {
    ...formatted,
    message: 'Internal error',
    extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR },
  }
}

/** The same for a server that keeps its schema to itself: GraphQL's suggestions name what was not asked for. */
const formatClosed: typeof formatError = (formatted, error) => {
  const told = formatError(formatted, error)
  if (causeOf(error) instanceof GatewayError) return told
  return { ...told, message: told.message.replace(/ ?Did you mean .+\?$/s, '') }
}

/** How errors leave a server whose schema can be asked for, or cannot: where it can, mistakes are told with the way out. */
export const errorFormat = ({
  introspection,
  schema,
}: {
  readonly introspection: boolean
  readonly schema: GraphQLSchema
}): typeof formatError => {
  if (!introspection) return formatClosed
  const explain = createExplainMistake(schema)
  return (formatted, error) => {
    const told = formatError(formatted, error)
    return causeOf(error) instanceof GatewayError
      ? told
      : { ...told, message: explain(told.message) }
  }
}

const statusOf: Partial<Record<GatewayError['code'], number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  // As Apollo answers them: clients ask once more with the text.
  PERSISTED_QUERY_NOT_FOUND: 200,
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
  QUERY_NOT_IN_SAFELIST: 403,
}

/** A failure before the operation began, with the HTTP status that such a failure has. */
export const refusal = (error: unknown): unknown =>
  error instanceof GatewayError
    ? new GraphQLError(error.message, {
        originalError: error,
        extensions: {
          code: error.code,
          ...error.fields,
          http: { status: statusOf[error.code] ?? 500 },
        },
      })
    : error
