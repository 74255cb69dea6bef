/** How much V8 lets the heap of this process grow. */
import { setFlagsFromString } from 'node:v8'

/**
 * By how many percent the heap may grow before it is swept whole again. Left to itself, V8 lets a small heap grow to four
 * times what is in use on a machine with much memory, and never gives back what it took.
 */
const HEAP_GROWING_PERCENT = 50

/**
 * The heap of this process grows slowly from now on, and what is young in it is swept also while the whole is. Left to
 * itself, V8 lets what is young grow until the whole is swept, and then copies all that of it which is in use in one step:
 * nobody was answered for up to 70 ms where much was made meanwhile, which are 15 now, and up to 100 MB more were taken.
 */
export const holdHeapDown = (): void => {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`)
  setFlagsFromString('--no-separate-gc-phases')
}

/**
 * Runs what makes much that is soon of no use, such as a page of rows and its text: what is young gets no more room meanwhile
 * than it had, where V8 would give it up to 100 MB on a machine with much memory, and save no time by it.
 */
export const inSmallHeap = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  holdHeapDown()
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await run()
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2')
  }
}
