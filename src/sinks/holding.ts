/** Whether a sink is this process's to send for: taken, and taken again as long as it sends. */
import type { Clock } from '../model/clock.ts'
import type { SinkClaims } from './places.ts'

export interface Holding {
  /** Whether it is ours now, and for some seconds. @throws {Error} where that cannot be said */
  take(): Promise<boolean>
  /** The same, without asking where it was ours a moment ago: this process may have stood still since. */
  isSure(): Promise<boolean>
  /** Takes it again and again; `lost` is called once it is somebody else's. The returned function ends it. */
  keep(lost: () => void): () => void
}

/** How often it is taken again, and for how long nobody asks. */
const AGAIN_MS = 1_000

/** It is not taken yet. */
export const createHolding = (sink: string, claims: SinkClaims, clock: Clock): Holding => {
  let takenAt = -Infinity
  const take = async (): Promise<boolean> => {
    // It is ours from some moment behind this one, and runs out by that.
    const askedAt = clock.now()
    const isOurs = await claims.take(sink)
    if (isOurs) takenAt = askedAt
    return isOurs
  }
  return {
    take,
    isSure: async () => {
      const agoMs = clock.now() - takenAt
      // Less than nothing where the clock was put back.
      return (agoMs >= 0 && agoMs <= AGAIN_MS) || take()
    },
    keep: lost => {
      let stop = (): void => undefined
      let isOver = false
      const goOn = (): void => {
        if (isOver) return
        stop = clock.after(AGAIN_MS, () => {
          void take().then(
            isOurs => {
              if (isOurs) goOn()
              else if (!isOver) lost()
            },
            // Before anything is sent it is asked again, and nobody moves a place that is not theirs.
            goOn,
          )
        })
      }
      goOn()
      return () => {
        isOver = true
        stop()
      }
    },
  }
}
