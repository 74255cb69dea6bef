/** Kept answers in the memory of a test: what outlives a process there, without its file. */
import {
  noAnswers,
  type AnswerClaim,
  type KeptAnswer,
  type KeptAnswers,
} from '../../src/answers/contract.ts'
import { AHEAD_MS } from '../../src/answers/sealed-rows.ts'

export interface AnswersInMemory extends KeptAnswers {
  /** By question. */
  readonly all: Map<string, KeptAnswer>
  /** Those that were asked for, in their order, found or not. */
  readonly looks: { readonly path: string; readonly found: boolean }[]
}

/** None yet; by that time one counts as asked for in the future, where it is given. */
export const answersInMemory = (now = (): number => Infinity): AnswersInMemory => {
  const all = new Map<string, KeptAnswer>()
  const looks: { path: string; found: boolean }[] = []
  /** Whoever asks just now, by question. */
  const asking = new Map<string, PromiseWithResolvers<void>>()
  const over = (path: string): void => {
    asking.get(path)?.resolve()
    asking.delete(path)
  }
  return {
    ...noAnswers,
    all,
    looks,
    claim: async ({ path }, notBefore): Promise<AnswerClaim> => {
      const newest = (): KeptAnswer | undefined => {
        const kept = all.get(path)
        const isOfThen = kept !== undefined && kept.askedAt >= notBefore
        return isOfThen && kept.askedAt <= now() + AHEAD_MS ? kept : undefined
      }
      if (newest() === undefined) await asking.get(path)?.promise
      const answer = newest()
      looks.push({ path, found: answer !== undefined })
      if (answer !== undefined) return { kind: 'found', answer }
      asking.set(path, Promise.withResolvers())
      return { kind: 'mine', leave: () => over(path) }
    },
    put: ({ path }, _of, answer) => {
      over(path)
      if ((all.get(path)?.askedAt ?? -Infinity) <= answer.askedAt) all.set(path, answer)
    },
  }
}
