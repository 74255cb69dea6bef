/** On whose account questions are asked in tests: without bounds but those that a test names. */
import type { QuestionTerms } from '../../src/events/events.ts'

export const termsOf = (caller: string, more: Partial<QuestionTerms> = {}): QuestionTerms => ({
  caller,
  operation: caller,
  leftMs: () => Infinity,
  deadline: undefined,
  maxWaitMs: Infinity,
  signal: undefined,
  took: undefined,
  ...more,
})
