/** The objects that the events of others tell of, by the links that lead to them. */
import { collectionNames } from '../model/collections.ts'
import { relations, type ToOne } from '../model/relations.ts'
import type { CollectionName } from '../model/rows.ts'
import { linksJoined, linksLookedAt, type ObjectName } from './fitting/projection.ts'

type LinksByName = ReadonlyMap<ObjectName | undefined, readonly ToOne[]>

const linksNamed = (
  names: Readonly<Partial<Record<CollectionName, readonly string[]>>>,
): LinksByName =>
  new Map(
    collectionNames.flatMap((name): [CollectionName, readonly ToOne[]][] => {
      const links = relations[name].toOne.filter(link => names[name]?.includes(link.name))
      return links.length === 0 ? [] : [[name, links]]
    }),
  )

/** Those of which the projections look at the objects as far as they are known, by the list that they begin in. */
export const knownLinks: LinksByName = linksNamed(linksLookedAt)

/** Those of them that are read for an event of the graph. */
export const joinedLinks: LinksByName = linksNamed(linksJoined)

/** Those that are told where events leave for good: who receives them searches by addresses and names, and cannot ask. */
export const sentLinks: LinksByName = linksNamed({
  findings: ['employee', 'app'],
  detections: ['employee'],
})
