/**
 * Reading in the background, at low priority: again what was served although it was no longer fresh, and to its end
 * what an operation could not wait for.
 */
import { createOutage, type Outage } from '../../model/outage.ts'
import type { Call } from '../../upstream/contract/contract.ts'

export interface Refresher {
  /** Whether stale rows are read again; an unfinished reading goes on in any case. */
  readonly enabled: boolean
  /**
   * Reads stale rows again; a job whose key waits or runs already is not taken twice. A key begins with the collection,
   * `whole` before it where all of that is read.
   */
  ask(key: string, read: () => Promise<unknown>): void
  /** Goes on reading what an operation gave up waiting for. */
  carryOn(key: string, read: () => Promise<unknown>): void
  isRefreshing(key: string): boolean
  /** The terms on which its jobs ask: at low priority, for as long as it takes, until it closes. */
  readonly call: Call
  /** Takes nothing more, and gives up what runs. */
  close(): void
}

export interface RefresherOptions {
  /** Whose rows are read. */
  readonly alias: string
  readonly enabled: boolean
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

/** More jobs than this waiting means that asking again is quicker; the newest are not taken. */
const MAX_WAITING = 1_000
/** A long scan must not hold up what takes one request. */
const AT_ONCE = 4

export const createRefresher = ({ alias, enabled, onProblem }: RefresherOptions): Refresher => {
  const waiting = new Map<string, () => Promise<unknown>>()
  const running = new Set<string>()
  /** By what the keys of their jobs begin with: one list may fail while others work. */
  const outages = new Map<string, Outage>()
  const closing = new AbortController()
  const { signal } = closing

  const outageOf = (key: string): Outage => {
    const [list] = /^(?:whole )?\S*/.exec(key) ?? [key]
    const known = outages.get(list)
    if (known !== undefined) return known
    const outage = createOutage({ failing: 'A reading in the background failed' }, onProblem)
    outages.set(list, outage)
    return outage
  }

  const next = (): void => {
    const [job] = waiting
    if (job === undefined || running.size >= AT_ONCE || signal.aborted) return
    const [key, read] = job
    waiting.delete(key)
    running.add(key)
    void run(key, read)
    next()
  }

  const run = async (key: string, read: () => Promise<unknown>): Promise<void> => {
    const outage = outageOf(key)
    try {
      await read()
      outage.worked()
    } catch (error) {
      if (!signal.aborted) outage.failed(error)
    } finally {
      running.delete(key)
      next()
    }
  }

  const carryOn: Refresher['carryOn'] = (key, read) => {
    if (signal.aborted || waiting.has(key) || running.has(key) || waiting.size >= MAX_WAITING)
      return
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
    call: {
      owner: `refresh ${alias}`,
      priority: 'background',
      deadline: Number.MAX_SAFE_INTEGER,
      signal,
    },
    close: () => {
      waiting.clear()
      closing.abort(new Error('Nothing is read in the background any more'))
    },
  }
}
