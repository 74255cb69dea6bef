/** Who does what is asked of the kept answers: the thread of a file, or a database. */
import type { AnswersTasks } from './tasks.ts'

export interface AnswersKeeper {
  /** @throws {AnswersUnavailable} where it cannot be done */
  ask<Name extends keyof AnswersTasks>(
    task: Name,
    ...args: Parameters<AnswersTasks[Name]>
  ): Promise<ReturnType<AnswersTasks[Name]>>
  /** Whether it is out of reach, though it was there before or should be. */
  isFailing(): boolean
  /** How often the thread of a file has ended by itself. */
  deaths(): number
  close(): Promise<void>
}
