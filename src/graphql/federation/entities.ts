/** How a gateway reaches objects that it knows by a key, and how it learns the schema. */
import { toError } from '../../errors.ts'
import type { FoundObject } from '../../loaders/loaders.ts'
import { collections } from '../../model/collections.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Context } from '../context.ts'
import type { Naming } from './naming.ts'
import { createReadReference } from './reference.ts'
import type { PrintInTurns } from './subgraph.ts'

/** An object with the collection that tells its type. */
type Entity = FoundObject & { readonly collection: CollectionName }

interface Arguments {
  readonly representations: readonly unknown[]
}

/** About what it takes to find an object by its key. */
const FIND_NS = 2_000

/** The resolvers that a subgraph has beside its own; `print` makes the text that composers take. */
export const createEntityResolvers = (naming: Naming, print: PrintInTurns) => {
  const readReference = createReadReference(naming)

  /** One that fails is an error in its place, and no other's. */
  const find = (
    representation: unknown,
    index: number,
    { loaders }: Context,
  ): Maybe<Entity | Error | null> => {
    try {
      const { collection, by, connector } = readReference(representation, index)
      const withType = (found: FoundObject | null): Entity | null =>
        found && { ...found, collection }
      const found = loaders.referenced(collection, by, connector)
      return found instanceof Promise ? found.then(withType, toError) : withType(found)
    } catch (error) {
      return toError(error)
    }
  }

  function* findAll(
    representations: readonly unknown[],
    context: Context,
  ): Generator<void, readonly Maybe<Entity | Error | null>[]> {
    const found: Maybe<Entity | Error | null>[] = []
    for (const [index, representation] of representations.entries()) {
      if (!context.work.spend(FIND_NS)) yield
      found.push(find(representation, index, context))
    }
    return found
  }

  return {
    Query: {
      _service: (_root: unknown, _args: unknown, { work }: Context) =>
        andThen(work.run(print(work)), sdl => ({ sdl })),
      _entities: (_root: unknown, { representations }: Arguments, context: Context) =>
        andThen(context.work.run(findAll(representations, context)), found => allOf(found)),
    },
    _Entity: {
      __resolveType: ({ collection }: Entity) => naming.type(collections[collection].type),
    },
  }
}
