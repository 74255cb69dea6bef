/** What happened to an object, or around a value, in the order of time. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Resolvers, ResolversParentTypes } from '../../generated/resolvers.ts'
import {
  aliasOf,
  type ListPage,
  type ObjectTimeline,
  type ObjectTimelineItem,
  type ObjectTimelineTerms,
} from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
import { valueTimelineArguments } from '../analysis/arguments.ts'
import type { Context } from '../context.ts'
import type { ObjectParent } from '../parents.ts'
import { withRedacted } from '../personal/guard.ts'
import { asOf, pageInfo } from './pages.ts'
import { withPath } from './path.ts'
import { sentenceOf, sentenceWithoutPersons } from './timeline-text.ts'

/** What happened to an object of that collection. */
export const timelineOfRow =
  (name: CollectionName) =>
  (
    { connector, row }: ObjectParent<CollectionName>,
    terms: ObjectTimelineTerms,
    context: Context,
    info: GraphQLResolveInfo,
  ) =>
    context.loaders.timelineOf(connector, name, row, withPath(terms, context, info))

const ofPage =
  <T>(read: (page: ListPage<ObjectTimelineItem>) => T) =>
  async (timeline: ObjectTimeline): Promise<T> =>
    read(await timeline.page())

/** What it is about, with what tells of which type that is. */
const objectOf = (item: ObjectTimelineItem): ResolversParentTypes['Entity'] => {
  if (item.kind === 'EVENT') return { ...item.item, collection: 'events' } as Entity
  const { connector, collection, row } = item.kind === 'CHANGE' ? item.object : item
  return { connector, collection, row } as Entity
}

type Entity = ResolversParentTypes['Entity']

export const timeline = {
  Query: {
    timeline: (_root, args, context, info) =>
      context.loaders.timelineAround(
        args.connectors,
        withPath(valueTimelineArguments(args), context, info),
      ),
  },
  TimelineConnection: {
    nodes: ofPage(page => [...page.take()]),
    edges: ofPage(page => page.take().map(node => ({ node, cursor: page.cursor(node) }))),
    pageInfo: ofPage(pageInfo),
    asOf: ofPage(asOf),
    complete: ofPage(({ complete }) => complete),
  },
  TimelineItem: {
    at: ({ at }) => at,
    kind: ({ kind }) => kind,
    text: withRedacted(sentenceOf, sentenceWithoutPersons),
    object: objectOf,
    event: item => (item.kind === 'EVENT' ? item.item : null),
    change: item => (item.kind === 'CHANGE' ? item.item : null),
    detectionEvent: item =>
      item.kind === 'DETECTION_EVENT'
        ? { connector: item.connector, row: item.detectionEvent }
        : null,
    connectorAlias: ({ connector }) => aliasOf(connector),
    connector: ({ connector }, _args, { loaders }) => loaders.connector(aliasOf(connector)),
  },
} satisfies Resolvers
