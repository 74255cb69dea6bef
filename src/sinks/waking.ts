/** Waiting for news: of what is stored somebody tells, or it is looked for again after a while. */
import type { Clock } from '../model/clock.ts'

export interface Waking {
  /** There is news: who waits goes on, and who waits next does not. */
  wake(): void
  /** Resolves when there is news, after `ms`, or when the signal aborts. */
  news(ms: number, signal: AbortSignal): Promise<void>
}

/** Nobody waits yet, and there is no news. */
export const createWaking = (clock: Clock): Waking => {
  let goOn = (): void => undefined
  let isNews = false
  return {
    wake: () => {
      isNews = true
      goOn()
    },
    news: (ms, signal) =>
      new Promise(resolve => {
        const end = (): void => {
          stop()
          signal.removeEventListener('abort', end)
          goOn = () => undefined
          resolve()
        }
        const stop = clock.after(ms, end)
        signal.addEventListener('abort', end, { once: true })
        goOn = end
        if (isNews || signal.aborted) end()
        isNews = false
      }),
  }
}
