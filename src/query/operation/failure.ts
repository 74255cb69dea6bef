/** Rows that are missing from an answer which goes on without them, or older than it asked for. */
import { GatewayError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Unreadable } from '../../paging/token-guard.ts'
import type { Operation } from './operation.ts'

/**
 * Tells the operation that a connector's rows are missing, and why.
 * @throws the failure itself where nobody foresaw it: a bug must not pass for a connector that is down.
 */
export const noteFailure = (
  collection: CollectionName | 'events',
  connector: string,
  failure: unknown,
  operation: Operation,
): void => {
  if (!(failure instanceof GatewayError)) throw failure
  operation.incomplete({
    code: failure.code,
    message: `The ${collection} of this connector could not be read`,
    connector,
    collection: collection === 'events' ? null : collection,
  })
}

/** Tells the operation that it is served rows of `asOf` (milliseconds), older than it asked for, and why. */
export const noteStale = (
  collection: CollectionName,
  connector: string,
  asOf: number,
  cause: unknown,
  operation: Operation,
): void => {
  operation.served(asOf, true)
  operation.warn({
    code: cause instanceof GatewayError ? cause.code : 'UPSTREAM_UNAVAILABLE',
    message: `Push could not be read; these ${collection} are older than asked for`,
    connector,
    collection,
  })
}

/** Tells the operation of rows that Push sent and nobody can read, if there are any. */
export const noteUnreadable = (
  collection: CollectionName,
  connector: string,
  unreadable: readonly Unreadable[],
  operation: Operation,
): void => {
  const [first] = unreadable
  if (first === undefined) return
  operation.incomplete({
    code: 'UPSTREAM_INVALID',
    message: `${unreadable.length} of the ${collection} that Push sent cannot be read (first at ${first.path}: ${first.reason})`,
    connector,
    collection,
  })
}
