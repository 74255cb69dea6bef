/**
 * Whoever reads a list as it is kept wants its pages in the order in which they were asked for: those that come next are
 * fetched several at a time, while the last ones are worked on.
 */
import type { Clock } from '../model/clock.ts'
import type { KeptAnswer, PushQuestion } from './contract.ts'
import type { AnswersKeeper } from './keeper.ts'
import { toKeptAnswer, type UnreadAnswer } from './packing.ts'
import { isOfObject, listOf } from './sealed-rows.ts'

export interface ReadingAhead {
  /** The answer where it was fetched and was asked for at or after that moment; waits for what is being fetched. */
  take(
    question: PushQuestion,
    notBefore: number,
    signal: AbortSignal,
  ): Promise<KeptAnswer | undefined>
  /** That answer was found, be it one that was fetched. */
  found(question: PushQuestion, answer: KeptAnswer): void
  /** Another answer to that question is kept. */
  changed(question: PushQuestion): void
  /** Gives none of those that are there or on their way. */
  forget(): void
}

/** Answers that are fetched at once: at first, and once most of those were wanted. */
const FEWEST = 4
const MOST = 16
/** How long they are of use: the reading goes on at once or not at all. */
const KEPT_MS = 5_000
/** How long one that is being fetched is waited for. */
const PATIENCE_MS = 1_000

/** Of a list, where one is read. */
interface Reader {
  readonly question: PushQuestion
  readonly there: Map<string, UnreadAnswer>
  /** How many are fetched next; none as long as one answer alone was wanted. */
  width: number
  /** When the last was asked for that is there. */
  upTo: number
  fetching: Promise<void> | undefined
  isAtEnd: boolean
  lastAt: number
}

/** Nothing is fetched yet. */
export const createReadingAhead = (ask: AnswersKeeper['ask'], clock: Clock): ReadingAhead => {
  const readers = new Map<string, Reader>()
  let stopSweep: (() => void) | undefined
  const keyOf = (question: PushQuestion): string => `${listOf(question)} ${question.tenant}`

  const readerOf = (question: PushQuestion): Reader | undefined => {
    const reader = readers.get(keyOf(question))
    const ageMs = clock.now() - (reader?.lastAt ?? -Infinity)
    return ageMs >= 0 && ageMs < KEPT_MS ? reader : undefined
  }

  /** Those who read no more need no memory. */
  const sweep = (): void => {
    stopSweep = undefined
    for (const [key, { question }] of readers)
      if (readerOf(question) === undefined) readers.delete(key)
    if (readers.size > 0) stopSweep = clock.after(KEPT_MS, sweep)
  }

  const begin = (question: PushQuestion, upTo: number, width: number): Reader => {
    const reader: Reader = {
      ...{ question, there: new Map(), width, upTo, lastAt: clock.now() },
      ...{ fetching: undefined, isAtEnd: false },
    }
    readers.set(keyOf(question), reader)
    stopSweep ??= clock.after(KEPT_MS, sweep)
    return reader
  }

  const fetchNext = (reader: Reader): void => {
    if (reader.width === 0 || reader.isAtEnd || reader.fetching !== undefined) return
    if (reader.there.size > reader.width / 2) return
    reader.fetching = ask('askedNext', reader.question, reader.upTo, reader.width, clock.now())
      .then(
        found => {
          reader.isAtEnd = found.length === 0
          for (const answer of found)
            if (answer.question.tenant === reader.question.tenant)
              reader.there.set(answer.question.path, answer)
          reader.upTo = found.at(-1)?.askedAt ?? reader.upTo
          reader.width = Math.min(MOST, reader.width * 2)
        },
        () => {
          // Whoever wants one finds out why.
          reader.isAtEnd = true
        },
      )
      .finally(() => {
        reader.fetching = undefined
      })
  }

  const come = (fetching: Promise<void>, signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      const over = (): void => {
        cancel()
        signal.removeEventListener('abort', over)
        resolve()
      }
      const cancel = clock.after(PATIENCE_MS, over)
      signal.addEventListener('abort', over, { once: true })
      void fetching.then(over)
    })

  return {
    take: async (question, notBefore, signal) => {
      const reader = isOfObject(question) ? undefined : readerOf(question)
      if (reader === undefined) return undefined
      const { path } = question
      if (!reader.there.has(path) && reader.fetching !== undefined)
        await come(reader.fetching, signal)
      const answer = readerOf(question) === reader ? reader.there.get(path) : undefined
      return answer !== undefined && answer.askedAt >= notBefore ? toKeptAnswer(answer) : undefined
    },
    found: (question, answer) => {
      if (isOfObject(question)) return
      const reader = readerOf(question)
      const wasThere = reader?.there.delete(question.path) === true
      // Two in a row may be the beginning of all of them; one that was not among those fetched is another beginning.
      const current =
        reader !== undefined && wasThere
          ? reader
          : begin(question, answer.askedAt, reader?.width === 0 ? FEWEST : 0)
      current.lastAt = clock.now()
      fetchNext(current)
    },
    changed: question => {
      readers.get(keyOf(question))?.there.delete(question.path)
    },
    forget: () => {
      readers.clear()
      stopSweep?.()
      stopSweep = undefined
    },
  }
}
