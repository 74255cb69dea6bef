/** What tells one state of a thing from another. */
import { hash } from 'node:crypto'

/** Characters of base64: 132 bits, of which no two states of one thing will ever have the same. */
const LENGTH = 22

/** A short text for what is written of a thing in that state. */
export const stateOf = (value: object): string =>
  hash('sha256', JSON.stringify(value), 'base64url').slice(0, LENGTH)
