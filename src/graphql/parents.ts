/** What a resolver is given as the object it resolves a field of, by the name of its type. */
import type { CollectionName, DetectionEvent, Rows } from '../model/rows.ts'

/** A row with the alias of the connector it was read from. */
export interface EntityParent<Name extends CollectionName> {
  readonly connector: string
  readonly row: Rows[Name]
}

export type EmployeeParent = EntityParent<'employees'>
export type AccountParent = EntityParent<'accounts'>
export type AppParent = EntityParent<'apps'>
export type BrowserParent = EntityParent<'browsers'>
export type BrowserExtensionParent = EntityParent<'browserExtensions'>
export type FindingParent = EntityParent<'findings'>
export type DetectionParent = EntityParent<'detections'>

/** An event stands in its detection's row; its links stay within the same connector. */
export interface DetectionEventParent {
  readonly connector: string
  readonly row: DetectionEvent
}

export interface ConnectorParent {
  readonly alias: string
}

export type EmployeeConnectionParent = unknown
export type AccountConnectionParent = unknown
export type AppConnectionParent = unknown
export type BrowserConnectionParent = unknown
export type BrowserExtensionConnectionParent = unknown
export type FindingConnectionParent = unknown
export type DetectionConnectionParent = unknown
export type SearchConnectionParent = unknown
export type SearchEdgeParent = unknown
