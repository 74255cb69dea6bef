/** What a timeline needs: what stands around its object or value, and what is selected of all that is in it. */
import type { FieldNode } from 'graphql'
import {
  type AnyNeed,
  asksForStored,
  type Need,
  type TimelineKindName,
} from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
import { keyOf, type Selections } from './selections.ts'
import { type StoredField, timelineNeed } from './stored-needs.ts'

/** Finds what is needed below an object of a collection, and with the object that a field leads to. */
interface Below {
  readonly belowObject: (
    object: FieldNode,
    name: CollectionName,
    above: string,
  ) => readonly AnyNeed[]
  readonly linkNeed: (field: FieldNode, to: CollectionName, path: string) => Need
}

/** `around`: what is read for the timeline, with what is needed of each object of a collection that is read. */
export const needsOfTimeline = (
  selections: Selections,
  timeline: Omit<StoredField, 'name'>,
  args: Readonly<Record<string, unknown>>,
  { belowObject, linkNeed }: Below,
  around: (
    kinds: readonly TimelineKindName[] | null | undefined,
    below: (name: CollectionName) => readonly AnyNeed[],
  ) => readonly Need[],
): readonly AnyNeed[] => {
  const { fieldsOf, rowsOf } = selections
  const kinds = args['kinds'] as readonly TimelineKindName[] | null | undefined
  const parts = [...rowsOf(timeline.field, timeline.path)].flatMap(([item, above]) =>
    [...fieldsOf(item.selectionSet)].map(part => [part, `${above}.${keyOf(part)}`] as const),
  )
  const below = (name: CollectionName): readonly AnyNeed[] =>
    parts.flatMap(([part, path]): readonly AnyNeed[] => {
      if (part.name.value === 'object') return belowObject(part, name, path)
      if (part.name.value !== 'detectionEvent' || name !== 'detections') return []
      return [...fieldsOf(part.selectionSet)]
        .filter(inner => inner.name.value === 'account')
        .map(inner => linkNeed(inner, 'accounts', `${path}.${keyOf(inner)}`))
    })
  const stored = asksForStored(kinds) ? [timelineNeed(selections, timeline, linkNeed)] : []
  return [...stored, ...around(kinds, below)]
}
