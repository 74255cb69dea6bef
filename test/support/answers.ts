/** Kept answers in the memory of a test: what outlives a process there, without its file. */
import {
  noAnswers,
  type AnswerClaim,
  type KeptAnswer,
  type KeptAnswers,
} from '../../src/answers/contract.ts'

export interface AnswersInMemory extends KeptAnswers {
  /** By question. */
  readonly all: Map<string, KeptAnswer>
  /** Those that were asked for, in their order, found or not. */
  readonly looks: { readonly path: string; readonly found: boolean }[]
}

export const answersInMemory = (): AnswersInMemory => {
  const all = new Map<string, KeptAnswer>()
  const looks: { path: string; found: boolean }[] = []
  return {
    ...noAnswers,
    all,
    looks,
    claim: async ({ path }, notBefore): Promise<AnswerClaim> => {
      const answer = all.get(path)
      const found = answer !== undefined && answer.askedAt >= notBefore
      looks.push({ path, found })
      return found ? { kind: 'found', answer } : { kind: 'mine', leave: () => undefined }
    },
    put: ({ path }, _of, answer) => {
      if ((all.get(path)?.askedAt ?? -Infinity) <= answer.askedAt) all.set(path, answer)
    },
  }
}
