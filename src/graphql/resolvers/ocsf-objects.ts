/** From a row or a webhook event to its event of OCSF, with what the operation knows around it. */
import type { FoundObject } from '../../loaders/loaders.ts'
import { collectionOfEvent } from '../../model/events.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import type { ToOne } from '../../model/relations.ts'
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
import { joinedLinks, knownLinks } from '../../ocsf/links.ts'
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

const complete = (event: OcsfEvent): OcsfEventParent => ({ event, whole: () => event })

/** The objects that the links lead to from those ids, by their names; `near` as far as they are known without a request. */
const linked = (
  links: readonly ToOne[],
  connector: string,
  ids: object,
  { loaders, rights }: Asking,
  how: 'near' | 'beside' = 'near',
): Maybe<Readonly<Record<string, Row | null>>> =>
  andThen(
    allOf<FoundObject | null>(
      links.map(({ idField, to }) =>
        loaders[how](connector, to, fieldOf(ids, idField) as string | null),
      ),
    ),
    found =>
      Object.fromEntries(
        links.map(({ name, to }, index) => {
          const row = found[index]?.row ?? null
          return [name, row === null || seesPersons(rights) ? row : redactedRow(to, row as never)]
        }),
      ),
  )

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
    tenant: tenantUidOf(connector),
    links: links as LinksOf<Name>,
  })

/** The event of an object; `readAt` (milliseconds) is given where it is not when the store's copy was read. */
export const toEvent = <Name extends ObjectName>(
  name: Name,
  object: Owned<Name>,
  version: OcsfVersion,
  asking: Asking,
  readAt?: number,
): Maybe<OcsfEventParent> => {
  const links = knownLinks.get(name)
  if (links === undefined) return complete(project(name, object, version, asking, readAt))
  const { connector, row } = object
  return andThen(linked(links, connector, row, asking), around => {
    const of = (found: Owned<Name>, more?: object): OcsfEvent =>
      project(
        name,
        found,
        version,
        asking,
        readAt,
        more === undefined ? around : { ...around, ...more },
      )
    const event = of(object)
    let whole: Maybe<OcsfEvent> | undefined
    const read = joinedLinks.get(name)
    if (read !== undefined)
      return {
        event,
        whole: () =>
          (whole ??= andThen(linked(read, connector, row, asking, 'beside'), found =>
            of(object, found),
          )),
      }
    // A list may leave out the events of a detection, of which its own tells.
    if (name !== 'detections' || !('events' in row) || row.events !== null) return complete(event)
    return {
      event,
      whole: () =>
        (whole ??= andThen(asking.loaders.detailed(connector, name, row.id), detailed =>
          of((detailed as Owned<Name> | null) ?? object),
        )),
    }
  })
}

/** The event of OCSF that a webhook event becomes; with the body as received where `withRawData` says so. */
export const toEventOfWebhook = (
  { connector, row, payload }: Omit<EventParent, 'place'>,
  version: OcsfVersion,
  asking: Asking,
  withRawData = false,
): Maybe<OcsfEventParent> => {
  const tenant = tenantUidOf(connector)
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
  const links = knownLinks.get(collectionOfEvent(row))
  return links === undefined
    ? project(undefined)
    : andThen(linked(links, connector, row, asking), project)
}
