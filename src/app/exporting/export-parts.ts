/** What an export consists of, and whom it reads: the client of each connector, past the store, and the lists that are kept here. */
import type { Clock } from '../../model/clock.ts'
import { type EventRow, payloadOf } from '../../model/events.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { StoredChange } from '../../model/row-changes.ts'
import { isStored, type StoredName, type StoredRows } from '../../model/stored.ts'
import { toPlainChange } from '../../export/changes/change-line.ts'
import type { ChangeLists } from '../../export/changes/write-changes.ts'
import { type Beside, createCollectionPart, type TimeRange } from '../../export/collection-part.ts'
import type { ExportPart, ExportType } from '../../export/part.ts'
import type { Retry } from '../../export/retry.ts'
import { toPlain, toPlainStored } from '../../export/plain.ts'
import {
  createEventsOnwards,
  createStoredPart,
  type FollowedEvents,
  type StoredLists,
} from '../../export/stored-part.ts'
import {
  type OcsfEvent,
  type OcsfVersion,
  tenantUidOf,
  toOcsf,
  toOcsfOfWebhook,
} from '../../ocsf/ocsf.ts'
import { joinedLinks } from '../../ocsf/links.ts'
import { fieldOf } from '../../model/values.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { ConnectedClient } from '../connectors.ts'

/** What to export. */
export interface ExportOrder {
  readonly connectors: readonly string[]
  readonly types: readonly ExportType[]
  /** Instead of the objects, what changed in those of these lists. */
  readonly changes: readonly CollectionName[] | undefined
  readonly range: TimeRange
  /** The version to project to; plain objects without one. */
  readonly ocsf: OcsfVersion | undefined
  /** Milliseconds: the moment of all that is only as new as its reading. */
  readonly readAt: number
  /** How a connector is asked again; each fails by itself. */
  readonly retryOf: (connector: string) => Retry
  /** Where it is one of several rounds, each of which writes what is new or has changed since the one before. */
  readonly round?: ExportRound | undefined
}

export interface ExportRound {
  /** Answers of Push that are kept will do where they were asked for at this moment (milliseconds) or later. */
  readonly keptSince: number | undefined
}

/** A part for each connector and each type, in that order; of changes one for each connector. */
export const createParts = (
  clients: readonly ConnectedClient[],
  stored: FollowedEvents['lists'],
  clock: Clock,
  order: ExportOrder,
): readonly ExportPart[] =>
  order.connectors.flatMap(alias => {
    const connected = clients.find(client => client.alias === alias)
    if (connected === undefined) throw new Error(`There is no connector ${alias}`)
    const { client } = connected
    const retry = order.retryOf(alias)
    if (order.changes !== undefined) return [changesPart(alias, stored, order)]
    return order.types.map(name => {
      const { range, round } = order
      if (isStored(name)) {
        const part = { connector: alias, lists: stored, range }
        const toValue = toStoredValue(alias, name, order)
        if (name === 'events' && round !== undefined)
          return createEventsOnwards({ ...part, toValue })
        const toState = round && toStoredValue(alias, name, atNoMoment(order))
        return createStoredPart({ ...part, name, toValue, toState })
      }
      return createCollectionPart({
        connector: alias,
        name,
        source: client,
        width: () => widthOf(client),
        range,
        retry,
        clock,
        beside: order.ocsf === undefined ? undefined : joinedLinks.get(name)?.map(({ to }) => to),
        toValue: toValueOf(alias, name, order),
        toState: round && toValueOf(alias, name, atNoMoment(order)),
        keptSince: round?.keptSince,
      })
    })
  })

/** What is written then is another where the object is, not where it is read at another time. */
const atNoMoment = (order: ExportOrder): ExportOrder => ({ ...order, readAt: 0 })

const changesPart = (
  connector: string,
  lists: StoredLists & Pick<ChangeLists, 'identity'>,
  { range, changes = [] }: ExportOrder,
): ExportPart =>
  createStoredPart({
    connector,
    name: 'changes',
    lists,
    range,
    filter: { kind: 'in', field: 'collection', values: changes },
    // The file gives more of a change than its list shows.
    toValue: row => toPlainChange(row as StoredChange, lists.identity),
  })

const toValueOf = <Name extends CollectionName>(
  connector: string,
  name: Name,
  { ocsf, readAt }: ExportOrder,
): ((row: Rows[Name], beside: Beside) => object) => {
  if (ocsf === undefined) return row => toPlain(connector, name, row)
  const project = toOcsf[ocsf][name] as (input: object) => OcsfEvent
  const tenant = tenantUidOf(connector)
  return (row, beside) => {
    const links = Object.fromEntries(
      (joinedLinks.get(name) ?? []).map(link => [
        link.name,
        beside(link.to, fieldOf(row, link.idField) as string | null),
      ]),
    )
    return project({ row, readAt, tenant, links }).json()
  }
}

const toStoredValue = <Name extends StoredName>(
  connector: string,
  name: Name,
  { ocsf, readAt }: ExportOrder,
): ((row: StoredRows[Name]) => object) => {
  if (ocsf === undefined) return row => toPlainStored(connector, name, row)
  const tenant = tenantUidOf(connector)
  if (name === 'events')
    return row => {
      const event = row as EventRow
      return toOcsfOfWebhook[ocsf]({ row: event, payload: payloadOf(event), tenant }).json()
    }
  const projects = toOcsf[ocsf] as unknown as Readonly<
    Record<StoredName, (input: object) => OcsfEvent>
  >
  const project = projects[name]
  return row => project({ row, readAt, tenant }).json()
}

/** Requests under way at most, and some beyond what the limit and the way ask for. */
const MOST_UNDER_WAY = 12
const SPARE = 2

const widthOf = (client: UpstreamClient): number =>
  Math.min(
    MOST_UNDER_WAY,
    SPARE + Math.ceil((client.latencyMs() * client.rateLimit().limit) / 1_000),
  )
