/** As many may be under way as there are places; who waits for one is let in in the order of arrival. */
export interface QuestionPlaces {
  /** Resolves with what gives the place back; undefined where the signal aborts before there is one. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>
}

export const createQuestionPlaces = (most: number): QuestionPlaces => {
  const waiting = new Set<() => void>()
  let free = most

  const leave = (): void => {
    free += 1
    const [next] = waiting
    next?.()
  }

  return {
    take: signal =>
      new Promise(resolve => {
        const enter = (): void => {
          waiting.delete(enter)
          signal.removeEventListener('abort', giveUp)
          free -= 1
          resolve(leave)
        }
        const giveUp = (): void => {
          waiting.delete(enter)
          resolve(undefined)
        }
        if (signal.aborted) return resolve(undefined)
        if (free > 0) return enter()
        waiting.add(enter)
        signal.addEventListener('abort', giveUp, { once: true })
      }),
  }
}
