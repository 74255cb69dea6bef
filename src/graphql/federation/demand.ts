/** What the objects that a gateway asks for by their keys need: the rows of each type by one list of keys. */
import type { AnyNeed, Need } from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Naming } from './naming.ts'
import { createReadReference, type Reference } from './reference.ts'

/** The needs of `_entities` with these arguments; `below` gives those of the objects of a collection. */
export const referenceNeeds = (
  { representations }: Readonly<Record<string, unknown>>,
  path: string,
  naming: Naming,
  below: (collection: CollectionName) => readonly AnyNeed[],
): readonly Need[] => {
  if (!Array.isArray(representations)) return []
  const readReference = createReadReference(naming)
  const read = (representation: unknown, index: number): readonly Reference[] => {
    try {
      return [readReference(representation, index)]
    } catch {
      // The resolver refuses it.
      return []
    }
  }
  const kinds = Map.groupBy(
    representations.flatMap(read),
    ({ collection, by, connector }) => `${collection} ${'id' in by} ${connector ?? ''}`,
  )
  return [...kinds.values()].flatMap(references => needOf(references, path, below))
}

/** One list of those that are named alike. */
const needOf = (
  references: readonly Reference[],
  path: string,
  below: (collection: CollectionName) => readonly AnyNeed[],
): readonly Need[] => {
  const [first] = references
  if (first === undefined) return []
  const { collection, connector } = first
  const keys = [
    ...new Set(references.map(({ by }) => ('id' in by ? by.id : by.email.toLowerCase()))),
  ]
  return [
    {
      kind: 'list',
      path,
      collection,
      ...(connector === undefined ? {} : { connectors: [connector] }),
      first: keys.length,
      whole: true,
      filter: { ['id' in first.by ? 'id' : 'email']: { in: keys } },
      then: below(collection),
    },
  ]
}
