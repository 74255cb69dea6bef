/** Finds an answer, or the right to ask for it; whoever meets somebody else who is asking waits for that one's answer. */
import { type Clock, pause } from '../model/clock.ts'
import type { AnswersThread } from './answers-thread.ts'
import type { TimelyClaims } from './claim-in-time.ts'
import { type KeptAnswers, untoldClaim } from './contract.ts'
import type { HeldClaims } from './held-claims.ts'

/** How often is looked whether somebody else has got the answer. */
const LOOK_MS = 50

export const createClaiming = (
  ask: AnswersThread['ask'],
  clock: Clock,
  claims: TimelyClaims,
  held: HeldClaims,
): KeptAnswers['claim'] => {
  let tokens = 0

  return async (question, notBefore, signal) => {
    const token = (tokens += 1)
    const leave = (): void => {
      if (held.drop(question, token)) ask('leave', question, token).catch(() => undefined)
    }
    for (;;) {
      signal.throwIfAborted()
      const claimedAt = clock.now()
      const verdict = await claims.claim(question, notBefore, token, claimedAt)
      if (verdict?.kind === 'mine') held.hold(question, token, claimedAt)
      if (signal.aborted) leave()
      signal.throwIfAborted()
      if (verdict === undefined) return untoldClaim
      if (verdict.kind === 'found') return verdict
      if (verdict.kind === 'mine') return { kind: 'mine', leave }
      await pause(LOOK_MS, clock, signal)
    }
  }
}
