/** How tools of agents ask the graph: each operation is let in at the door, answered and told of as any other. */
import type { ExecutionResult } from 'graphql'
import { CallerLimitError } from '../../errors.ts'
import { AnswerText } from '../../graphql/operation/answer-text.ts'
import {
  type AskGraph,
  type ToolQuestion,
  type AnswerAwaited,
  type GraphAnswer,
  MOST_LETTERS,
} from '../../mcp/ask-graph.ts'
import type { Clock } from '../../model/clock.ts'
import type { Rights } from '../../model/rights.ts'
import type { OperationRecord } from '../../graphql/operation/record.ts'
import type { InProcessRequest } from '../in-process.ts'
import { noteCode, noteErrors } from '../logging/operation-notes.ts'
import type { ProgressOf } from '../progress.ts'
import { type OperationSurroundings, RunningOperation } from '../streams/running-operation.ts'

export interface AskingOptions extends Pick<OperationSurroundings, 'admission' | 'audit'> {
  /** The answer, its data as text where it has some. */
  readonly execute: (operation: InProcessRequest) => Promise<ExecutionResult>
  readonly progressOf: ProgressOf | undefined
  readonly clock: Pick<Clock, 'after'>
}

/** Who asks, and until when. */
export interface AskedBy extends Pick<OperationSurroundings, 'caller' | 'log' | 'trace'> {
  readonly rights: Rights | undefined
  /** Whether it asks by a request that is counted already: as the first of its operations. */
  readonly isCounted: boolean
  /** The ids of its operations begin with it. */
  readonly requestId: string
  /** Aborted when its connection is closed, or the server cannot wait any longer. */
  readonly signal: AbortSignal
}

/** How often it is looked how far an operation is. */
const LOOK_MS = 500

export const createAsking = ({ execute, progressOf, clock, ...surroundings }: AskingOptions) => {
  /** Tells how far it is until the returned function is called. */
  const tellProgress = (record: OperationRecord, { onProgress }: AnswerAwaited): (() => void) => {
    if (onProgress === undefined || progressOf === undefined) return () => undefined
    const look = (): void => {
      const progress = progressOf(record)
      if (progress !== undefined) onProgress(progress)
      cancel = clock.after(LOOK_MS, look)
    }
    let cancel = clock.after(LOOK_MS, look)
    return () => cancel()
  }

  return ({ rights, requestId, signal, isCounted: isFirstCounted, ...by }: AskedBy): AskGraph => {
    let begun = 0

    const answerTo = async (
      operation: RunningOperation,
      question: ToolQuestion,
    ): Promise<GraphAnswer> => {
      const { caller, notes } = operation
      try {
        if (!(await operation.enter(question.query.length))) throw operation.signal.reason
        const by = { caller, rights, signal: operation.signal, notes }
        const answer = read(await execute({ ...question, ...by }))
        // What was broken off because nobody waits did not fail.
        if (!operation.signal.aborted) noteErrors(notes, answer.errors)
        return answer
      } catch (error) {
        if (error instanceof CallerLimitError) noteCode(notes, error.code)
        throw error
      }
    }

    return async (question, waiting) => {
      begun += 1
      const isCounted = isFirstCounted && begun === 1
      const transport = 'mcp' as const
      const own = { ...surroundings, ...by, rights: () => rights, transport, isCounted }
      const operation = new RunningOperation(own, `${requestId}/${begun}`)
      const left = AbortSignal.any([waiting.signal, signal])
      const abort = (): void => operation.abort()
      if (left.aborted) abort()
      else left.addEventListener('abort', abort, { once: true })
      const endTelling = tellProgress(operation.notes, waiting)
      try {
        return await answerTo(operation, question)
      } finally {
        endTelling()
        left.removeEventListener('abort', abort)
        operation.end()
      }
    }
  }
}

/** The same with its data, as long as it takes no time to read. */
const read = (answer: ExecutionResult): GraphAnswer => {
  const { data, ...others } = answer as ExecutionResult<unknown>
  if (!(data instanceof AnswerText)) return answer
  const { length } = data.text
  return length > MOST_LETTERS
    ? { ...others, unreadLetters: length }
    : { ...others, data: data.toJSON() as ExecutionResult['data'] & object }
}
