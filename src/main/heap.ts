/** How much V8 lets the heap of this process grow. */
import { setFlagsFromString } from 'node:v8'

/**
 * By how many percent the heap may grow before it is swept whole again. Left to itself, V8 lets a small heap grow to four
 * times what is in use on a machine with much memory, and never gives back what it took.
 */
const HEAP_GROWING_PERCENT = 50

export const growHeapSlowly = (): void => {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`)
}

/**
 * Runs what makes much that is soon of no use, such as a page of rows and its text: what is young gets no more room meanwhile
 * than it had, where V8 would give it up to 100 MB on a machine with much memory, and save no time by it.
 */
export const inSmallHeap = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  growHeapSlowly()
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await run()
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2')
  }
}
