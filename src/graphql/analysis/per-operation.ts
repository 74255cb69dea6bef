/** What is found out of an operation's document, once for all requests that ask with the same document. */
import type { OperationDefinitionNode } from 'graphql'

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
