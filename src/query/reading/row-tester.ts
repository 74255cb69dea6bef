/** Testing rows against a filter, one time slice after another. */
import { compile, type Pause } from '../../filter/compile.ts'
import { ownNanosecondsPerRow } from '../../filter/cost.ts'
import type { Filter } from '../../filter/filter.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Reader } from './reader.ts'
import { relatedTo } from '../../filter/relations-in.ts'
import { surroundingsOf } from './related-rows.ts'

/** Undefined where this time slice is over: to be asked for the same row in the next one, where it goes on. */
export type Tester = (row: Row) => boolean | undefined

/** What is done with a row besides testing it. */
const ROW_NS = 30

/** What a test throws where a time slice ends in its midst. */
const sliceOver = Symbol('the time slice is over')

/** Tests rows over what the store has around each of them. */
export const createTester = (name: CollectionName, filter: Filter, reader: Reader): Tester => {
  const { work } = reader
  const around = surroundingsOf(
    reader,
    [...relatedTo(filter)].map(({ to }) => to),
  )
  let version = 0
  let hasFound = false
  const pause: Pause = {
    spend: nanoseconds => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: it is caught below
      if (!work.spend(nanoseconds)) throw sliceOver
    },
    found: () => {
      hasFound = true
    },
    isAgain: () => isAgain,
  }
  const test = compile<CollectionName>(filter, name, { ...around, version: () => version }, pause)
  const own = ROW_NS + ownNanosecondsPerRow(filter)
  let brokenOff: Row | undefined
  let isAgain = false
  /** Time slices that the row was given without anything coming of it. */
  let vain = 0

  return row => {
    if (row !== brokenOff) {
      // What was found out about the rows around an earlier row holds while nothing has changed.
      version = around.version()
      // What one row was given more is not for those behind it.
      if (vain > 0) work.extend(1)
      vain = 0
    } else if (!hasFound) {
      vain += 1
      work.extend(2 ** vain)
    }
    isAgain = row === brokenOff
    brokenOff = undefined
    hasFound = false
    try {
      pause.spend(own)
      return test(row)
    } catch (thrown) {
      if (thrown !== sliceOver) throw thrown
      brokenOff = row
      return undefined
    }
  }
}

/** The rows that pass, at once where that takes no longer than a time slice. */
export const filterRows = (
  rows: readonly Row[],
  tester: Tester,
  reader: Reader,
): Maybe<readonly Row[]> => {
  const passing: Row[] = []
  /** Tests rows from there on in this time slice; the index where it ended. */
  const take = (from: number): number => {
    for (let index = from; index < rows.length; index += 1) {
      const row = rows[index]
      const passes = row !== undefined && tester(row)
      if (passes === undefined) return index
      if (passes && row !== undefined) passing.push(row)
    }
    return rows.length
  }
  const goOn = async (from: number): Promise<readonly Row[]> => {
    for (let index = from; index < rows.length;) {
      await reader.work.next()
      index = take(index)
    }
    return passing
  }
  const index = take(0)
  return index === rows.length ? passing : goOn(index)
}
