/** Objects and webhook events as events of OCSF, in the order of time. */
import type { Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import type { ListPage, Loaders, TimelineItem } from '../../loaders/loaders.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import { defaultVersion, type ObjectName, type OcsfVersion } from '../../ocsf/ocsf.ts'
import type { Context } from '../context.ts'
import { toEvent, toEventOfWebhook } from './ocsf-objects.ts'
import type { OcsfEventConnectionParent } from '../parents.ts'
import { asOf, pageInfo } from './pages.ts'
import { timelineArguments } from '../analysis/arguments.ts'

type Event = ResolversParentTypes['OcsfEvent']

const eventOf = (
  item: TimelineItem,
  { version, withRawData }: OcsfEventConnectionParent,
  loaders: Loaders,
): Maybe<Event> => {
  if (item.collection === 'events') return toEventOfWebhook(item, version, loaders, withRawData)
  const { collection, readAt, ...object } = item
  return toEvent<ObjectName>(collection, object, version, loaders, readAt)
}

const ofPage =
  <T>(
    read: (
      page: ListPage<TimelineItem>,
      connection: OcsfEventConnectionParent,
      loaders: Loaders,
    ) => Maybe<T>,
  ) =>
  (connection: OcsfEventConnectionParent, _args: unknown, { loaders }: Context): Maybe<T> =>
    andThen(connection.timeline.page(), page => read(page, connection, loaders))

export const ocsfEvents = {
  Query: {
    ocsfEvents: (_root, args, { loaders }) => ({
      timeline: loaders.timeline(args.connectors, timelineArguments(args)),
      // In resolvers a version goes by its own name.
      version: (args.version ?? defaultVersion) as OcsfVersion,
      withRawData: args.rawData === true,
    }),
  },
  OcsfEventConnection: {
    nodes: ofPage((page, connection, loaders) =>
      allOf(page.take().map(item => eventOf(item, connection, loaders))),
    ),
    edges: ofPage((page, connection, loaders) =>
      allOf(
        page.take().map(item =>
          andThen(eventOf(item, connection, loaders), node => ({
            node,
            cursor: page.cursor(item),
          })),
        ),
      ),
    ),
    pageInfo: ofPage(pageInfo),
    asOf: ofPage(asOf),
    complete: ofPage(({ complete }) => complete),
  },
} satisfies Resolvers
