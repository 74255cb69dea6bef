/** Events of OCSF, each built as far as its fields are selected. */
import type { Resolvers } from '../../generated/resolvers.ts'
import { andThen } from '../../model/maybe.ts'
import {
  attributesOf,
  type ClassName,
  classNames,
  defaultVersion,
  isToldByEvents,
  isToldByLinks,
  type ObjectName,
  type OcsfVersion,
} from '../../ocsf/ocsf.ts'
import { type Asking, type Owned, toEvent } from './ocsf-objects.ts'
import type { OcsfEventParent } from '../parents.ts'
import { alreadyRedacted } from '../personal/guard.ts'

/** The field `ocsf` of the objects of a list. */
export const ocsfField =
  (name: ObjectName) =>
  (
    object: { readonly connector: string; readonly row: object },
    { version }: { readonly version?: OcsfVersion | null },
    asking: Asking,
  ) =>
    toEvent(name, object as Owned<ObjectName>, version ?? defaultVersion, asking)

/** The name of the type that events of a class have in the graph. */
const typeOf = (className: ClassName): string =>
  `Ocsf${className
    .split('_')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`

type ResolveAttribute = (parent: OcsfEventParent) => unknown

const ofAttribute = (attribute: string, className: ClassName): ResolveAttribute => {
  const isTold =
    (className === 'detection_finding' && isToldByEvents(attribute)) ||
    (className === 'compliance_finding' && isToldByLinks(attribute))
  const resolve: ResolveAttribute = isTold
    ? ({ whole }) => andThen(whole(), event => event.get(attribute))
    : ({ event }) => event.get(attribute)
  // An event is made of what its caller may know.
  return attribute === 'unmapped' || attribute === 'raw_data' ? alreadyRedacted(resolve) : resolve
}

/** What every class has, whether its events fill it or not. */
const everywhere = [
  'severity_id',
  'severity',
  'status_id',
  'status',
  'message',
  'raw_data',
  'raw_data_size',
  'raw_data_hash',
]

const ofClass = (className: ClassName): Record<string, ResolveAttribute> => ({
  ...Object.fromEntries(
    [...attributesOf(className), ...everywhere].map(attribute => [
      attribute,
      ofAttribute(attribute, className),
    ]),
  ),
  time_dt: ({ event }) => (event.get('time') as number) / 1000,
  json: alreadyRedacted(({ whole }: OcsfEventParent) =>
    andThen(whole(), (event): unknown => event.json()),
  ),
})

/** What else Push says, in the parts of an event that have a place for it. */
const withData = {
  data: alreadyRedacted(({ data }: { readonly data?: unknown }) => data),
}

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

export const ocsf = {
  ...ofClasses,
  OcsfDetectionFinding: { ...ofClasses['OcsfDetectionFinding'], finding_info: findingInfo },
  OcsfResourceDetails: withData,
  OcsfWebResource: withData,
  OcsfEvidences: withData,
  OcsfManagedEntity: withData,
  OcsfPolicy: withData,
  OcsfEvent: {
    __resolveType: ({ event }: OcsfEventParent) => typeOf(event.className),
  },
} as Resolvers
