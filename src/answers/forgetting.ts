/** Has answers forgotten for good: step by step, as others want the file meanwhile, and until no byte is left of them. */
import { type Clock, pause } from '../model/clock.ts'
import { AnswersUnavailable, type KeptAnswers } from './contract.ts'
import type { AnswersKeeper } from './keeper.ts'

/** How often it is tried to empty the log while other processes read from it, */
const ERASE_TRIES = 100
/** and how long is waited before the next try. */
const BUSY_MS = 50

export const createForgetting = (
  ask: AnswersKeeper['ask'],
  clock: Clock,
): Pick<KeptAnswers, 'forgetConnector' | 'forgetText'> => ({
  forgetConnector: async connector => {
    let gone = 0
    for (let step = 1; step > 0; gone += step) step = await ask('forgetConnector', connector)
    await erase(ask, clock)
    return gone
  },
  forgetText: async text => {
    let gone = 0
    for (let after = text === '' ? undefined : 0; after !== undefined;) {
      const step = await ask('forgetText', text, after)
      gone += step.gone
      after = step.next
    }
    await erase(ask, clock)
    return gone
  },
})

/** Leaves nothing of what was deleted, neither in the file nor in its log. */
const erase = async (ask: AnswersKeeper['ask'], clock: Clock): Promise<void> => {
  const { signal } = new AbortController()
  for (let busy = 0; busy < ERASE_TRIES;) {
    const erased = await ask('erase')
    if (erased === 'done') return
    if (erased === 'more') continue
    busy += 1
    await pause(BUSY_MS, clock, signal)
  }
  throw new AnswersUnavailable(
    'What was to be forgotten is deleted, but the log of the file may still hold it as other processes read from it. Try again.',
  )
}
