/** A document as somebody wrote it, before it is known whether it fits the schema. */
export interface WrittenDocument {
  /** What it is asked for by; the first is the one that people are told. */
  readonly ids: readonly string[]
  readonly text: string
  /** File and line. */
  readonly at: string
  /** The kinds and names of its operations, for people. */
  readonly says: string
}
