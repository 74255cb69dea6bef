import type { AnswerBytes } from './held-answer.ts'
import type { Turns } from './turns.ts'

/** What one operation may take; without a limit where absent. */
export interface WorkOptions {
  readonly turns?: Turns
  /** Who asks; those of one caller share its turns. */
  readonly caller?: string
  /** Among whose answers its answer counts, where that is another. */
  readonly payer?: string | undefined
  /** Processor time, in milliseconds. */
  readonly maxCpuMs?: number
  /** The length of its answer, in bytes. */
  readonly maxAnswerBytes?: number
  /** Where its answer counts from the first large part of it until `settle`. */
  readonly answers?: AnswerBytes | undefined
  /** Aborted where nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined
}
