/** From a row or a webhook event to its event of OCSF, with what the operation knows around it. */
import type { FoundObject, Loaders } from '../../loaders/loaders.ts'
import { collectionOfEvent, type EventRow } from '../../model/events.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import type { ListRows } from '../../model/stored.ts'
import {
  type Collected,
  type LinksOf,
  type ObjectName,
  type OcsfEvent,
  type OcsfVersion,
  toOcsf,
  toOcsfOfWebhook,
  type WebhookEvent,
} from '../../ocsf/ocsf.ts'
import type { EventParent, OcsfEventParent } from '../parents.ts'

/** An object with the alias of its connector. */
export interface Owned<Name extends ObjectName> {
  readonly connector: string
  readonly row: ListRows[Name]
}

/** The event of an object; `readAt` (milliseconds) is given where it is not when the store's copy was read. */
export type ToEvent<Name extends ObjectName> = (
  object: Owned<Name>,
  version: OcsfVersion,
  loaders: Loaders,
  readAt?: number,
) => Maybe<OcsfEventParent>

const project = <Name extends ObjectName>(
  name: Name,
  version: OcsfVersion,
  input: Collected<Name>,
): OcsfEvent => (toOcsf[version][name] as (input: Collected<Name>) => OcsfEvent)(input)

const complete = (event: OcsfEvent): OcsfEventParent => ({ event, whole: () => event })

/** A connector that was given no name of its own tells nothing of its tenant. */
const tenantOf = (connector: string): string | undefined =>
  connector === 'default' ? undefined : connector

const collect = <Name extends ObjectName>(
  name: Name,
  { connector, row }: Owned<Name>,
  loaders: Loaders,
  readAt = loaders.readAt(connector, name, row.id),
  links?: LinksOf<Name>,
): Collected<Name> => ({ row, readAt, tenant: tenantOf(connector), links })

const plain =
  <Name extends ObjectName>(name: Name): ToEvent<Name> =>
  (object, version, loaders, readAt) =>
    complete(project(name, version, collect(name, object, loaders, readAt)))

/** The account and the app of a finding, as far as the operation has them. */
const aroundFinding = (
  connector: string,
  { accountId, appId }: Pick<EventRow, 'accountId' | 'appId'>,
  loaders: Loaders,
): Maybe<LinksOf<'findings'>> =>
  andThen(
    allOf<FoundObject | null>([
      loaders.near(connector, 'accounts', accountId),
      loaders.near(connector, 'apps', appId),
    ]),
    ([account, app]) => ({ account: account?.row, app: app?.row }) as LinksOf<'findings'>,
  )

/** The employee of a detection, as far as the operation has them. */
const aroundDetection = (
  connector: string,
  { employeeId }: Pick<EventRow, 'employeeId'>,
  loaders: Loaders,
): Maybe<LinksOf<'detections'>> =>
  andThen(loaders.near(connector, 'employees', employeeId), employee => ({
    employee: employee?.row ?? null,
  }))

const ofFinding: ToEvent<'findings'> = (finding, version, loaders, readAt) =>
  andThen(aroundFinding(finding.connector, finding.row, loaders), links =>
    complete(project('findings', version, collect('findings', finding, loaders, readAt, links))),
  )

const ofDetection: ToEvent<'detections'> = (detection, version, loaders, readAt) => {
  const { connector, row } = detection
  return andThen(aroundDetection(connector, row, loaders), links => {
    const toEvent = (of: Owned<'detections'>): OcsfEvent =>
      project('detections', version, collect('detections', of, loaders, readAt, links))
    const event = toEvent(detection)
    if (row.events !== null) return complete(event)
    let whole: Maybe<OcsfEvent> | undefined
    return {
      event,
      whole: () =>
        (whole ??= andThen(loaders.detailed(connector, 'detections', row.id), detailed =>
          toEvent(detailed ?? detection),
        )),
    }
  })
}

/** How the objects of each list become events. */
export const toEvent: { readonly [Name in ObjectName]: ToEvent<Name> } = {
  employees: plain('employees'),
  accounts: plain('accounts'),
  apps: plain('apps'),
  browsers: plain('browsers'),
  browserExtensions: plain('browserExtensions'),
  findings: ofFinding,
  detections: ofDetection,
  otherAccounts: plain('otherAccounts'),
  otherApps: plain('otherApps'),
}

/** The event of OCSF that a webhook event becomes; with the body as received where `withRawData` says so. */
export const toEventOfWebhook = (
  { connector, row, payload }: Omit<EventParent, 'place'>,
  version: OcsfVersion,
  loaders: Loaders,
  withRawData = false,
): Maybe<OcsfEventParent> => {
  const tenant = tenantOf(connector)
  const project = (links: WebhookEvent['links']): OcsfEventParent =>
    complete(toOcsfOfWebhook[version]({ row, payload: payload(), tenant, withRawData, links }))
  switch (collectionOfEvent(row)) {
    case 'findings':
      return andThen(aroundFinding(connector, row, loaders), project)
    case 'detections':
      return andThen(aroundDetection(connector, row, loaders), project)
    default:
      return project(undefined)
  }
}
