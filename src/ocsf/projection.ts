/** What a projection is, and what all of them have in common. */
import type { CollectionName, Rows } from '../model/rows.ts'
import type { ClassName } from './facts.ts'
import { uidOf } from './uid.ts'
import { type Code, type OcsfObject, other } from './values.ts'

/**
 * How one kind of input becomes an event of one class, in the words of the newest version: attributes that a version
 * lacks are moved to `unmapped` when the event is fitted to it. Whatever has no value may be null or undefined.
 */
export interface Projection<Input> {
  readonly className: ClassName
  /** Attributes without which the class is of no use. */
  readonly needs?: readonly string[]
  readonly activity: (input: Input) => Code
  /** Milliseconds. */
  readonly time: (input: Input) => number
  readonly metadata: (input: Input, about: About) => OcsfObject
  /** The attributes of the class beyond those that tell class, activity, time and metadata. */
  readonly parts: Readonly<Record<string, (input: Input) => unknown>>
  /** What has no place in the class. */
  readonly unmapped: (input: Input) => OcsfObject
}

export interface About {
  readonly typeUid: number
  /** Milliseconds. */
  readonly time: number
}

/** An object of Push's with what is known around it. */
export interface Collected<Name extends CollectionName> {
  readonly row: Rows[Name]
  /** When it was read, in milliseconds: the time of what tells no time of its own. */
  readonly readAt: number
  /** What the operator calls the tenant; absent where they gave it no name. */
  readonly tenant?: string | undefined
  /** The objects that it leads to, those that are known. */
  readonly links?: Links[Name] | undefined
}

/** The links that a projection makes use of. */
export interface Links {
  employees: Readonly<Record<never, never>>
  accounts: Readonly<Record<never, never>>
  apps: Readonly<Record<never, never>>
  browsers: Readonly<Record<never, never>>
  browserExtensions: Readonly<Record<never, never>>
  findings: {
    readonly account?: Rows['accounts'] | null
    readonly app?: Rows['apps'] | null
  }
  detections: { readonly employee?: Rows['employees'] | null }
}

/** The ids of activities of the classes in use. */
export const COLLECT = 2
export const READ = 2
export const CREATE = 1
export const UPDATE = 2
export const CLOSE = 3

/** OCSF's severity of what is no cause for concern. */
export const INFORMATIONAL = 1

export const PRODUCT = 'Push Security'

/** The metadata of an object read by the REST API; `state` tells events of one object at one time apart. */
export const readByRest =
  <Name extends CollectionName>(
    object: string,
    own: {
      readonly state?: (row: Rows[Name]) => string
      readonly originalTime?: (row: Rows[Name]) => number
    } = {},
  ): Projection<Collected<Name>>['metadata'] =>
  ({ row, tenant }, { typeUid, time }) => ({
    product: { name: PRODUCT, vendor_name: PRODUCT, feature: { name: 'REST API' } },
    uid: uidOf(`${typeUid} ${row.id} ${own.state?.(row) ?? ''} ${time}`),
    event_code: object,
    log_name: 'push_security_rest',
    log_version: 'v1',
    original_time: own.originalTime === undefined ? undefined : String(own.originalTime(row)),
    tenant_uid: tenant,
  })

/** The account at an app as OCSF's account: its kind is Push's word for the app. */
export const accountOf = (
  uid: string | null,
  name: string | null,
  appType: string | null,
): OcsfObject | undefined =>
  uid === null ? undefined : { uid, name, type_id: appType === null ? undefined : other(appType) }
