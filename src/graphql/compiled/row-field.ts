/** Fields whose text rests on the row of a collection alone: it is the same until the row changes. */
import type { CollectionName } from '../../model/rows.ts'

const ofCollection = Symbol('collection')

/** The same resolver, known as one that looks at nothing but its parent's row and connector. */
export const fromRow = <Resolve extends (...args: never[]) => unknown>(
  collection: CollectionName,
  resolve: Resolve,
): Resolve => Object.assign(resolve, { [ofCollection]: collection })

/** The collection whose rows the resolver looks at; undefined where it may look at more. */
export const rowsOf = (resolve: object | undefined): CollectionName | undefined =>
  (resolve as { readonly [ofCollection]?: CollectionName } | undefined)?.[ofCollection]
