/** A question at work: it stops after every short stretch of it, so that others have their turn and it can be ended. */
import type { WindowScan, Window } from './windows.ts'

/** What a question comes to, in stretches of a few milliseconds; it is told how many the last one took. */
export type QuestionWork<Result> = Generator<undefined, Result, number>

/** What the work comes to, all of it at once. */
export const finish = <Result>(work: QuestionWork<Result>): Result => {
  for (;;) {
    const step = work.next(0)
    if (step.done === true) return step.value
  }
}

/** A stretch that took less is followed by a larger one, and one that took more by a smaller one. */
const SHORT_MS = 2
const LONG_MS = 6

/** Rows of the first window, and of any at least and at most. */
export interface WindowSizes {
  readonly first: number
  readonly least: number
  readonly most: number
}

/** Reads the windows of a scan one after the other, for as long as `read` says so. */
export function* eachWindow(
  scan: WindowScan,
  { first, least, most }: WindowSizes,
  read: (window: Window) => boolean,
): QuestionWork<void> {
  for (let rows = first; ;) {
    const window = scan.next(rows)
    if (window === undefined || !read(window)) return
    const tookMs = yield
    if (tookMs < SHORT_MS) rows = Math.min(most, rows * 2)
    else if (tookMs > LONG_MS) rows = Math.max(least, rows >> 1)
  }
}
