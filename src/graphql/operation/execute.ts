/** Executes an operation by graphql-js, in slices and within what one may take. */
import { execute, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import { CallerLimitError, GatewayError, LimitError } from '../../errors.ts'
import { nobodyWaits } from '../../work/refusals.ts'
import { Work } from '../../work/work.ts'
import { AnswerText } from './answer-text.ts'
import { writeJson } from './write-json.ts'

/** Errors that one answer tells: each takes as long as some rows do, and none of them can be told in turns. */
const MAX_ERRORS = 500

/** The answer, its data as the text that it will be sent as; one error instead where its work ended before its time. */
export const executeInTurns = async (
  args: ExecutionArgs & { readonly contextValue: { readonly work?: Work } },
): Promise<ExecutionResult> => {
  const { work = new Work() } = args.contextValue
  const answer = async (): Promise<ExecutionResult> => {
    // Variables are read once more.
    if (work.isOver()) await work.next()
    const result = withFewErrors(await execute(args))
    const { data } = result
    if (data === undefined || data === null || data instanceof AnswerText) return result
    // What it comes to at least was counted while it was made.
    work.recount()
    const text = await writeJson(data, work)
    if (!work.fits(text.length) && work.failure !== undefined) throw work.failure
    return { ...result, data: new AnswerText(text) as never }
  }
  try {
    const result = await work.untilEnd(answer())
    // Fields that are still being worked out can be told no more.
    if (result.data === null) work.end(nobodyWaits())
    return result
  } catch (failure) {
    if (work.failure !== undefined && failure === work.failure)
      return { data: null, errors: [toGraphQLError(work.failure)] }
    throw failure
  }
}

/** The first of many errors, of which the last says how many there are. */
const withFewErrors = (result: ExecutionResult): ExecutionResult => {
  const { errors = [] } = result
  if (errors.length <= MAX_ERRORS) return result
  const told = errors.slice(0, MAX_ERRORS - 1)
  const more = new LimitError(
    `The answer has ${errors.length} errors, of which it tells the first ${told.length}; mend those, or ask for less at once`,
    { limit: 'errors', value: errors.length, max: MAX_ERRORS },
  )
  return { ...result, errors: [...told, toGraphQLError(more)] }
}

/** What callers have too much of, they are told as they are at the door. */
const statusOf = (failure: GatewayError): object =>
  failure instanceof CallerLimitError
    ? {
        http: {
          status: 429,
          headers: new Map([['retry-after', String(Math.ceil(failure.retryAfterMs / 1_000))]]),
        },
      }
    : {}

const toGraphQLError = (failure: Error): GraphQLError =>
  failure instanceof GatewayError
    ? new GraphQLError(failure.message, {
        originalError: failure,
        extensions: { code: failure.code, ...failure.fields, ...statusOf(failure) },
      })
    : new GraphQLError(failure.message, { originalError: failure })
