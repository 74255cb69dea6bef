/** Objects as events of OCSF, each built as far as its fields are selected. */
import type { Resolvers } from '../../generated/resolvers.ts'
import type { Found, Loaders } from '../../loaders/loaders.ts'
import { all, andThen, type Maybe } from '../../model/maybe.ts'
import type { ListRows } from '../../model/stored.ts'
import {
  attributesOf,
  type ClassName,
  classNames,
  type Collected,
  isToldByEvents,
  type LinksOf,
  newest,
  type ObjectName,
  type OcsfEvent,
  type OcsfVersion,
  toOcsf,
} from '../../ocsf/ocsf.ts'
import type { Context } from '../context.ts'
import type { OcsfEventParent } from '../parents.ts'

interface OcsfArguments {
  readonly version?: OcsfVersion | null
}

/** An object with the alias of its connector. */
interface Owned<Name extends ObjectName> {
  readonly connector: string
  readonly row: ListRows[Name]
}

type Resolve<Name extends ObjectName> = (
  found: Owned<Name>,
  args: OcsfArguments,
  context: Context,
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
  links?: LinksOf<Name>,
): Collected<Name> => ({
  row,
  readAt: loaders.readAt(connector, name, row.id),
  tenant: tenantOf(connector),
  links,
})

const plain =
  <Name extends ObjectName>(name: Name): Resolve<Name> =>
  (found, { version }, { loaders }) =>
    complete(project(name, version ?? newest, collect(name, found, loaders)))

const ofFinding: Resolve<'findings'> = (found, { version }, { loaders }) => {
  const { connector, row } = found
  const around = all<Found | null>([
    loaders.near(connector, 'accounts', row.accountId),
    loaders.near(connector, 'apps', row.appId),
  ])
  return andThen(around, ([account, app]) => {
    const links = { account: account?.row, app: app?.row } as LinksOf<'findings'>
    return complete(
      project('findings', version ?? newest, collect('findings', found, loaders, links)),
    )
  })
}

const ofDetection: Resolve<'detections'> = (found, { version }, { loaders }) => {
  const { connector, row } = found
  return andThen(loaders.near(connector, 'employees', row.employeeId), employee => {
    const toEvent = (of: Owned<'detections'>): OcsfEvent =>
      project(
        'detections',
        version ?? newest,
        collect('detections', of, loaders, { employee: employee?.row ?? null }),
      )
    const event = toEvent(found)
    if (row.events !== null) return complete(event)
    let whole: Maybe<OcsfEvent> | undefined
    return {
      event,
      whole: () =>
        (whole ??= andThen(loaders.detailed(connector, 'detections', row.id), detailed =>
          toEvent(detailed ?? found),
        )),
    }
  })
}

/** The field `ocsf` of the objects of each list. */
export const ocsfOf: { readonly [Name in ObjectName]: Resolve<Name> } = {
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

/** The name of the type that events of a class have in the graph. */
const typeOf = (className: ClassName): string =>
  `Ocsf${className
    .split('_')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`

type ResolveAttribute = (parent: OcsfEventParent) => unknown

const ofAttribute = (attribute: string, className: ClassName): ResolveAttribute => {
  if (className === 'detection_finding' && isToldByEvents(attribute))
    return ({ whole }) => andThen(whole(), event => event.get(attribute))
  return ({ event }) => event.get(attribute)
}

/** What every class has, whether its events fill it or not. */
const everywhere = ['severity_id', 'severity', 'status_id', 'status', 'message']

const ofClass = (className: ClassName): Record<string, ResolveAttribute> => ({
  ...Object.fromEntries(
    [...attributesOf(className), ...everywhere].map(attribute => [
      attribute,
      ofAttribute(attribute, className),
    ]),
  ),
  time_dt: ({ event }) => (event.get('time') as number) / 1000,
  json: ({ whole }) => andThen(whole(), event => event.json()),
})

/** What the list leaves out is read as soon as it is selected. */
const findingInfo: ResolveAttribute = ({ event, whole }) => {
  const info = event.get('finding_info') as object
  const later = ['desc', 'analytic', 'related_events', 'related_events_count'].map(member => [
    member,
    () =>
      andThen(
        whole(),
        detailed => (detailed.get('finding_info') as Readonly<Record<string, unknown>>)[member],
      ),
  ])
  return { ...info, ...(Object.fromEntries(later) as object) }
}

const ofClasses = Object.fromEntries(
  classNames.map(className => [typeOf(className), ofClass(className)]),
)

export const ocsf: Resolvers = {
  ...(ofClasses as Resolvers),
  OcsfDetectionFinding: { ...ofClasses['OcsfDetectionFinding'], finding_info: findingInfo },
  OcsfEvent: {
    __resolveType: (parent: OcsfEventParent) =>
      typeOf(parent.event.className) as 'OcsfUserInventory',
  },
} as Resolvers
