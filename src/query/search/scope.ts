/** Which fields and links a search needs, for the objects that it is to find. Pure. */
import type { CollectionName } from '../../model/rows.ts'
import { beginsAt, collectionOf } from './follow-links.ts'
import { type Hop, hopsOf, livesInEvents, type FieldRef } from './fields.ts'
import type { SearchQuery } from './arguments.ts'

export interface SearchScope {
  /** The links that lead to what is wanted. */
  readonly hops: readonly Hop[]
  /** Where the value is looked for in rows, by their collection. */
  readonly inRows: ReadonlyMap<CollectionName, readonly FieldRef[]>
  /** Where it is looked for in the events of detections. */
  readonly inEvents: readonly FieldRef[]
  /** The events of detections are looked at; they come with the rows, or one by one. */
  readonly looksIntoEvents: boolean
  /** All events are to be read, not only those that are at hand. */
  readonly thorough: boolean
}

/** Events name no app but by its id: they are found from the apps that have the name. */
export const leadsToEvents = ({ kind, holder }: FieldRef): boolean =>
  kind === 'APP_NAME' && holder === 'apps'

/** What is needed of these fields, and of the links that begin at them. */
export const scopeOf = (
  { types, linked, typesNamed, events }: Omit<SearchQuery, 'value' | 'kinds' | 'fromEvents'>,
  fields: readonly FieldRef[],
): SearchScope => {
  const hops = hopsOf([...new Set(fields.map(({ kind }) => kind))]).filter(({ to }) =>
    linked.has(to),
  )
  const needed = fields.filter(
    field =>
      types.has(collectionOf(field.holder)) ||
      hops.some(hop => beginsAt(hop, field)) ||
      (events && leadsToEvents(field)),
  )
  const inEvents = needed.filter(({ holder }) => holder === 'detectionEvents')
  const looksIntoEvents = inEvents.length > 0 || hops.some(({ link }) => link.kind === 'events')
  return {
    hops,
    inRows: Map.groupBy(
      needed.filter(field => !inEvents.includes(field)),
      ({ holder }) => collectionOf(holder),
    ),
    inEvents,
    looksIntoEvents,
    thorough:
      looksIntoEvents &&
      ((typesNamed && types.has('detections')) ||
        inEvents.some(({ kind }) => livesInEvents.has(kind))),
  }
}
