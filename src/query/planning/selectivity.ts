/** Which share of a collection's rows a filter lets through, guessed from its form. It only chooses between plans. */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'

/** Where the sizes of collections are known, and what time it is. */
export interface RowCounts {
  readonly nowSeconds: number
  rows(name: CollectionName): number
}

/** From 0 to 1. */
export const selectivity = (filter: Filter, known: RowCounts, of: CollectionName): number => {
  switch (filter.kind) {
    case 'all':
      return 1
    case 'nothing':
      return 0
    case 'and':
      return filter.of.reduce((share, part) => share * selectivity(part, known, of), 1)
    case 'or':
      return 1 - filter.of.reduce((rest, part) => rest * (1 - selectivity(part, known, of)), 1)
    case 'not':
      return 1 - selectivity(filter.of, known, of)
    case 'compare':
      if (filter.op === 'eq') return equals(filter.field, filter.value, known, of)
      return typeof filter.value !== 'number'
        ? 0.3
        : filter.op === 'gt' || filter.op === 'gte'
          ? shareSince(filter.value, known)
          : 1 - shareSince(filter.value, known)
    case 'in':
      return Math.min(1, filter.values.length * equals(filter.field, '', known, of))
    case 'text':
      return filter.op === 'eq' ? equals(filter.field, filter.value, known, of) : 0.1
    case 'textIn':
      return Math.min(1, filter.values.length * equals(filter.field, '', known, of))
    case 'version':
      return 0.5
    case 'isNull':
    case 'isEmpty':
      return 0.2
    case 'unrecognized':
      return 0.01
    case 'list':
      return 0.3
    case 'toOne':
      return selectivity(filter.of, known, filter.link.to)
    case 'toMany':
      return 0.5
    default:
      return filter satisfies never
  }
}

/** A tenant's data is taken to have grown evenly over two years; it only has to tell a day from all. */
const PRESUMED_AGE_S = 2 * 365 * 86_400

/** Which share of rows is from after that moment (UNIX seconds). */
export const shareSince = (seconds: number, known: RowCounts): number =>
  Math.min(1, Math.max(0, (known.nowSeconds - seconds) / PRESUMED_AGE_S))

const equals = (
  field: string,
  value: string | number | boolean,
  known: RowCounts,
  of: CollectionName,
): number => {
  if (typeof value === 'boolean') return 0.5
  if (field === 'id') return 1 / Math.max(1, known.rows(of))
  if (field === 'email' || field.endsWith('Id')) return 1 / Math.max(1, known.rows('employees'))
  return 0.1
}
