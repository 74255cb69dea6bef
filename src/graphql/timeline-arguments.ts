import type { QueryOcsfEventsArgs } from '../generated/resolvers.ts'
import type { TimelineArguments } from '../loaders/loaders.ts'
import { collectionOfType } from './entity-types.ts'

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
