/** What is sent of a stored event, and of a row that changed: an event of OCSF, or its plain form, as a line of JSON. */
import { toPlainChange } from '../export/changes/change-line.ts'
import { toPlainStored } from '../export/plain.ts'
import { type EventRow, payloadOf } from '../model/events.ts'
import type { OcsfVersion } from '../model/ocsf/versions.ts'
import type { StoredChange } from '../model/row-changes.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import {
  type OcsfEvent,
  tenantUidOf,
  toOcsf,
  toOcsfOfRemoved,
  toOcsfOfWebhook,
} from '../ocsf/ocsf.ts'
import type { SinkItem } from './sender.ts'

/** A row with those beside it that its event of OCSF tells of. */
export interface ChangedRow {
  readonly row: Rows[CollectionName]
  readonly links?: object | undefined
}

/** What was made of something stored. */
export interface MadeItem {
  readonly item: SinkItem
  /** Why it cannot be sent as it should be; then `item` is its plain form, or what is stored, for the quarantine. */
  readonly flaw?: string | undefined
}

/** What nobody foresaw of one thing must not keep all behind it from being sent. */
export const madeOf = (
  stored: EventRow | StoredChange,
  make: () => SinkItem,
  plain = make,
): MadeItem => {
  try {
    return { item: make() }
  } catch (error) {
    // No more of it: what an error says may be of the row.
    const name = error instanceof Error ? error.name : 'unknown reason'
    return { item: plainOrStored(stored, plain), flaw: `Nothing could be made of it (${name})` }
  }
}

const plainOrStored = (stored: EventRow | StoredChange, plain: () => SinkItem): SinkItem => {
  try {
    return plain()
  } catch {
    const { id, connector, receivedAt } = stored
    return { id, connector, time: Math.round(receivedAt * 1_000), line: JSON.stringify(stored) }
  }
}

/** A webhook event. */
export const eventItem = (event: EventRow, ocsf: OcsfVersion | undefined): SinkItem => {
  const { connector } = event
  if (ocsf !== undefined) {
    const input = { row: event, payload: payloadOf(event), tenant: tenantUidOf(connector) }
    return ocsfItem(connector, toOcsfOfWebhook[ocsf](input))
  }
  return {
    id: event.id,
    connector,
    time: event.occurredAt * 1_000,
    line: JSON.stringify(toPlainStored(connector, 'events', event)),
    className: event.object,
  }
}

/** One change of a row, as exports of changes have it. `store`: what tells where it is stored from others. */
export const changeItem = (change: StoredChange, store: string): SinkItem => ({
  id: `${store}-${change.sequence}`,
  connector: change.connector,
  time: Math.round(change.at * 1_000),
  line: JSON.stringify(toPlainChange(change, store)),
  className: change.collection,
})

/** A row as it was known once the change was. */
export const rowItem = (
  { connector, collection, at }: StoredChange,
  { row, links }: ChangedRow,
  ocsf: OcsfVersion,
): SinkItem => {
  const project = toOcsf[ocsf][collection] as (input: object) => OcsfEvent
  const about = { readAt: Math.round(at * 1_000), tenant: tenantUidOf(connector) }
  const event = project({ row, ...about, ...(links && { links }) })
  return ofMoment(at, ocsfItem(connector, event))
}

/** A row that is there no more, as it was known last. */
export const removedItem = (
  { connector, collection, at, old }: StoredChange,
  ocsf: OcsfVersion,
): SinkItem => {
  const event = toOcsfOfRemoved[ocsf]({
    name: collection,
    row: old as Rows[CollectionName],
    readAt: Math.round(at * 1_000),
    tenant: tenantUidOf(connector),
  })
  return ofMoment(at, ocsfItem(connector, event))
}

/** `metadata.uid` of a finding or detection is that of its state: what else changes of it would pass for a repeat. */
const ofMoment = (at: number, item: SinkItem): SinkItem => ({
  ...item,
  id: `${item.id}-${Math.round(at * 1_000)}`,
})

const ocsfItem = (connector: string, event: OcsfEvent): SinkItem => {
  const json = event.json()
  const { uid } = json['metadata'] as { readonly uid: string }
  return {
    id: uid,
    connector,
    time: json['time'] as number,
    line: JSON.stringify(json),
    severity: json['severity_id'] as number,
    className: event.className,
  }
}
