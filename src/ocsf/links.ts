/** The objects that the events of others tell of, by the links that lead to them. */
import { collectionNames } from '../model/collections.ts'
import { relations, type ToOne } from '../model/relations.ts'
import type { CollectionName } from '../model/rows.ts'
import { linksJoined, linksLookedAt, type ObjectName } from './fitting/projection.ts'

/** By the list that the links begin in. */
export type LinksByName = ReadonlyMap<ObjectName | undefined, readonly ToOne[]>

const linksNamed = (
  names: Readonly<Partial<Record<CollectionName, readonly string[]>>>,
): LinksByName =>
  new Map(
    collectionNames.flatMap((name): [CollectionName, readonly ToOne[]][] => {
      const links = relations[name].toOne.filter(link => names[name]?.includes(link.name))
      return links.length === 0 ? [] : [[name, links]]
    }),
  )

/** Those of which a webhook event tells as far as the objects are known, by the list that its object is of. */
export const knownLinks: LinksByName = linksNamed(linksLookedAt)

/**
 * Those that are read for the event of an object, in the graph as in exports and sinks, by the list that it is of: one event
 * is the same wherever it is told.
 */
export const joinedLinks: LinksByName = linksNamed(linksJoined)

/** Those of which such an event in the graph tells as far as the objects are known. */
export const nearLinks: LinksByName = new Map(
  [...knownLinks].map(([name, links]) => {
    const joined = joinedLinks.get(name) ?? []
    return [name, links.filter(link => !joined.includes(link))]
  }),
)
