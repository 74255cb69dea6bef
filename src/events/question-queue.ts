/** Lets each operation have a few questions under way at a time; what it asks beyond that waits for its turn. */
import { CallerLimitError } from '../errors.ts'

export interface QuestionQueue {
  /**
   * Calls `begin` once the operation has fewer under way. The returned function is to be called once that is over; before
   * its beginning it takes it back.
   *
   * @throws {CallerLimitError} when too many of the operation's wait already
   */
  enter(operation: string, begin: () => void): () => void
}

export interface QuestionQueueOptions {
  /** What an operation has under way, and what waits, at most. */
  readonly underWay: number
  readonly waiting: number
}

interface OfOperation {
  underWay: number
  readonly waiting: Set<() => void>
}

const RETRY_AFTER_MS = 1_000

export const createQuestionQueue = (most: QuestionQueueOptions): QuestionQueue => {
  const operations = new Map<string, OfOperation>()

  const leave = (name: string, operation: OfOperation): void => {
    const [next] = operation.waiting
    if (next !== undefined) {
      operation.waiting.delete(next)
      next()
      return
    }
    operation.underWay -= 1
    if (operation.underWay === 0) operations.delete(name)
  }

  return {
    enter: (name, begin) => {
      const operation = operations.get(name) ?? { underWay: 0, waiting: new Set() }
      operations.set(name, operation)
      if (operation.underWay >= most.underWay) {
        if (operation.waiting.size >= most.waiting)
          throw new CallerLimitError(
            `One operation may have ${most.waiting} questions about stored events that wait: ask again when some are answered`,
            {
              limit: 'waiting questions about stored events',
              max: most.waiting,
              retryAfterMs: RETRY_AFTER_MS,
            },
          )
        // The same function may wait twice.
        const waiter = (): void => {
          begin()
        }
        operation.waiting.add(waiter)
        return () => {
          if (!operation.waiting.delete(waiter)) leave(name, operation)
        }
      }
      operation.underWay += 1
      begin()
      return () => {
        leave(name, operation)
      }
    },
  }
}
