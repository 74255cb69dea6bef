/** The answers of one subscription: stored events first, then what arrives, without a gap or a repeat. */
import { type ExecutionResult, GraphQLError } from 'graphql'
import { GatewayError } from '../../errors.ts'
import type { Streamed } from '../../loaders/loaders.ts'
import type { EventPlace } from '../../model/events.ts'
import {
  type BoundedQueue,
  createBoundedQueue,
  type WaitingBytes,
  type WaitingRoom,
} from './bounded-queue.ts'
import { type Answered, TOO_MUCH } from './shared-channels.ts'

export interface Feed {
  /** What is given, in words: `events`. */
  readonly what: string
  /** After which place to begin. */
  readonly start: EventPlace
  /** Whether what is stored after it is given too; else what arrives from now on. */
  readonly replays: boolean
  /** Stored events after that sequence, in their order, at most so many. */
  replay(after: number, limit: number): Promise<readonly { readonly row: Streamed }[]>
  /** The answer to a stored event; undefined where it is not to be seen any more, TOO_MUCH where the reader holds too many. */
  answer(event: Streamed): Promise<ExecutionResult | typeof TOO_MUCH | undefined>
  /** Puts what arrives from now on into the queue; the returned function ends it. */
  join(queue: BoundedQueue<Answered>): () => void
  /** Answers that may wait for the reader. */
  readonly maxWaiting: number
  /** Where answers of all subscriptions wait. */
  readonly room: WaitingRoom
  /** What they take meanwhile. */
  readonly held: WaitingBytes<Answered>
  /** The cursor of that place. */
  cursor(place: EventPlace): string
  /** Called once, when nothing is given any more. */
  onEnd(): void
}

/** Stored events read at once; they are held until their reader has taken them. */
const REPLAYED_AT_ONCE = 100

/** Begins at once; leaving the iteration ends it. A reader that is too slow is told so by the last answer. */
export const replayThenLive = (feed: Feed): AsyncIterableIterator<ExecutionResult> => {
  let position: EventPlace = feed.start
  const createQueue = () => createBoundedQueue(feed.maxWaiting, feed.room, feed.held)
  let queue = createQueue()
  let leave: (() => void) | undefined
  let hasLeft = false
  let hasEnded = false

  const join = (): void => {
    queue = createQueue()
    leave = feed.join(queue)
  }
  const end = (): void => {
    leave?.()
    if (!hasEnded) feed.onEnd()
    hasEnded = true
  }

  async function* replayed(): AsyncGenerator<ExecutionResult> {
    while (feed.replays && !hasLeft) {
      const page = await feed.replay(position.sequence, REPLAYED_AT_ONCE)
      for (const { row } of page) {
        if (hasLeft) return
        const answer = await feed.answer(row)
        if (answer === TOO_MUCH) {
          // What has arrived comes behind it.
          queue.end(true)
          queue.overflow()
          return
        }
        position = row
        if (answer !== undefined) yield answer
      }
      const isLast = page.length < REPLAYED_AT_ONCE
      // What arrives between the last page and the live part would be missed: so the live part begins, and then the
      // last page is read once more.
      if (isLast && leave !== undefined) return
      if (isLast) join()
      else {
        leave?.()
        leave = undefined
        queue.end(true)
      }
    }
  }

  async function* answers(): AsyncGenerator<ExecutionResult> {
    try {
      yield* replayed()
      for (
        let next = await queue.take();
        next !== undefined && !hasLeft;
        next = await queue.take()
      ) {
        if (next.event.sequence <= position.sequence) continue
        position = next.event
        yield next.result
      }
      if (queue.overflowed() && !hasLeft) yield tooSlow(feed.what, feed.cursor(position))
    } finally {
      end()
    }
  }

  if (!feed.replays) join()
  const iterator = answers()
  const stream: AsyncIterableIterator<ExecutionResult> = {
    next: () => iterator.next(),
    return: async () => {
      hasLeft = true
      queue.end(true)
      await iterator.return(undefined)
      // A generator that never began has nothing to clean up by itself.
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

const tooSlow = (what: string, cursor: string): ExecutionResult =>
  failedResult(
    new GatewayError(
      'TOO_SLOW',
      `More ${what} arrived than were taken. Subscribe again with the cursor as "since" to go on without a gap`,
      { cursor },
    ),
  )

/** An answer that says what went wrong in place of data. */
export const failedResult = (error: unknown): ExecutionResult => {
  if (error instanceof GraphQLError) return { errors: [error] }
  const cause = error instanceof Error ? error : new Error('failed')
  return { errors: [new GraphQLError(cause.message, { originalError: cause })] }
}
