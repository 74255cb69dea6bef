/**
 * As many may be under way as there are places. Who waits for one is let in in the order of arrival, of those callers who have
 * fewest.
 */
export interface QuestionPlaces {
  /** Resolves with what gives the place back; undefined where the signal aborts before there is one. */
  take(caller: string, signal: AbortSignal): Promise<(() => void) | undefined>
}

interface Waiting {
  readonly caller: string
  readonly enter: () => void
}

export const createQuestionPlaces = (most: number): QuestionPlaces => {
  const waiting = new Set<Waiting>()
  /** How many places each caller has. */
  const taken = new Map<string, number>()
  let free = most

  const has = (caller: string): number => taken.get(caller) ?? 0

  const next = (): Waiting | undefined => {
    let chosen: Waiting | undefined
    for (const each of waiting) {
      if (chosen === undefined || has(each.caller) < has(chosen.caller)) chosen = each
      if (has(chosen.caller) === 0) break
    }
    return chosen
  }

  const leave = (caller: string): void => {
    free += 1
    if (has(caller) > 1) taken.set(caller, has(caller) - 1)
    else taken.delete(caller)
    next()?.enter()
  }

  return {
    take: (caller, signal) =>
      new Promise(resolve => {
        const enter = (): void => {
          waiting.delete(waiter)
          signal.removeEventListener('abort', giveUp)
          free -= 1
          taken.set(caller, has(caller) + 1)
          resolve(() => {
            leave(caller)
          })
        }
        const waiter: Waiting = { caller, enter }
        const giveUp = (): void => {
          waiting.delete(waiter)
          resolve(undefined)
        }
        if (signal.aborted) return resolve(undefined)
        if (free > 0) return enter()
        waiting.add(waiter)
        signal.addEventListener('abort', giveUp, { once: true })
      }),
  }
}
