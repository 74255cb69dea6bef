/** What the objects that a gateway asks for by their keys need: the rows of each type by one list of keys. */
import type { AnyNeed, Need } from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Work } from '../../work/work.ts'
import type { Naming } from './naming.ts'
import { createReadReference, type Reference } from './reference.ts'

/** About what it takes to read a representation, and to take its key in. */
const READ_NS = 1_000

/** The needs of `_entities` with these arguments; `below` gives those of the objects of a collection. */
export function* referenceSteps(
  { representations }: Readonly<Record<string, unknown>>,
  path: string,
  naming: Naming,
  below: (collection: CollectionName) => readonly AnyNeed[],
  work: Work | undefined,
): Generator<void, readonly Need[]> {
  if (!Array.isArray(representations)) return []
  const readReference = createReadReference(naming)
  const kinds = new Map<string, { readonly first: Reference; readonly keys: Set<string> }>()
  for (const [index, representation] of (representations as unknown[]).entries()) {
    if (work?.spend(READ_NS) === false) yield
    const reference = orNone(() => readReference(representation, index))
    if (reference === undefined) continue
    const { collection, by, connector } = reference
    const name = `${collection} ${'id' in by} ${connector ?? ''}`
    const kind = kinds.get(name) ?? { first: reference, keys: new Set() }
    kinds.set(name, kind)
    kind.keys.add('id' in by ? by.id : by.email.toLowerCase())
  }
  return [...kinds.values()].map(({ first, keys }) => needOf(first, [...keys], path, below))
}

/** Undefined where it cannot be read, which the resolver says. */
const orNone = (read: () => Reference): Reference | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** One list of those that are named alike. */
const needOf = (
  { collection, connector, by }: Reference,
  keys: readonly string[],
  path: string,
  below: (collection: CollectionName) => readonly AnyNeed[],
): Need => ({
  kind: 'list',
  path,
  collection,
  ...(connector === undefined ? {} : { connectors: [connector] }),
  first: keys.length,
  whole: true,
  filter: { ['id' in by ? 'id' : 'email']: { in: keys } },
  then: below(collection),
})
