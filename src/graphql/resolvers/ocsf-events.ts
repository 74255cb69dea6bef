/** Objects as events of OCSF, in the order of time. */
import type { Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import type { Loaders, TimelineItem, TimelinePage } from '../../loaders/loaders.ts'
import { all, andThen, type Maybe } from '../../model/maybe.ts'
import { newest, type ObjectName, type OcsfVersion } from '../../ocsf/ocsf.ts'
import type { Context } from '../context.ts'
import { type ToEvent, toEvent } from '../ocsf-objects.ts'
import type { OcsfEventConnectionParent } from '../parents.ts'
import { refuseEvents, timelineArguments } from '../timeline-arguments.ts'

type Event = ResolversParentTypes['OcsfEvent']

const eventOf = (
  { collection, readAt, ...object }: TimelineItem,
  version: OcsfVersion,
  loaders: Loaders,
): Maybe<Event> => {
  const of = toEvent[collection] as ToEvent<ObjectName>
  return of(object, version, loaders, readAt)
}

const ofPage =
  <T>(read: (page: TimelinePage, version: OcsfVersion, loaders: Loaders) => Maybe<T>) =>
  (
    { timeline, version }: OcsfEventConnectionParent,
    _args: unknown,
    { loaders }: Context,
  ): Maybe<T> =>
    andThen(timeline.page(), page => read(page, version, loaders))

export const ocsfEvents = {
  Query: {
    ocsfEvents: (_root, args, { loaders }) => {
      refuseEvents(args)
      return {
        timeline: loaders.timeline(args.connectors, timelineArguments(args)),
        // In resolvers a version goes by its own name.
        version: (args.version ?? newest) as OcsfVersion,
      }
    },
  },
  OcsfEventConnection: {
    nodes: ofPage((page, version, loaders) =>
      all(page.items.map(item => eventOf(item, version, loaders))),
    ),
    edges: ofPage((page, version, loaders) =>
      all(
        page.items.map(item =>
          andThen(eventOf(item, version, loaders), node => ({ node, cursor: page.cursor(item) })),
        ),
      ),
    ),
    pageInfo: ofPage(({ hasNextPage, hasPreviousPage, startCursor, endCursor }) => ({
      hasNextPage,
      hasPreviousPage,
      startCursor,
      endCursor,
    })),
    asOf: ofPage(({ asOf }) => (asOf === null ? null : Math.floor(asOf / 1_000))),
    complete: ofPage(({ complete }) => complete),
  },
} satisfies Resolvers
