/** Hands answers over to be kept; whoever has one waits for nothing. */
import type { Clock } from '../model/clock.ts'
import type { AnswerFailures } from './answer-failures.ts'
import type { KeptAnswers } from './contract.ts'
import type { AnswersKeeper } from './keeper.ts'

export interface Keeping extends Pick<KeptAnswers, 'put'> {
  /** Waits for what is on its way to the file, but not for ever. */
  drain(): Promise<void>
}

/** Characters of answers that wait to be written; what comes on top is not kept. */
export const MOST_WAITING = 64 * 1_048_576
/** How long answers on their way to the file are waited for in the end. */
const DRAIN_MS = 5_000

export const createKeeping = (
  keeper: Pick<AnswersKeeper, 'ask' | 'isFailing'>,
  clock: Clock,
  failures: Pick<AnswerFailures, 'kept' | 'failed'>,
): Keeping => {
  const underWay = new Set<Promise<void>>()
  let waiting = 0

  return {
    put: (question, { connector }, answer) => {
      const giveUp = (): void => {
        keeper.ask('answered', question, answer.askedAt).catch(() => undefined)
      }
      const characters = answer.body.length
      if (keeper.isFailing() || waiting + characters > MOST_WAITING) {
        giveUp()
        return
      }
      waiting += characters
      const writing = keeper
        .ask('put', question, connector, answer, clock.now())
        .then(failures.kept, (error: unknown) => {
          failures.failed(error)
          giveUp()
        })
        .finally(() => {
          waiting -= characters
          underWay.delete(writing)
        })
      underWay.add(writing)
    },
    drain: () =>
      new Promise(resolve => {
        const cancel = clock.after(DRAIN_MS, resolve)
        void Promise.all(underWay).then(() => {
          cancel()
          resolve()
        })
      }),
  }
}
