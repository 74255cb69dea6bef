/** Whether what a list was filtered or counted by may be missing rows. */
import type { Filter } from '../../filter/filter.ts'
import { relatedTo } from '../../filter/relations-in.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'

/** Whether the operation met a gap in one of those collections of that connector. */
export const isAnyGap = (
  operation: Operation,
  connector: string,
  collections: Iterable<CollectionName>,
): boolean => [...collections].some(name => operation.hasGap(connector, name))

/** The collections around its rows that a filter looks at. */
export const around = (filter: Filter): readonly CollectionName[] =>
  [...relatedTo(filter)].map(({ to }) => to)
