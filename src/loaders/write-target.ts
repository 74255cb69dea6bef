/** The connector that a mutation writes to, on the terms of its operation. */
import { BadInputError } from '../errors.ts'
import type { Operation } from '../query/operation/operation.ts'
import type { Reader } from '../query/reading/reader.ts'
import type { WriteTarget } from '../writes/writes.ts'
import type { Batches } from './batches.ts'
import type { Connectors } from './connectors.ts'

export interface WriteTargets {
  /**
   * The connector of that alias, or else the only one that the caller sees.
   * @throws BadInputError where there is none, or several and none is named
   */
  writeTarget(alias: string | undefined): WriteTarget
}

const ARGUMENT = 'input.connector'

export const createWriteTargets = (
  { readerOf, readersOf }: Connectors,
  batches: Batches,
  operation: Operation,
): WriteTargets => ({
  writeTarget: alias => {
    const { store } =
      alias === undefined ? theOnly(readersOf(undefined)) : readerOf(alias, ARGUMENT)
    if (!operation.asked.includes(store.alias)) operation.asked.push(store.alias)
    return {
      store,
      reserve: requests => {
        const { call, release } = operation.reserve(requests, 0, operation.call)
        return {
          call,
          release: () => {
            release()
            // What the operation found before may be otherwise now.
            operation.made.forget()
            batches.forget()
          },
        }
      },
    }
  },
})

const theOnly = (readers: readonly Reader[]): Reader => {
  const [only, ...others] = readers
  if (only !== undefined && others.length === 0) return only
  throw new BadInputError(
    only === undefined
      ? 'There is no connector to write to'
      : `Say which connector is meant with ${ARGUMENT}: ${readers.map(({ alias }) => alias).join(', ')}`,
    ARGUMENT,
  )
}
