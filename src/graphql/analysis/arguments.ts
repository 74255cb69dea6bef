import type { QuerySearchArgs } from '../../generated/resolvers.ts'
import type { SearchArguments } from '../../loaders/loaders.ts'
import { collectionOfType } from '../entity-types.ts'

/** The arguments of `search` as the loaders take them. */
export const searchArguments = ({
  value,
  kinds,
  types,
  first,
  after,
}: Partial<QuerySearchArgs>): SearchArguments => ({
  value: value ?? '',
  kinds,
  types: types?.map(type => collectionOfType[type]),
  first,
  after,
})
