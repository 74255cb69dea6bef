/** What a timeline gives, and what it is made from. */
import type { ConnectorFilter } from '../../events/events.ts'
import type { Members } from '../../model/events.ts'
import type { CollectionName, Detection, DetectionEvent, Row } from '../../model/rows.ts'
import type { StoredItem } from '../stored/list.ts'
import type { TimelinePlace } from './arguments.ts'
import { type RowMomentKind, type TimelineKindName, timelineKinds } from './kinds.ts'

/** An object that a timeline tells of. */
export interface TimelineObject {
  /** Of a moment of the past, the place of then. */
  readonly connector: string
  readonly collection: CollectionName
  readonly row: Row
  /** Of the events of a detection, those alone that name this account. */
  readonly namingAccount?: string
}

/** A time in a row, or an event within the row of a detection. */
export type RowItem = TimelineObject & { readonly at: number } & (
    | { readonly kind: RowMomentKind }
    | {
        readonly kind: 'DETECTION_EVENT'
        readonly row: Detection
        readonly detectionEvent: DetectionEvent
      }
  )

/** Something that is stored here. `at`: UNIX seconds, when it happened, or of a change when it became known. */
export type StoredHappening = { readonly connector: string; readonly at: number } & (
  | {
      readonly kind: 'EVENT'
      readonly item: StoredItem<'events'> & { readonly payload: () => Members }
    }
  | {
      readonly kind: 'CHANGE'
      readonly item: StoredItem<'changes'>
      /** What changed, as it is now. */
      readonly object: TimelineObject
      /** It is the object whose timeline it is. */
      readonly isOwn: boolean
    }
)

/** Something that happened. */
export type ObjectTimelineItem = StoredHappening | RowItem

/** What a timeline is made from. */
export interface TimelineContent {
  /** Whose moments and changes it has, each once. */
  readonly objects: readonly TimelineObject[]
  /** The one whose timeline it is. */
  readonly own?: TimelineObject
  /** Which events it has; at most one for each connector. */
  readonly events: readonly ConnectorFilter[]
  /** Start of the oldest read, in milliseconds; null where nothing was read from Push. */
  readonly asOf: number | null
  readonly complete: boolean
}

const kindIndex = new Map<TimelineKindName, number>(timelineKinds.map((kind, at) => [kind, at]))

/** Where it stands among all kinds. */
export const indexOfKind = (kind: TimelineKindName): number => kindIndex.get(kind) ?? 0

export const placeOfItem = (item: ObjectTimelineItem): TimelinePlace => {
  const { at, connector } = item
  const kind = indexOfKind(item.kind)
  switch (item.kind) {
    case 'EVENT':
    case 'CHANGE':
      return { at, kind, id: String(item.item.place.sequence), connector: '' }
    case 'DETECTION_EVENT':
      return { at, kind, id: `${item.row.id} ${item.detectionEvent.id}`, connector }
    default:
      return { at, kind, id: item.row.id, connector }
  }
}
