/** What a timeline is made of, and how that is sorted. */
import type { EventRow, Members } from '../../model/events.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { KeyCursor } from '../list/cursor.ts'

/** The objects of Push's lists, and the webhook events. */
export type TimelineName = CollectionName | 'events'

/** The alias of a connector with what it is about. */
type Content = { readonly connector: string } & (
  | { readonly collection: CollectionName; readonly row: Row }
  | {
      readonly collection: 'events'
      readonly row: EventRow
      /** The body as an object. */
      readonly payload: () => Members
    }
)

/** `readAt` in milliseconds: the time of what has no time of its own. */
export type TimelineItem = Content & { readonly readAt: number }

/** What an item of a segment is sorted by: its keys, then id and connector. */
export type SortKey = Omit<KeyCursor, 'kind'>

/** What has a time of its own. */
export interface Entry {
  /** UNIX seconds. */
  readonly time: number
  /** Of its collection among those of the segment. */
  readonly order: number
  /** Orders the entries of one time and collection. */
  readonly key: string
  readonly item: Content
}
