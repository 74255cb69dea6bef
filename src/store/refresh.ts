/** Reading again, at low priority and one after another, what was served although it was no longer fresh. */

export interface Refresher {
  readonly enabled: boolean
  /** Runs `read` once in the background; a job whose key waits or runs already is not taken twice. */
  ask(key: string, read: () => Promise<unknown>): void
  isRefreshing(key: string): boolean
  close(): void
}

export interface RefresherOptions {
  readonly enabled: boolean
  readonly onProblem?: (message: string, error: unknown) => void
}

/** More jobs than this waiting means that asking again is quicker; the newest are not taken. */
const MAX_WAITING = 1_000

export const createRefresher = ({ enabled, onProblem }: RefresherOptions): Refresher => {
  const jobs = new Map<string, () => Promise<unknown>>()
  let running = false
  let closed = false

  const run = async (): Promise<void> => {
    running = true
    for (const [key, read] of jobs) {
      try {
        if (!closed) await read()
      } catch (error) {
        onProblem?.('A refresh in the background failed', error)
      }
      jobs.delete(key)
    }
    running = false
  }

  return {
    enabled,
    ask: (key, read) => {
      if (!enabled || closed || jobs.has(key) || jobs.size >= MAX_WAITING) return
      jobs.set(key, read)
      if (!running) void run()
    },
    isRefreshing: key => jobs.has(key),
    close: () => {
      closed = true
      jobs.clear()
    },
  }
}
