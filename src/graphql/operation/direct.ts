/** Answers past Apollo operations that came through it once, and of which nothing has to be read; the rest is Apollo's. */
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Answering, OperationRequest } from './lifecycle.ts'
import { AnswerText, stringifyAnswer } from './answer-text.ts'
import type { Context } from '../context.ts'
import type { Text } from '../compiled/text.ts'
import type { KnownOperations } from '../analysis/known-operations.ts'
import { noVariables } from '../analysis/variables.ts'
import { checkVariables } from '../analysis/variables-size.ts'

/** What a caller asks for, as it came. */
export interface DirectQuestion {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
}

export interface DirectAnswer {
  readonly body: Text
  readonly cacheControl: string | undefined
  /** The operation's own name. */
  readonly operationName: string | undefined
  readonly documentHash: string | undefined
}

/**
 * Undefined where Apollo is to answer, with the context that `open` gave: the operation goes on there if it has begun.
 */
export type DirectWay = (
  open: () => Maybe<Context | undefined>,
  asked: DirectQuestion,
) => Maybe<DirectAnswer | undefined>

export const createDirect = (answering: Answering, known: KnownOperations): DirectWay => {
  const answerOf = (
    context: Context,
    question: OperationRequest,
  ): Maybe<DirectAnswer | undefined> => {
    let begun: Maybe<void>
    try {
      checkVariables(question.variables)
      begun = answering.begin(context, question)
    } catch {
      // It is refused, as Apollo will find in its turn.
      return undefined
    }
    return begun instanceof Promise
      ? begun.then(
          () => fromStore(context, question),
          () => undefined,
        )
      : fromStore(context, question)
  }

  const fromStore = (
    context: Context,
    question: OperationRequest,
  ): Maybe<DirectAnswer | undefined> =>
    andThen(answering.fromStore(context, question), text => {
      const ending = text === undefined ? undefined : answering.end(context, question, false)
      if (text === undefined || ending === undefined) return undefined
      return {
        body: stringifyAnswer({
          data: new AnswerText(text),
          extensions: { pushgraph: ending.told },
        }),
        cacheControl: ending.cacheControl,
        operationName: question.operation?.name?.value,
        documentHash: question.documentHash,
      }
    })

  return (open, { query, operationName, variables }) => {
    const operation = known.find(query, operationName)
    if (operation === undefined) return undefined
    const question = { ...operation, variables: variables ?? noVariables }
    return andThen(open(), context => context && answerOf(context, question))
  }
}
