/** The claims of this process: while it has some, it gives signs of life. */
import type { Clock } from '../model/clock.ts'
import type { PushQuestion } from './contract.ts'

export interface HeldClaims {
  /** One more claim. */
  hold(question: PushQuestion, token: number, claim: ClaimTime): void
  /** It was left; whether it was still held. */
  drop(question: PushQuestion, token: number): boolean
  /** Whether this process asks that question, so that others may wait for its answer. */
  has(question: PushQuestion): boolean
  /** An answer that was asked for then has come; the moment that it counts as asked for to others. */
  answered(question: PushQuestion, askedAt: number): number
  end(): void
}

/** When a question was claimed, in ms since 1970. */
export interface ClaimTime {
  /** By the clock of this process. */
  readonly claimedAt: number
  /** The same for others: no earlier than what was asked for before it, should that clock be a little behind theirs. */
  readonly countsFrom: number
}

const BEAT_MS = 500

/** None yet; `beat` gives a sign of life. */
export const createHeldClaims = (clock: Clock, beat: () => void): HeldClaims => {
  const held = new Map<string, ClaimTime & { readonly token: number }>()
  const keyOf = ({ tenant, path }: PushQuestion): string => `${tenant}\n${path}`
  let cancel: (() => void) | undefined

  const goOn = (): void => {
    if (held.size === 0) {
      cancel = undefined
      return
    }
    beat()
    cancel = clock.after(BEAT_MS, goOn)
  }

  return {
    hold: (question, token, claim) => {
      held.set(keyOf(question), { token, ...claim })
      cancel ??= clock.after(BEAT_MS, goOn)
    },
    drop: (question, token) => {
      const key = keyOf(question)
      return held.get(key)?.token === token && held.delete(key)
    },
    has: question => held.has(keyOf(question)),
    answered: (question, askedAt) => {
      const key = keyOf(question)
      const claim = held.get(key)
      if (claim === undefined || claim.claimedAt > askedAt) return askedAt
      held.delete(key)
      return Math.max(askedAt, claim.countsFrom)
    },
    end: () => {
      held.clear()
      cancel?.()
    },
  }
}
