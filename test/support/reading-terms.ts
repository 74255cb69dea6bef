import type { ReadTerms } from '../../src/export/part.ts'

/** Those of an export that has written nothing yet, and never ends by itself. */
export const readingTerms = (given: Partial<ReadTerms> = {}): ReadTerms => ({
  isWritten: () => false,
  lastState: () => undefined,
  signal: new AbortController().signal,
  onRequest: () => undefined,
  onLoss: () => undefined,
  ...given,
})
