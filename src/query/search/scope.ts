/** What of the tables of places and links a search needs, for the objects that it is to find. Pure. */
import type { CollectionName } from '../../model/rows.ts'
import { beginsAt, collectionOf } from './follow-links.ts'
import { type Hop, hopsOf, livesInEvents, type Place } from './fields.ts'
import type { Quest } from './arguments.ts'

export interface Scope {
  /** The links that lead to what is wanted. */
  readonly hops: readonly Hop[]
  /** Where the value is looked for in rows, by their collection. */
  readonly inRows: ReadonlyMap<CollectionName, readonly Place[]>
  /** Where it is looked for in the events of detections. */
  readonly inEvents: readonly Place[]
  /** The events of detections are looked at; they come with the rows, or one by one. */
  readonly looksIntoEvents: boolean
  /** All events are to be read, not only those that are at hand. */
  readonly thorough: boolean
}

/** Events name no app but by its id: they are found from the apps that have the name. */
export const leadsToEvents = ({ kind, holder }: Place): boolean =>
  kind === 'APP_NAME' && holder === 'apps'

/** What is needed of these places, and of the links that begin at them. */
export const scopeOf = (
  { types, typesNamed, events }: Pick<Quest, 'types' | 'typesNamed' | 'events'>,
  places: readonly Place[],
): Scope => {
  const hops = hopsOf([...new Set(places.map(({ kind }) => kind))]).filter(({ to }) =>
    types.has(to),
  )
  const needed = places.filter(
    place =>
      types.has(collectionOf(place.holder)) ||
      hops.some(hop => beginsAt(hop, place)) ||
      (events && leadsToEvents(place)),
  )
  const inEvents = needed.filter(({ holder }) => holder === 'detectionEvents')
  const looksIntoEvents = inEvents.length > 0 || hops.some(({ link }) => link.kind === 'events')
  return {
    hops,
    inRows: Map.groupBy(
      needed.filter(place => !inEvents.includes(place)),
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
