/** A document as somebody wrote it, before it is known whether it fits the schema. */
import { hash } from 'node:crypto'

export interface WrittenDocument {
  /** What it is asked for by; the first is the one that people are told. */
  readonly ids: readonly string[]
  readonly text: string
  /** File and line. */
  readonly at: string
  /** The kinds and names of its operations, for people. */
  readonly says: string
}

/** In hexadecimal digits, as clients that make up the hash of a text do. */
export const sha256Of = (text: string): string => hash('sha256', text)
