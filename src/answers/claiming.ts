/** Finds an answer, or the right to ask for it; whoever meets somebody else who is asking waits for that one's answer. */
import { type Clock, pause } from '../model/clock.ts'
import type { TimelyClaims } from './claim-in-time.ts'
import { type KeptAnswers, type PushQuestion, untoldClaim } from './contract.ts'
import type { HeldClaims } from './held-claims.ts'
import type { AnswersKeeper } from './keeper.ts'
import { AHEAD_MS } from './sealed-rows.ts'

/** Tells when it is time to look again whether somebody else has got the answer. */
export interface AnswerNews {
  /** From now on, until it ends. */
  follow(question: PushQuestion): FollowedNews
}

export interface FollowedNews {
  /** Waits until it is time. @throws the reason of `signal` once that aborts */
  next(signal: AbortSignal): Promise<void>
  end(): void
}

/** How often is looked where nobody says anything. */
const LOOK_MS = 50

/** There is none: it is looked again and again. */
export const withoutNews = (clock: Clock): AnswerNews => ({
  follow: () => ({ next: signal => pause(LOOK_MS, clock, signal), end: () => undefined }),
})

export interface ClaimingParts {
  readonly clock: Clock
  readonly claims: TimelyClaims
  readonly held: HeldClaims
  readonly news: AnswerNews
}

export const createClaiming = (
  ask: AnswersKeeper['ask'],
  { clock, claims, held, news }: ClaimingParts,
): KeptAnswers['claim'] => {
  let tokens = 0

  return async (question, notBefore, signal) => {
    const token = (tokens += 1)
    const leave = (): void => {
      if (held.drop(question, token)) ask('leave', question, token).catch(() => undefined)
    }
    // What is said while it is looked must not be missed.
    const followed = news.follow(question)
    try {
      for (;;) {
        signal.throwIfAborted()
        const claimedAt = clock.now()
        // What is asked for from now on is asked for after all that is known already, of which the clock of another said when.
        const isBehind = claimedAt < notBefore && notBefore - claimedAt <= AHEAD_MS
        const countsFrom = isBehind ? notBefore : claimedAt
        const verdict = await claims.claim(question, notBefore, token, countsFrom)
        if (verdict?.kind === 'mine') held.hold(question, token, { claimedAt, countsFrom })
        if (signal.aborted) leave()
        signal.throwIfAborted()
        if (verdict === undefined) return untoldClaim
        if (verdict.kind === 'found') return verdict
        if (verdict.kind === 'mine') return { kind: 'mine', leave }
        await followed.next(signal)
      }
    } finally {
      followed.end()
    }
  }
}
