import { BadInputError } from '../../errors.ts'
import type { EntityType, QueryOcsfEventsArgs, QuerySearchArgs } from '../../generated/resolvers.ts'
import type { SearchArguments, TimelineArguments } from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'

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

/** The collection whose objects are of that type; events are kept here. */
export const collectionOfType = {
  EMPLOYEE: 'employees',
  ACCOUNT: 'accounts',
  APP: 'apps',
  BROWSER: 'browsers',
  BROWSER_EXTENSION: 'browserExtensions',
  FINDING: 'findings',
  DETECTION: 'detections',
  EVENT: 'events',
} as const satisfies Readonly<Record<EntityType, CollectionName | 'events'>>

/**
 * Whether an object is named by `a` rather than by `b`.
 * @throws BadInputError where it is named by both, or by neither.
 */
export const exactlyOne = <T extends object>(
  args: T,
  a: keyof T & string,
  b: keyof T & string,
): boolean => {
  const given = (name: keyof T): boolean => args[name] !== undefined && args[name] !== null
  if (given(a) === given(b)) throw new BadInputError(`Give exactly one of "${a}" and "${b}"`, a)
  return given(a)
}
