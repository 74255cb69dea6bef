/**
 * The requests of an operation, shared out among the scans of a search: they run side by side, in every connector, and
 * each of them alone would find the budget still untouched.
 */
import { BudgetError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Call } from '../store/store.ts'
import { timeMs } from './cost.ts'
import type { Operation } from './operation.ts'
import type { Reader } from './read.ts'

export interface Allowance {
  /**
   * Sees to it that the table holds the whole collection, as fresh as asked for or, where the budget does not suffice,
   * as it was read before.
   * @throws BudgetError where it was never read and does not fit beside what is set aside for others; the reading
   * goes on in the background. What made the reading impossible.
   */
  whole(name: CollectionName, reader: Reader): Promise<void>
  /** Requests that nobody has set aside yet. */
  readonly left: number
}

/** Low priority, for as long as it takes. */
export const backgroundCall = (reader: Reader): Call => ({
  owner: `refresh ${reader.alias}`,
  priority: 'background',
  deadline: Number.MAX_SAFE_INTEGER,
})

export const createAllowance = (operation: Operation): Allowance => {
  const setAside = new Map<string, () => number>()
  const left = (): number =>
    operation.requestsLeft - [...setAside.values()].reduce((sum, open) => sum + open(), 0)

  const giveUp = (name: CollectionName, reader: Reader): void => {
    const { alias, store } = reader
    store.refresher.carryOn(`whole ${name}`, () =>
      store.scan(name, operation.freshSince).until(() => false, backgroundCall(reader), true),
    )
    const cost = reader.scanCost(name)
    const old = store.table(name).whole
    if (old === undefined)
      throw new BudgetError(
        `Searching all ${name} takes about ${cost.requests} requests to Push, more than the operation has left (PUSHGRAPH_MAX_REQUESTS); the reading goes on, ask again after retryAfterMs`,
        cost.requests,
        Math.ceil(timeMs(cost, reader.terms())),
      )
    operation.served(old, true)
    operation.warn({
      code: 'BUDGET_EXCEEDED',
      message: `The operation had no requests left to read the ${name} again; they are older than asked for`,
      connector: alias,
      collection: name,
    })
  }

  return {
    whole: async (name, reader) => {
      if (reader.facts.covered(name)) return reader.whole(name)
      const key = `${reader.alias} ${name}`
      const { requests } = reader.scanCost(name)
      if (!setAside.has(key) && requests > left()) {
        giveUp(name, reader)
        return
      }
      const before = operation.requestsFor(reader.alias, name)
      const spent = (): number => operation.requestsFor(reader.alias, name) - before
      if (!setAside.has(key)) setAside.set(key, () => Math.max(0, requests - spent()))
      try {
        await reader.whole(name)
      } finally {
        setAside.delete(key)
      }
    },
    get left() {
      return Math.max(0, left())
    },
  }
}
