/** What a resolver is given as the object it resolves a field of, by the name of its type. */
import type {
  Group,
  ListConnection,
  CollectionView,
  ConnectorView,
  FoundObject,
  Hit,
  ObjectTimeline,
  ObjectTimelineItem,
  Search,
  StoredConnection,
  StoredItem,
  Timeline,
} from '../loaders/loaders.ts'
import type { Members } from '../model/events.ts'
import type { Maybe } from '../model/maybe.ts'
import type { CollectionName, DetectionEvent } from '../model/rows.ts'
import type { EventNeed } from '../ocsf/event-needs.ts'
import type { OcsfEvent, OcsfVersion } from '../ocsf/ocsf.ts'

/** A row with the alias of the connector it was read from. */
export type ObjectParent<Name extends CollectionName> = FoundObject<Name>

/** An event stands in its detection's row; its links stay within the same connector. */
export interface DetectionEventParent {
  readonly connector: string
  readonly row: DetectionEvent
}

/** An event, with its body at hand where it is asked for. */
export type EventParent = StoredItem<'events'> & { readonly payload: () => Members }
export type OtherAccountParent = StoredItem<'otherAccounts'>
export type OtherAppParent = StoredItem<'otherApps'>
export type ChangeParent = StoredItem<'changes'>
export type TimelineConnectionParent = ObjectTimeline
export type TimelineItemParent = ObjectTimelineItem
export type StoredConnectionParent = StoredConnection
/** A part of an event, as Push sent it. */
export type MembersParent = Members

export type ConnectorParent = ConnectorView
export type StoredCollectionParent = CollectionView
/** How the database fares that replicas share; times in whole milliseconds. */
export interface SharedDatabaseParent {
  readonly reachable: boolean
  readonly answerMs: number | null
  readonly clockOffsetMs: number
  readonly waiting: number
  readonly replicas: readonly {
    readonly name: string
    readonly isThis: boolean
    readonly asks: number
  }[]
}

/** A receiver that what is stored is sent on to. */
export interface SinkParent {
  readonly name: string
  readonly kind: string
  /** Undefined for all. */
  readonly connectors: readonly string[] | undefined
  readonly state: 'OK' | 'FAILING' | 'ELSEWHERE'
  readonly lagSeconds: number | undefined
  readonly totals:
    { readonly sent: number; readonly quarantined: number; readonly lost: number } | undefined
  /** With when it was, in UNIX milliseconds. */
  readonly lastFailure: { readonly message: string; readonly at: number } | undefined
}

export type GroupParent = Group
export type ListConnectionParent = ListConnection

export type SearchConnectionParent = Search

/** An object that a search found, and its place among all of them. */
export interface SearchEdgeParent {
  readonly node: Hit
  readonly cursor: string
  readonly matchedOn: Hit['matchedOn']
}

/** An event of OCSF as its object alone tells it, and the same with what is read beside that. */
export interface OcsfEventParent {
  readonly event: OcsfEvent
  readonly withNeeds: (need: EventNeed) => Maybe<OcsfEvent>
}

/** A page of events of OCSF, and the version that they are asked for in. */
export interface OcsfEventConnectionParent {
  readonly timeline: Timeline
  readonly version: OcsfVersion
  /** Whether webhook events are to have the body as received. */
  readonly withRawData: boolean
}

/** What came of a mutation; `found` is the object after it, or as it was known before it was deleted. */
export interface WritePayloadParent {
  readonly clientMutationId: string | null
  readonly deletedId: string | null
  readonly found: FoundObject | null
}
