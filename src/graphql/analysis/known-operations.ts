/**
 * What was learnt of operations, once for all requests that ask with the same one: what is found out of a document lies
 * with it, and those that are known to be valid are found by their text.
 */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/** The same, found once for each operation, and kept as long as its document is; what is thrown is thrown each time. */
export const perOperation = <Found, More extends readonly unknown[]>(
  find: (operation: OperationDefinitionNode, ...more: More) => Found,
): typeof find => {
  const kept = new WeakMap<OperationDefinitionNode, { readonly found: Found }>()
  return (operation, ...more) => {
    let known = kept.get(operation)
    if (known === undefined) kept.set(operation, (known = { found: find(operation, ...more) }))
    return known.found
  }
}

/** One operation of a valid document. */
export interface KnownOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  /** Undefined where the document has none of that name, which Apollo refuses. */
  readonly operation: OperationDefinitionNode | undefined
  /** As the caller gave it. */
  readonly operationName: string | null | undefined
}

/** The operations that are known to be valid, and to be answered from the store where nothing has to be read. */
export interface KnownOperations {
  readonly learn: (query: string, operation: KnownOperation) => void
  readonly find: (
    query: string,
    operationName: string | null | undefined,
  ) => KnownOperation | undefined
}

/** Texts remembered: far more than the callers of one tenant have. */
const MAX_TEXTS = 1_000
/** Letters of all of them: with its document each takes 40 to 170 bytes. */
const MAX_LETTERS = 200_000

export const createKnownOperations = (): KnownOperations => {
  /** The operations of each text, by the name that callers give. */
  const known = new LRUCache<string, Map<string | undefined, KnownOperation>>({
    max: MAX_TEXTS,
    maxSize: MAX_LETTERS,
    sizeCalculation: (_, { length }) => Math.max(1, length),
  })
  return {
    learn: (query, { schema, document, operation, operationName }) => {
      const operations = known.get(query) ?? new Map<string | undefined, KnownOperation>()
      operations.set(operationName ?? undefined, { schema, document, operation, operationName })
      known.set(query, operations)
    },
    find: (query, operationName) => known.get(query)?.get(operationName ?? undefined),
  }
}
