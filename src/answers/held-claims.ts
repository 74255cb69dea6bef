/** The claims of this process: while it has some, it gives signs of life. */
import type { Clock } from '../model/clock.ts'
import type { PushQuestion } from './contract.ts'

export interface HeldClaims {
  /** One more claim. */
  hold(question: PushQuestion, token: number, claimedAt: number): void
  /** It was left; whether it was still held. */
  drop(question: PushQuestion, token: number): boolean
  /** An answer that was asked for then has come. */
  answered(question: PushQuestion, askedAt: number): void
  end(): void
}

const BEAT_MS = 500

/** None yet; `beat` gives a sign of life. */
export const createHeldClaims = (clock: Clock, beat: () => void): HeldClaims => {
  const held = new Map<string, { readonly token: number; readonly claimedAt: number }>()
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
    hold: (question, token, claimedAt) => {
      held.set(keyOf(question), { token, claimedAt })
      cancel ??= clock.after(BEAT_MS, goOn)
    },
    drop: (question, token) => {
      const key = keyOf(question)
      return held.get(key)?.token === token && held.delete(key)
    },
    answered: (question, askedAt) => {
      const key = keyOf(question)
      const claim = held.get(key)
      if (claim !== undefined && claim.claimedAt <= askedAt) held.delete(key)
    },
    end: () => {
      held.clear()
      cancel?.()
    },
  }
}
