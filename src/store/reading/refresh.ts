import { createOutage } from '../../model/outage.ts'

/**
 * Reading in the background, at low priority: again what was served although it was no longer fresh, and to its end
 * what an operation could not wait for.
 */
export interface Refresher {
  /** Whether stale rows are read again; an unfinished reading goes on in any case. */
  readonly enabled: boolean
  /** Reads stale rows again; a job whose key waits or runs already is not taken twice. */
  ask(key: string, read: () => Promise<unknown>): void
  /** Goes on reading what an operation gave up waiting for. */
  carryOn(key: string, read: () => Promise<unknown>): void
  isRefreshing(key: string): boolean
  close(): void
}

export interface RefresherOptions {
  readonly enabled: boolean
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

/** More jobs than this waiting means that asking again is quicker; the newest are not taken. */
const MAX_WAITING = 1_000
/** A long scan must not hold up what takes one request. */
const AT_ONCE = 4

export const createRefresher = ({ enabled, onProblem }: RefresherOptions): Refresher => {
  const waiting = new Map<string, () => Promise<unknown>>()
  const running = new Set<string>()
  const outage = createOutage({ failing: 'A reading in the background failed' }, onProblem)
  let closed = false

  const next = (): void => {
    const [job] = waiting
    if (job === undefined || running.size >= AT_ONCE || closed) return
    const [key, read] = job
    waiting.delete(key)
    running.add(key)
    void run(key, read)
    next()
  }

  const run = async (key: string, read: () => Promise<unknown>): Promise<void> => {
    try {
      await read()
      outage.worked()
    } catch (error) {
      if (!closed) outage.failed(error)
    } finally {
      running.delete(key)
      next()
    }
  }

  const carryOn: Refresher['carryOn'] = (key, read) => {
    if (closed || waiting.has(key) || running.has(key) || waiting.size >= MAX_WAITING) return
    waiting.set(key, read)
    next()
  }

  return {
    enabled,
    ask: (key, read) => {
      if (enabled) carryOn(key, read)
    },
    carryOn,
    isRefreshing: key => waiting.has(key) || running.has(key),
    close: () => {
      closed = true
      waiting.clear()
    },
  }
}
