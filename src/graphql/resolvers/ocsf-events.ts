/** Objects and webhook events as events of OCSF, in the order of time. */
import type { Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import type { ListPage, TimelineItem } from '../../loaders/loaders.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import { defaultVersion, type ObjectName, type OcsfVersion } from '../../ocsf/ocsf.ts'
import type { Context } from '../context.ts'
import { type Asking, toEvent, toEventOfWebhook } from './ocsf-objects.ts'
import type { OcsfEventConnectionParent } from '../parents.ts'
import { asOf, pageInfo } from './pages.ts'
import { timelineArguments } from '../analysis/arguments.ts'

type Event = ResolversParentTypes['OcsfEvent']

const eventOf = (
  item: TimelineItem,
  { version, withRawData }: OcsfEventConnectionParent,
  asking: Asking,
): Maybe<Event> => {
  if (item.collection === 'events') return toEventOfWebhook(item, version, asking, withRawData)
  const { collection, readAt, ...object } = item
  return toEvent<ObjectName>(collection, object, version, asking, readAt)
}

const ofPage =
  <T>(
    read: (
      page: ListPage<TimelineItem>,
      connection: OcsfEventConnectionParent,
      asking: Asking,
    ) => Maybe<T>,
  ) =>
  (connection: OcsfEventConnectionParent, _args: unknown, context: Context): Maybe<T> =>
    andThen(connection.timeline.page(), page => read(page, connection, context))

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
    nodes: ofPage((page, connection, asking) =>
      allOf(page.take().map(item => eventOf(item, connection, asking))),
    ),
    edges: ofPage((page, connection, asking) =>
      allOf(
        page.take().map(item =>
          andThen(eventOf(item, connection, asking), node => ({
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
