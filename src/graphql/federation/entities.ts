/** How a gateway reaches objects that it knows by a key, and how it learns the schema. */
import { toError } from '../../errors.ts'
import type { FoundObject } from '../../loaders/loaders.ts'
import { collections } from '../../model/collections.ts'
import { allOf, type Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Context } from '../context.ts'
import type { Naming } from './naming.ts'
import { createReadReference } from './reference.ts'

/** An object with the collection that tells its type. */
type Entity = FoundObject & { readonly collection: CollectionName }

interface Arguments {
  readonly representations: readonly unknown[]
}

/** The resolvers that a subgraph has beside its own; `sdl` is the text that composers take. */
export const createEntityResolvers = (naming: Naming, sdl: () => string) => {
  const readReference = createReadReference(naming)
  return {
    Query: {
      _service: () => ({ sdl: sdl() }),
      // One that fails is an error in its place, and no other's.
      _entities: (_root: unknown, { representations }: Arguments, { loaders }: Context) =>
        allOf(
          representations.map((representation, index): Maybe<Entity | Error | null> => {
            try {
              const { collection, by, connector } = readReference(representation, index)
              const withType = (found: FoundObject | null): Entity | null =>
                found && { ...found, collection }
              const found = loaders.referenced(collection, by, connector)
              return found instanceof Promise ? found.then(withType, toError) : withType(found)
            } catch (error) {
              return toError(error)
            }
          }),
        ),
    },
    _Entity: {
      __resolveType: ({ collection }: Entity) => naming.type(collections[collection].type),
    },
  }
}
