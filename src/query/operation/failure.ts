/** A connector whose rows are missing from an answer that goes on without them. */
import { GatewayError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
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
