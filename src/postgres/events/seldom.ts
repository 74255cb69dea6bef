import type { Clock } from '../../model/clock.ts'

/** Calls `look` at once where it was not called for so long, else once that is over: never twice for calls in between. */
export const createSeldom = (
  clock: Clock,
  apartMs: number,
  look: () => void,
): { readonly call: () => void; readonly end: () => void } => {
  let isWaiting = false
  let isResting = false
  let cancel = (): void => undefined

  const call = (): void => {
    if (isResting) {
      isWaiting = true
      return
    }
    isResting = true
    cancel = clock.after(apartMs, () => {
      isResting = false
      if (!isWaiting) return
      isWaiting = false
      call()
    })
    look()
  }
  return {
    call,
    end: () => {
      cancel()
      isResting = true
    },
  }
}
