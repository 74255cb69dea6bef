/** What a process that reads is told, and which of its keys are busy. */

export interface ReaderOptions {
  readonly databaseUrl: string
  /** Of Push. */
  readonly url: string
  readonly keys: readonly { readonly alias: string; readonly key: string }[]
  readonly limits: { readonly rate: number; readonly burst: number }
  /** Reads of each busy key at a time. */
  readonly atOnce: number
  /** All keys are busy all the time where absent. */
  readonly turns?: Turns | undefined
}

/** So many keys are busy at a time, and the next ones after so many milliseconds. */
export interface Turns {
  readonly many: number
  readonly everyMs: number
  /** When the first turn begins (milliseconds since 1970). */
  readonly since: number
}

/** The places of the keys that are busy at that moment; always as many. */
export const busyAt = (keys: number, turns: Turns | undefined, now: number): readonly number[] => {
  if (turns === undefined) return Array.from({ length: keys }, (_, nth) => nth)
  const { many, everyMs, since } = turns
  const turn = Math.max(0, Math.floor((now - since) / everyMs))
  return Array.from({ length: many }, (_, nth) => (turn * many + nth) % keys)
}
