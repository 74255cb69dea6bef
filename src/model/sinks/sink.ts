/** Receivers outside that stored events and changes of rows are sent on to: what the settings say of them, and how far each has come. */
import type { OcsfVersion } from '../ocsf/versions.ts'
import type { CollectionName } from '../rows.ts'
import type { SinkReceiver } from './receiver.ts'

/** What a sink may send: stored webhook events, and rows as they change. */
export const sinkStreams = ['events', 'changes'] as const
export type SinkStream = (typeof sinkStreams)[number]

export interface SinkSettings {
  readonly name: string
  /** What its sender has to know. Behind a function, so that no log of the settings can show what is secret. */
  readonly receiver: () => SinkReceiver
  readonly kind: SinkReceiver['kind']
  readonly send: readonly SinkStream[]
  /** Of which lists rows are sent; undefined for all. */
  readonly types: readonly CollectionName[] | undefined
  /** Of which connectors; undefined for all. */
  readonly connectors: readonly string[] | undefined
  /** The version of OCSF that is sent; undefined where it is sent plain. */
  readonly ocsf: OcsfVersion | undefined
  /** Where it begins the first time: with what comes from now on, with all that is stored, or with that of so many milliseconds. */
  readonly since: 'now' | 'beginning' | number
  /** What goes together at most. */
  readonly batch: { readonly items: number; readonly bytes: number }
  /** Another one where any of it is another. It tells nothing of secrets. */
  readonly settingsId: string
}

/** How far a sink has come in one order of what is stored. */
export interface SinkPlace {
  /** All up to that sequence is sent, or set aside. */
  readonly sequence: number
  /** Connectors that are not as far, by alias: it was not known whose they were, or they were not served. */
  readonly behind: Readonly<Record<string, number>>
}

/** A place as it is kept, with what was done so far. */
export interface SinkRecord extends SinkPlace {
  readonly sink: string
  readonly stream: SinkStream
  /** Items that the receiver has taken. */
  readonly sent: number
  /** Items that it refused, which stand in the quarantine as far as that had room. */
  readonly quarantined: number
  /** How many at most were deleted before they could be sent. */
  readonly lost: number
}
