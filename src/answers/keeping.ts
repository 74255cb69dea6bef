/**
 * Hands answers over to be kept; whoever has one waits for nothing. Those that nobody can be waiting for are gathered, so
 * that what comes quickly one after the other, as in an export, shares one message and one transaction.
 */
import type { Clock } from '../model/clock.ts'
import type { AnswerFailures } from './answer-failures.ts'
import { AnswersUnavailable, type NewAnswer } from './contract.ts'
import type { AnswersKeeper } from './keeper.ts'

export interface Keeping {
  /** Keeps it at once where others may wait for it, else before long, together with others. Never throws. */
  put(answer: NewAnswer, isAwaited: boolean): void
  /** Sends what is gathered: whatever is asked from then on is asked behind it. */
  flush(): void
  /** Waits for what is on its way to the file, but not for ever. */
  drain(): Promise<void>
}

/** Characters of answers that wait to be written; what comes on top is not kept. */
export const MOST_WAITING = 64 * 1_048_576
/** Answers that go together, and characters of them after which no more join: whoever asks next waits for all of them. */
export const MOST_TOGETHER = 16
const ENOUGH_CHARACTERS = 524_288
/** How long an answer waits for others. */
const GATHERED_MS = 100
/** How long answers on their way to the file are waited for in the end. */
const DRAIN_MS = 5_000

export const createKeeping = (
  keeper: Pick<AnswersKeeper, 'ask' | 'isFailing'>,
  clock: Clock,
  failures: Pick<AnswerFailures, 'kept' | 'failed'>,
): Keeping => {
  const underWay = new Set<Promise<void>>()
  let waiting = 0
  let gathered: NewAnswer[] = []
  let stopGathering = (): void => undefined

  /** The question is free again. */
  const giveUp = ({ question, answer }: NewAnswer): void => {
    keeper.ask('answered', question, answer.askedAt).catch(() => undefined)
  }

  const keep = async (answers: readonly NewAnswer[]): Promise<void> => {
    try {
      await keeper.ask('keep', answers, clock.now())
      failures.kept()
    } catch (error) {
      // Something is wrong with one of them, and the others are not to fail with it.
      if (answers.length > 1 && !(error instanceof AnswersUnavailable)) {
        await Promise.all(answers.map(each => keep([each])))
        return
      }
      failures.failed(error)
      answers.forEach(giveUp)
    }
  }

  const send = (answers: readonly NewAnswer[]): void => {
    const keeping = keep(answers).finally(() => {
      waiting -= charactersOf(answers)
      underWay.delete(keeping)
    })
    underWay.add(keeping)
  }

  const flush = (): void => {
    stopGathering()
    if (gathered.length === 0) return
    const answers = gathered
    gathered = []
    send(answers)
  }

  const gather = (answer: NewAnswer): void => {
    if (gathered.push(answer) === 1) stopGathering = clock.after(GATHERED_MS, flush)
    if (gathered.length >= MOST_TOGETHER || charactersOf(gathered) >= ENOUGH_CHARACTERS) flush()
  }

  return {
    put: (answer, isAwaited) => {
      const characters = charactersOf([answer])
      if (keeper.isFailing() || waiting + characters > MOST_WAITING) {
        giveUp(answer)
        return
      }
      waiting += characters
      if (isAwaited) send([answer])
      else gather(answer)
    },
    flush,
    drain: () =>
      new Promise(resolve => {
        flush()
        const cancel = clock.after(DRAIN_MS, resolve)
        void Promise.all(underWay).then(() => {
          cancel()
          resolve()
        })
      }),
  }
}

const charactersOf = (answers: readonly NewAnswer[]): number =>
  answers.reduce((sum, { answer }) => sum + answer.body.length, 0)
