/** Events of OCSF, each built as far as its fields are selected. */
import type { Resolvers } from '../../generated/resolvers.ts'
import { andThen } from '../../model/maybe.ts'
import { fieldOf } from '../../model/values.ts'
import {
  attributesOf,
  type ClassName,
  classNames,
  defaultVersion,
  type ObjectName,
  type OcsfVersion,
} from '../../ocsf/ocsf.ts'
import { type EventNeed, eventNeedsOfClass } from '../../ocsf/event-needs.ts'
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
  const needs = eventNeedsOfClass.get(className)
  const own = needs?.get(attribute)
  const members = [...(needs ?? [])].flatMap(([path, need]): LaterMember[] =>
    path.startsWith(`${attribute}.`) ? [{ names: path.split('.').slice(1), need }] : [],
  )
  const resolve: ResolveAttribute =
    own === undefined
      ? parent => withLater(parent, attribute, members)
      : ({ withNeeds }) => andThen(withNeeds(own), event => event.get(attribute))
  // An event is made of what its caller may know.
  return attribute === 'unmapped' || attribute === 'raw_data' ? alreadyRedacted(resolve) : resolve
}

/** A member of an attribute that more than the object tells: the names that lead to it. */
interface LaterMember {
  readonly names: readonly string[]
  readonly need: EventNeed
}

/** The attribute, of which those members are read as soon as they are selected. */
const withLater = (
  { event, withNeeds }: OcsfEventParent,
  attribute: string,
  members: readonly LaterMember[],
): unknown =>
  members.reduce(
    (value, { names, need }) =>
      withMember(value, names, () =>
        andThen(withNeeds(need), read => memberOf(read.get(attribute), names)),
      ),
    event.get(attribute),
  )

const withMember = (value: unknown, names: readonly string[], read: () => unknown): unknown => {
  const [name, ...below] = names
  if (name === undefined) return read
  if (typeof value !== 'object' || value === null) return value
  return { ...value, [name]: withMember(fieldOf(value, name), below, read) }
}

const memberOf = (value: unknown, names: readonly string[]): unknown =>
  names.reduce(
    (of, name) => (typeof of === 'object' && of !== null ? fieldOf(of, name) : undefined),
    value,
  )

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
  json: alreadyRedacted(({ event, withNeeds }: OcsfEventParent) => {
    const need = eventNeedsOfClass.get(className)?.get('json')
    return andThen(need === undefined ? event : withNeeds(need), (of): unknown => of.json())
  }),
})

/** What else Push says, in the parts of an event that have a place for it. */
const withData = {
  data: alreadyRedacted(({ data }: { readonly data?: unknown }) => data),
}

const ofClasses = Object.fromEntries(
  classNames.map(className => [typeOf(className), ofClass(className)]),
)

export const ocsf = {
  ...ofClasses,
  OcsfResourceDetails: withData,
  OcsfWebResource: withData,
  OcsfEvidences: withData,
  OcsfManagedEntity: withData,
  OcsfPolicy: withData,
  OcsfEvent: {
    __resolveType: ({ event }: OcsfEventParent) => typeOf(event.className),
  },
} as Resolvers
