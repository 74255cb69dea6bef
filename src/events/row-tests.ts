/** Functions of ours that SQLite calls: what a test of rows in memory says of a row, and the form in which texts are compared. */
import type { DatabaseSync } from 'node:sqlite'
import { folded } from '../filter/letters.ts'

/** Of the values of some columns. */
export type ValuesTest = (values: readonly unknown[]) => boolean

export interface RowTests {
  /** The test can be called as `passes(number, ...)` from now on. */
  add(test: ValuesTest): number
  remove(number: number): void
}

export const createRowTests = (database: DatabaseSync): RowTests => {
  const tests = new Map<unknown, ValuesTest>()
  let added = 0
  database.function('passes', { deterministic: true, varargs: true }, (number, ...values) =>
    tests.get(number)?.(values) === true ? 1 : 0,
  )
  database.function('fold', { deterministic: true }, text =>
    typeof text === 'string' ? folded.of(text) : null,
  )
  return {
    add: test => {
      added += 1
      tests.set(added, test)
      return added
    },
    remove: number => tests.delete(number),
  }
}

/** What questions are asked of: a file, and the functions of ours that are known there. */
export interface ReadingFile {
  readonly database: DatabaseSync
  readonly tests: RowTests
}
