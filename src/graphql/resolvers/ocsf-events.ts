/** Objects and webhook events as events of OCSF, in the order of time. */
import type { Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import type { ListPage, TimelineItem } from '../../loaders/loaders.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import { defaultVersion, type ObjectName, type OcsfVersion } from '../../ocsf/ocsf.ts'
import type { Work } from '../../work/work.ts'
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

/** About what it takes to project an object. */
const EVENT_NS = 8_000

/** What is made of each item of the page, in slices. */
const eachOf = <T>(
  page: ListPage<TimelineItem>,
  make: (item: TimelineItem) => Maybe<T>,
  { work }: Context,
): Maybe<T[]> => andThen(work.run(makeEach(page.take(), make, work)), made => allOf(made))

function* makeEach<T>(
  items: readonly TimelineItem[],
  make: (item: TimelineItem) => Maybe<T>,
  work: Work,
): Generator<void, readonly Maybe<T>[]> {
  const made: Maybe<T>[] = []
  for (const item of items) {
    if (!work.spend(EVENT_NS)) yield
    const value = make(item)
    // One that fails is told of with all of them.
    if (value instanceof Promise) value.catch(() => undefined)
    made.push(value)
  }
  return made
}

const ofPage =
  <T>(
    read: (
      page: ListPage<TimelineItem>,
      connection: OcsfEventConnectionParent,
      context: Context,
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
    nodes: ofPage((page, connection, context) =>
      eachOf(page, item => eventOf(item, connection, context), context),
    ),
    edges: ofPage((page, connection, context) =>
      eachOf(
        page,
        item =>
          andThen(eventOf(item, connection, context), node => ({
            node,
            cursor: page.cursor(item),
          })),
        context,
      ),
    ),
    pageInfo: ofPage(pageInfo),
    asOf: ofPage(asOf),
    complete: ofPage(({ complete }) => complete),
  },
} satisfies Resolvers
