/** Which other rows a filter looks at, beside the row that it is asked of. */
import type { CollectionName } from '../model/rows.ts'
import type { Filter, LeafFilter } from './filter.ts'

/** A collection that a filter looks into: by the ids in a field, or by the values of `sliced` there. */
export interface Related {
  readonly to: CollectionName
  readonly sliced: string | undefined
}

/** Every relation in the filter, those within relations too; a collection comes as often as it is looked into. */
export function* relatedTo(filter: Filter): Generator<Related> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const part of filter.of) yield* relatedTo(part)
      return
    case 'not':
    case 'list':
      yield* relatedTo(filter.of)
      return
    case 'toOne':
      yield { to: filter.link.to, sliced: undefined }
      yield* relatedTo(filter.of)
      return
    case 'toMany':
      yield { to: filter.relation.to, sliced: filter.relation.foreignField }
      yield* relatedTo(filter.of)
      return
    default:
      filter satisfies LeafFilter
  }
}

/** Whether the filter looks into the events of a detection, which a list may leave out. */
export const needsEvents = (filter: Filter): boolean => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.of.some(needsEvents)
    case 'not':
    case 'toOne':
    case 'toMany':
      return needsEvents(filter.of)
    case 'list':
    case 'isNull':
    case 'isEmpty':
      return filter.field === 'events'
    default:
      filter satisfies LeafFilter
      return false
  }
}
