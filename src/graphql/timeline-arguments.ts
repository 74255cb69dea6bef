import { BadInputError } from '../errors.ts'
import type { QueryOcsfEventsArgs } from '../generated/resolvers.ts'
import type { TimelineArguments } from '../loaders/loaders.ts'
import { collectionOfType } from './entity-types.ts'

/** @throws BadInputError where stored events are asked for, which the timeline of objects has not. */
export const refuseEvents = ({ types }: Partial<QueryOcsfEventsArgs>): void => {
  if (types?.includes('EVENT') === true)
    throw new BadInputError(
      '"types" must not have EVENT here; "events { nodes { ocsf { json } } }" gives those',
      'types',
    )
}

/** The arguments of `ocsfEvents` as the timeline takes them. */
export const timelineArguments = ({
  types,
  filter,
  since,
  until,
  first,
  after,
}: Partial<QueryOcsfEventsArgs>): TimelineArguments => ({
  types: types?.map(type => collectionOfType[type]).filter(name => name !== 'events'),
  filter,
  since,
  until,
  first,
  after,
})
