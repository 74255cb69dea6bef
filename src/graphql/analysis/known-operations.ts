/**
 * What was learnt of operations, once for all requests that ask with the same one: what is found out of a document lies
 * with it, and those that are known to be valid are found by their text.
 */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { weightOfDocument } from './heap-weights.ts'
import { Kept } from './kept.ts'

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
  /** Of the document's text: SHA-256 in hexadecimal digits; undefined where nobody keeps account of operations. */
  readonly documentHash?: string | undefined
}

/** The operations that are known to be valid, and to be answered from the store where nothing has to be read. */
export interface KnownOperations {
  readonly learn: (query: string, operation: KnownOperation) => void
  readonly find: (
    query: string,
    operationName: string | null | undefined,
  ) => KnownOperation | undefined
}

export const createKnownOperations = (kept = new Kept()): KnownOperations => {
  /** The operations of each text, by the name that callers give; they go with their documents. */
  const known = new Map<string, Map<string | undefined, KnownOperation>>()
  return {
    learn: (query, operation) => {
      const { document, operationName } = operation
      const operations = known.get(query) ?? new Map<string | undefined, KnownOperation>()
      const isMet = [...operations.values()].some(of => of.document === document)
      operations.set(operationName ?? undefined, operation)
      known.set(query, operations)
      if (!isMet)
        kept.add(document, kept.has(document) ? 0 : weightOfDocument(document), () => {
          known.delete(query)
        })
    },
    find: (query, operationName) => {
      const operation = known.get(query)?.get(operationName ?? undefined)
      if (operation !== undefined) kept.touch(operation.document)
      return operation
    },
  }
}
