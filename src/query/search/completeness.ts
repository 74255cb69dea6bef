/** How the reads of a search in one connector went, and what that says of its answer. */
import { BudgetError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import { noteFailure } from '../operation/failure.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { Hit } from './hits.ts'

export interface Searched {
  readonly hits: readonly Hit[]
  /** Start of the oldest read, in milliseconds; null where nothing had to be read. */
  readonly asOf: number | null
  readonly complete: boolean
  /** What made the search end before everything was looked at. */
  readonly budget: BudgetError | undefined
}

export interface Completeness {
  /** What the work brings; undefined where it fails, which the operation notes. @throws what was not foreseen. */
  attempt<T>(name: CollectionName, work: () => Promise<T>): Promise<T | undefined>
  /** The answer rests on a read that began at that time. */
  restsOn(time: number | undefined): void
  /** Takes in how a part went that notes its failures itself. */
  add(part: Pick<Searched, 'complete' | 'budget'>): void
  failed(name: CollectionName): boolean
  /** @throws the first error where nothing at all could be read, nor found in what is stored here. */
  close(hits: readonly Hit[]): Searched
}

export const createOutcome = (reader: Reader, operation: Operation): Completeness => {
  const read = new Set<CollectionName>()
  const failures = new Map<CollectionName, unknown>()
  let asOf: number | null = null
  let complete = true
  let budget: BudgetError | undefined
  return {
    attempt: async <T>(name: CollectionName, work: () => Promise<T>): Promise<T | undefined> => {
      try {
        const value = await work()
        read.add(name)
        return value
      } catch (failure) {
        noteFailure(name, reader.alias, failure, operation)
        failures.set(name, failure)
        if (failure instanceof BudgetError) budget ??= failure
        return undefined
      }
    },
    restsOn: (time: number | undefined): void => {
      if (time !== undefined) asOf = Math.min(asOf ?? time, time)
    },
    add: (part: Pick<Searched, 'complete' | 'budget'>): void => {
      complete &&= part.complete
      budget ??= part.budget
    },
    failed: (name: CollectionName): boolean => failures.has(name),
    close: (hits: readonly Hit[]): Searched => {
      if (failures.size > 0 && read.size === 0 && hits.length === 0) throw [...failures.values()][0]
      const isReadable = (name: CollectionName): boolean =>
        reader.store.table(name).gaps.length === 0
      return {
        hits,
        asOf,
        complete: complete && failures.size === 0 && [...read].every(isReadable),
        budget,
      }
    },
  }
}
