/** How tools ask the graph: as the caller that they were called by, with its rights and limits. */
import type { ExecutionResult } from 'graphql'
import type { Progress } from '../graphql/operation/progress.ts'
import { MCP_MOST_KB } from '../model/documents.ts'

export interface ToolQuestion {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** The plan alone: nothing is read. */
  readonly plan?: 'only'
  /** Refuses whatever is no query. */
  readonly readsOnly?: true
}

/** Who waits for an answer, and how. */
export interface AnswerAwaited {
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal
  /** Is told now and then how far the operation is. Without it nobody is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Letters that data may have to be read at all: as many as any agent is given, which take a few milliseconds. */
export const MOST_LETTERS = MCP_MOST_KB * 1_024

/** Without data where that is too long to be read. */
export interface GraphAnswer extends ExecutionResult {
  /** How many letters the data has then. */
  readonly unreadLetters?: number
}

/**
 * The answer to one operation. A refusal is an answer with errors, too.
 *
 * @throws {CallerLimitError} where its caller has too much under way
 */
export type AskGraph = (question: ToolQuestion, waiting: AnswerAwaited) => Promise<GraphAnswer>
