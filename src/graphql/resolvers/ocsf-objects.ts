/** From a row or a webhook event to its event of OCSF, with what the operation knows around it. */
import { aliasOf, type FoundObject } from '../../loaders/loaders.ts'
import { collectionOfEvent } from '../../model/events.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import type { Row } from '../../model/rows.ts'
import type { ListRows } from '../../model/stored.ts'
import { fieldOf } from '../../model/values.ts'
import {
  type Collected,
  type LinksOf,
  type ObjectName,
  type OcsfEvent,
  type OcsfVersion,
  tenantUidOf,
  toOcsf,
  toOcsfOfWebhook,
  type WebhookEvent,
} from '../../ocsf/ocsf.ts'
import { type EventNeed, eventNeeds } from '../../ocsf/event-needs.ts'
import { joinedLinks, knownLinks, type LinksByName, nearLinks } from '../../ocsf/links.ts'
import type { Context } from '../context.ts'
import type { EventParent, OcsfEventParent } from '../parents.ts'
import { seesPersons } from '../personal/guard.ts'
import { redactedEvent, redactedRow } from '../personal/redacted-rows.ts'

/** Who asks: what an event is made of is what they may know. */
export type Asking = Pick<Context, 'loaders' | 'rights'>

/** An object with the alias of its connector. */
export interface Owned<Name extends ObjectName> {
  readonly connector: string
  readonly row: ListRows[Name]
}

const complete = (event: OcsfEvent): OcsfEventParent => ({ event, withNeeds: () => event })

type LinkedRows = Readonly<Record<string, Row | null>>

/**
 * The objects that those links of the list lead to from the ids, by the names of the links: `near` as far as they are known
 * without a request, `beside` as far as they can be read.
 */
const linked = (
  links: LinksByName,
  name: ObjectName | undefined,
  connector: string,
  ids: object,
  { loaders, rights }: Asking,
  how: 'near' | 'beside',
): Maybe<LinkedRows> => {
  const followed = links.get(name) ?? []
  const found = followed.map(({ idField, to }) =>
    loaders[how](connector, to, fieldOf(ids, idField) as string | null),
  )
  return andThen(allOf<FoundObject | null>(found), objects =>
    Object.fromEntries(
      followed.map(({ name: link, to }, index) => {
        const row = objects[index]?.row ?? null
        return [link, row === null || seesPersons(rights) ? row : redactedRow(to, row as never)]
      }),
    ),
  )
}

const project = <Name extends ObjectName>(
  name: Name,
  { connector, row }: Owned<Name>,
  version: OcsfVersion,
  { loaders, rights }: Asking,
  readAt = loaders.readAt(connector, name, row.id),
  links?: object,
): OcsfEvent =>
  (toOcsf[version][name] as (input: Collected<Name>) => OcsfEvent)({
    row: seesPersons(rights) ? row : redactedRow(name, row),
    readAt,
    tenant: tenantUidOf(aliasOf(connector)),
    links: links as LinksOf<Name>,
  })

/** The event of an object; `readAt` (milliseconds) is given where it is not when the store's copy was read. */
export const toEvent = <Name extends ObjectName>(
  name: Name,
  object: Owned<Name>,
  version: OcsfVersion,
  asking: Asking,
  readAt?: number,
): OcsfEventParent => {
  const of = (found: Owned<Name>, links?: LinkedRows): OcsfEvent =>
    project(name, found, version, asking, readAt, links)
  const event = of(object)
  if (!eventNeeds.has(name)) return complete(event)
  const made: Partial<Record<EventNeed, Maybe<OcsfEvent>>> = {}
  const make = (need: EventNeed): Maybe<OcsfEvent> =>
    andThen(
      allOf<unknown>([
        need === 'links' ? object : detailed(name, object, asking),
        need === 'details' ? undefined : linksOf(name, object, asking),
      ]),
      ([found, links]) => of(found as Owned<Name>, links as LinkedRows | undefined),
    )
  return { event, withNeeds: need => (made[need] ??= make(need)) }
}

/** The object with what lists may leave out of it; as it is where nothing is left out, or that cannot be read. */
const detailed = <Name extends ObjectName>(
  name: Name,
  object: Owned<Name>,
  { loaders }: Asking,
): Maybe<Owned<Name>> => {
  const { connector, row } = object
  // A list may leave out the events of a detection, of which its own tells.
  if (name !== 'detections' || !('events' in row) || row.events !== null) return object
  return andThen(
    loaders.detailed(connector, name, row.id),
    found => (found as Owned<Name> | null) ?? object,
  )
}

/** What an object leads to: what is read for its event, and what else is known. */
const linksOf = (
  name: ObjectName,
  { connector, row }: Owned<ObjectName>,
  asking: Asking,
): Maybe<LinkedRows> =>
  andThen(
    allOf([
      linked(nearLinks, name, connector, row, asking, 'near'),
      linked(joinedLinks, name, connector, row, asking, 'beside'),
    ]),
    ([near, read]) => ({ ...near, ...read }),
  )

/** The event of OCSF that a webhook event becomes; with the body as received where `withRawData` says so. */
export const toEventOfWebhook = (
  { connector, row, payload }: Omit<EventParent, 'place'>,
  version: OcsfVersion,
  asking: Asking,
  withRawData = false,
): Maybe<OcsfEventParent> => {
  const tenant = tenantUidOf(aliasOf(connector))
  const isTold = seesPersons(asking.rights)
  const project = (links: WebhookEvent['links']): OcsfEventParent =>
    complete(
      toOcsfOfWebhook[version]({
        ...(isTold ? { row, payload: payload() } : redactedEvent(row)),
        isRedacted: !isTold,
        tenant,
        withRawData,
        links,
      }),
    )
  const name = collectionOfEvent(row)
  return knownLinks.has(name)
    ? andThen(linked(knownLinks, name, connector, row, asking, 'near'), project)
    : project(undefined)
}
