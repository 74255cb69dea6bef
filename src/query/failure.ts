/** A connector whose rows are missing from an answer that goes on without them. */
import type { CollectionName } from '../model/rows.ts'
import type { Operation } from './operation.ts'

/** Tells the operation that a connector's rows are missing, and why. */
export const noteFailure = (
  collection: CollectionName,
  connector: string,
  failure: unknown,
  operation: Operation,
): void => {
  operation.incomplete({
    code: codeOf(failure),
    message: `The ${collection} of this connector could not be read`,
    connector,
    collection,
  })
}

const codeOf = (failure: unknown): string =>
  failure instanceof Error && 'code' in failure && typeof failure.code === 'string'
    ? failure.code
    : 'INTERNAL_SERVER_ERROR'
