/**
 * Answers to events, one after the other: many subscriptions may want one at the same moment, and nobody else may wait
 * for all of them.
 */

/** How long answers are made before everybody else has a turn, in milliseconds; the last of them comes on top. */
const SLICE_MS = 8

export interface AnswerTurns {
  /** What the work comes to, once it was its turn. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
}

export interface Stopwatch {
  /** Milliseconds from any moment on. */
  now(): number
  /** Resolves once whatever waits in the event loop has had its turn. */
  nextTurn(): Promise<void>
}

export const systemStopwatch: Stopwatch = {
  now: () => performance.now(),
  nextTurn: () => new Promise(resolve => setImmediate(resolve)),
}

/** Work begins at once where none is under way, else in the order in which it was asked for. */
export const createAnswerTurns = ({ now, nextTurn }: Stopwatch = systemStopwatch): AnswerTurns => {
  let waiting: (() => Promise<unknown>)[] = []
  let isGoing = false

  /** Goes on with the next when one is done, or when it waits for something else than its turn. */
  const go = async (): Promise<void> => {
    isGoing = true
    let beganAt = now()
    while (waiting.length > 0) {
      const works = waiting
      waiting = []
      for (const work of works) {
        let isDone = false
        const done = work().then(() => {
          isDone = true
        })
        await Promise.race([done, nextTurn()])
        if (isDone && now() - beganAt < SLICE_MS) continue
        if (isDone) await nextTurn()
        beganAt = now()
      }
    }
    isGoing = false
  }

  return {
    run: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      waiting.push(async () => work().then(resolve, reject))
      if (!isGoing) void go()
      return promise
    },
  }
}
