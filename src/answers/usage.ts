/** How much is kept, from what each list of each connector takes. */
import type { AnswersUsage } from './contract.ts'

export interface ListUsage {
  readonly connector: string
  readonly list: string
  readonly answers: number
  readonly bytes: number
}

/** The same by connector. */
export const usageOf = (lists: Iterable<ListUsage>): ReadonlyMap<string, AnswersUsage> => {
  const usage = new Map<string, AnswersUsage>()
  for (const { connector, list, answers, bytes } of lists) {
    const before = usage.get(connector)
    usage.set(connector, {
      answers: answers + (before?.answers ?? 0),
      bytes: bytes + (before?.bytes ?? 0),
      bytesOf: new Map([...(before?.bytesOf ?? []), [list, bytes]]),
    })
  }
  return usage
}
