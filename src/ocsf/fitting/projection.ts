/** What a projection is, and what all of them have in common. */
import type { Rows } from '../../model/rows.ts'
import type { ListName, ListRows } from '../../model/stored.ts'
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
  /** Attributes that are left out, and not moved to `unmapped`, where the version has no room for them. */
  readonly dispensable?: ReadonlySet<string>
}

export interface About {
  readonly typeUid: number
  /** Milliseconds. */
  readonly time: number
  /** Whether the metadata of the version has that attribute. */
  readonly has: (attribute: string) => boolean
}

/** The kinds of object that are projected: those of Push's lists, and those that only its webhooks tell of. */
export type ObjectName = Exclude<ListName, 'events' | 'changes'>

/** An object of Push's with what is known around it. */
export interface Collected<Name extends ObjectName> {
  readonly row: ListRows[Name]
  /** When it was read, in milliseconds: the time of what tells no time of its own. */
  readonly readAt: number
  /** What the operator calls the tenant; absent where they gave it no name. */
  readonly tenant?: string | undefined
  /** The objects that it leads to, those that are known. */
  readonly links?: LinksOf<Name> | undefined
}

/** A row of which anything may be missing: webhooks need not send whole objects. */
export type Loose<Row> = { readonly [Name in keyof Row]: Row[Name] | null }

/** The links that projections make use of. */
interface Links {
  findings: {
    readonly account?: Rows['accounts'] | null
    readonly app?: Rows['apps'] | null
    readonly employee?: Rows['employees'] | null
  }
  detections: { readonly employee?: Rows['employees'] | null }
}

/** The same by the names of the links, for those who bring the objects. */
export const linksLookedAt = {
  findings: ['account', 'app', 'employee'],
  detections: ['employee'],
} as const satisfies { readonly [Name in keyof Links]: readonly (keyof Links[Name])[] }

/**
 * Those of them that are read for the event where it tells of them: by whom and what it concerns it is searched. There are
 * few enough of each to read them all.
 */
export const linksJoined = {
  findings: ['app', 'employee'],
  detections: ['employee'],
} as const satisfies { readonly [Name in keyof Links]?: readonly (keyof Links[Name])[] }

export type LinksOf<Name extends ObjectName> = Name extends keyof Links ? Links[Name] : never

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
export const readByRest = <Name extends ObjectName>(
  object: string,
  own: {
    readonly state?: (row: ListRows[Name]) => string
    readonly originalTime?: (row: ListRows[Name]) => number
  } = {},
): Projection<Collected<Name>>['metadata'] => metadataOf(object, rest, own)

/** The metadata of an object that only webhooks tell of. */
export const toldByWebhooks = <Name extends ObjectName>(
  object: string,
): Projection<Collected<Name>>['metadata'] => metadataOf(object, webhooks)

interface Interface {
  readonly feature: string
  readonly logName: string
  readonly logVersion: string
}

const rest: Interface = { feature: 'REST API', logName: 'push_security_rest', logVersion: 'v1' }
const webhooks: Interface = {
  feature: 'Webhooks',
  logName: 'push_security_webhook',
  logVersion: '1',
}

const metadataOf =
  <Name extends ObjectName>(
    object: string,
    { feature, logName, logVersion }: Interface,
    own: {
      readonly state?: (row: ListRows[Name]) => string
      readonly originalTime?: (row: ListRows[Name]) => number
    } = {},
  ): Projection<Collected<Name>>['metadata'] =>
  ({ row, tenant }, { typeUid, time }) => ({
    product: { name: PRODUCT, vendor_name: PRODUCT, feature: { name: feature } },
    uid: uidOf(`${typeUid} ${row.id} ${own.state?.(row) ?? ''} ${time}`),
    event_code: object,
    log_name: logName,
    log_version: logVersion,
    original_time: own.originalTime === undefined ? undefined : String(own.originalTime(row)),
    tenant_uid: tenant,
  })

/** An object in a sentence: by its name, where that may be told, else by its id. */
export const nameIn = (name: string | null, id: string): string => name ?? id

/** The account at an app as OCSF's account: its kind is Push's word for the app. */
export const accountOf = (
  uid: string | null,
  name: string | null,
  appType: string | null,
): OcsfObject | undefined =>
  uid === null ? undefined : { uid, name, type_id: appType === null ? undefined : other(appType) }
