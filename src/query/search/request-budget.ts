/**
 * The requests of an operation, shared out among the reads of a search: they run side by side, in every connector, and
 * each of them alone would find the budget still untouched. All begun and none finished, they would find nothing.
 */
import { BudgetError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type Cost, timeMs } from '../planning/cost.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'

export interface RequestBudget {
  /**
   * Sees to it that the table holds the whole collection, as fresh as asked for or, where the budget does not suffice,
   * as it was read before.
   * @throws BudgetError where it was never read and does not fit beside what is set aside for others; the reading
   * goes on in the background. What made the reading impossible.
   */
  whole(name: CollectionName, reader: Reader): Promise<void>
  /** Sets so many requests aside while it reads. @throws BudgetError where they do not fit. What the reading throws. */
  within<T>(
    requests: number,
    name: CollectionName,
    reader: Reader,
    read: () => Promise<T>,
  ): Promise<T>
  /** Requests that nobody has set aside yet. */
  left(): number
}

export const createRequestBudget = (operation: Operation): RequestBudget => {
  const setAside = new Map<string, () => number>()
  const left = (): number =>
    operation.requestsLeft - [...setAside.values()].reduce((sum, open) => sum + open(), 0)

  const within: RequestBudget['within'] = async (requests, name, reader, read) => {
    const key = `${reader.alias} ${name}`
    // Whoever joins a reading asks for nothing more.
    if (setAside.has(key)) return read()
    if (requests > 0 && requests > left()) throw tooMany(name, { requests, depth: 1 }, reader)
    const before = operation.requestsFor(reader.alias, name)
    const spent = (): number => operation.requestsFor(reader.alias, name) - before
    setAside.set(key, () => Math.max(0, requests - spent()))
    try {
      return await read()
    } finally {
      setAside.delete(key)
    }
  }

  const serveOld = (name: CollectionName, { alias, store }: Reader): boolean => {
    const old = store.table(name).whole
    if (old === undefined) return false
    operation.served(old, true)
    operation.warn({
      code: 'BUDGET_EXCEEDED',
      message: `The operation had no requests left to read the ${name} again; they are older than asked for`,
      connector: alias,
      collection: name,
    })
    return true
  }

  return {
    whole: async (name, reader) => {
      const { facts, store } = reader
      // Nobody is refused for a size that is a presumption.
      if (facts.covered(name) || store.expectedRows(name) === undefined) return reader.whole(name)
      const { requests } = reader.scanCost(name)
      // Pages that are read side by side overlap, which may take one more.
      const most = requests > 1 ? requests + 1 : requests
      let isBegun = false
      try {
        await within(most, name, reader, async () => {
          isBegun = true
          await reader.whole(name)
        })
      } catch (error) {
        if (isBegun) throw error
        store.refresher.carryOn(`whole ${name}`, () =>
          store.scan(name, operation.staleSince).until(() => false, store.refresher.call, true),
        )
        if (!serveOld(name, reader)) throw error
      }
    },
    within,
    left: () => Math.max(0, left()),
  }
}

const tooMany = (name: CollectionName, cost: Cost, reader: Reader): BudgetError =>
  new BudgetError(
    `Searching the ${name} takes about ${cost.requests} requests to Push, more than the operation has left (PUSHGRAPH_MAX_REQUESTS); ask again after retryAfterMs`,
    cost.requests,
    Math.ceil(timeMs(cost, reader.terms())),
  )
