/** Answers past Apollo operations that came through it once, and of which nothing has to be read; the rest is Apollo's. */
import { LRUCache } from 'lru-cache'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Answering, OperationRequest } from './lifecycle.ts'
import { AnswerText, stringifyAnswer } from './answer-text.ts'
import type { Context } from '../context.ts'
import { noVariables } from '../analysis/variables.ts'

/** Learns that the operation of that text is valid and can be answered from the store. */
export type Learn = (query: string, question: OperationRequest) => void

type Operation = Omit<OperationRequest, 'variables'>

/** What a caller asks for, as it came. */
export interface DirectQuestion {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
}

export interface DirectAnswer {
  readonly body: string
  readonly cacheControl: string | undefined
  /** The operation's own name. */
  readonly operationName: string | undefined
}

export interface Direct {
  readonly learn: Learn
  /**
   * Undefined where Apollo is to answer, with the context that `open` gave: the operation goes on there if it has
   * begun.
   */
  answer(
    open: () => Maybe<Context | undefined>,
    asked: DirectQuestion,
  ): Maybe<DirectAnswer | undefined>
}

/** Texts remembered: far more than the callers of one tenant have. */
const MAX_TEXTS = 1_000
/** Letters of all of them: with its document each takes 40 to 170 bytes. */
const MAX_LETTERS = 200_000

export const createDirect = (answering: Answering): Direct => {
  /** The operations of each text, by the name that callers give. */
  const known = new LRUCache<string, Map<string | undefined, Operation>>({
    max: MAX_TEXTS,
    maxSize: MAX_LETTERS,
    sizeCalculation: (_, { length }) => Math.max(1, length),
  })
  const answerOf = (
    context: Context,
    question: OperationRequest,
  ): Maybe<DirectAnswer | undefined> => {
    try {
      answering.begin(context, question)
    } catch {
      // It is refused, as Apollo will find in its turn.
      return undefined
    }
    return andThen(answering.fromStore(context, question), text => {
      const ending = text === undefined ? undefined : answering.end(context, question, false)
      if (text === undefined || ending === undefined) return undefined
      return {
        body: stringifyAnswer({
          data: new AnswerText(text),
          extensions: { pushgraph: ending.told },
        }),
        cacheControl: ending.cacheControl,
        operationName: question.operation?.name?.value,
      }
    })
  }

  return {
    learn: (query, { schema, document, operation, operationName }) => {
      const operations = known.get(query) ?? new Map<string | undefined, Operation>()
      operations.set(operationName ?? undefined, { schema, document, operation, operationName })
      known.set(query, operations)
    },

    answer: (open, { query, operationName, variables }) => {
      const operation = known.get(query)?.get(operationName ?? undefined)
      if (operation === undefined) return undefined
      const question = { ...operation, variables: variables ?? noVariables }
      return andThen(open(), context => context && answerOf(context, question))
    },
  }
}
