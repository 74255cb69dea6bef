/** A claim that the file is not waited for too long. */
import type { Clock } from '../model/clock.ts'
import type { AnswerFailures } from './answer-failures.ts'
import type { PushQuestion } from './contract.ts'
import type { AnswersKeeper } from './keeper.ts'
import type { ClaimVerdict } from './tasks.ts'

export interface TimelyClaims {
  /** What is to be done; undefined where nobody says so, or not in time. */
  claim(
    question: PushQuestion,
    notBefore: number,
    token: number,
    now: number,
  ): Promise<ClaimVerdict | undefined>
  /** Whether the file is waited for longer than it may take. */
  isOverdue(): boolean
}

/** How long the file is waited for before Push is asked instead. */
const PATIENCE_MS = 2_000

export const createTimelyClaims = (
  keeper: AnswersKeeper,
  clock: Clock,
  failures: Pick<AnswerFailures, 'answered' | 'failed'>,
): TimelyClaims => {
  let overdue = 0

  return {
    claim: (question, notBefore, token, now) =>
      new Promise(resolve => {
        // Whoever comes meanwhile need not find that out once more.
        if (keeper.isFailing() || overdue > 0) {
          resolve(undefined)
          return
        }
        let isLate = false
        const cancel = clock.after(PATIENCE_MS, () => {
          isLate = true
          overdue += 1
          resolve(undefined)
        })
        const settle = (verdict: ClaimVerdict | undefined): void => {
          cancel()
          if (isLate) overdue -= 1
          // Nobody knows of this claim.
          if (isLate && verdict?.kind === 'mine')
            keeper.ask('leave', question, token).catch(() => undefined)
          resolve(verdict)
        }
        keeper.ask('claim', question, notBefore, token, now).then(
          verdict => {
            failures.answered()
            settle(verdict)
          },
          (error: unknown) => {
            failures.failed(error)
            settle(undefined)
          },
        )
      }),
    isOverdue: () => overdue > 0,
  }
}
