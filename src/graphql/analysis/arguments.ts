/** The arguments of root fields as the loaders take them. */
import { BadInputError } from '../../errors.ts'
import type {
  EntityType,
  QueryOcsfEventsArgs,
  QuerySearchArgs,
  QueryTimelineArgs,
} from '../../generated/resolvers.ts'
import type {
  Loaders,
  SearchArguments,
  TimelineArguments,
  ValueTimelineTerms,
} from '../../loaders/loaders.ts'
import { singles } from '../../model/collection-lookups.ts'
import { collections } from '../../model/collections.ts'
import { upperSnake } from '../../model/dimensions.ts'
import type { CollectionName } from '../../model/rows.ts'
import { fieldOf, isGiven } from '../../model/values.ts'

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

/** The arguments of `timeline` as the loaders take them. */
export const valueTimelineArguments = ({
  value,
  since,
  until,
  kinds,
  first,
  after,
}: Partial<QueryTimelineArgs>): ValueTimelineTerms => ({
  value: value ?? '',
  since,
  until,
  kinds,
  first,
  after,
})

/** The arguments of `ocsfEvents` as the timeline takes them. */
export const timelineArguments = ({
  types,
  filter,
  since,
  until,
  first,
  after,
}: Partial<QueryOcsfEventsArgs>): TimelineArguments => ({
  types: types?.map(type => collectionOfType[type]),
  filter,
  since,
  until,
  first,
  after,
})

/**
 * What names the object that a root field of one object asks for: its id, or the other key of its collection.
 * @throws BadInputError where the arguments give both keys, or neither.
 */
export const singleArguments = (
  name: CollectionName,
  args: SingleArguments,
): { readonly id: string } | { readonly filter: object } => {
  const { otherKey } = collections[name]
  if (otherKey === null) return { id: args.id ?? '' }
  const other = fieldOf(args, otherKey)
  if (isGiven(args.id) === isGiven(other))
    throw new BadInputError(`Give exactly one of "id" and "${otherKey}"`, 'id')
  return isGiven(other) ? { filter: { [otherKey]: { eq: other } } } : { id: args.id ?? '' }
}

/** The arguments that every root field of one object may have; some have another key beside the id. */
export interface SingleArguments {
  readonly id?: string | null
  readonly connector?: string | null
  /** UNIX seconds. */
  readonly at?: number | null
}

/** The loaders of things as they are; of things as they were known at that moment (UNIX seconds), where one is given. */
export const loadersAt = (loaders: Loaders, at: number | null | undefined): Loaders =>
  isGiven(at) ? loaders.at(at) : loaders

/** The collection whose objects are of that type; events are kept here. */
const collectionOfType = Object.fromEntries([
  ...[...singles].map(([field, name]) => [upperSnake(field), name]),
  ['EVENT', 'events'],
]) as Readonly<Record<EntityType, CollectionName | 'events'>>
