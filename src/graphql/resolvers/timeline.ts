/** What happened to an object, in the order of time. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Resolvers } from '../../generated/resolvers.ts'
import {
  aliasOf,
  type ListPage,
  type ObjectTimeline,
  type ObjectTimelineItem,
  type ObjectTimelineTerms,
} from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
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

export const timeline = {
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
    event: ({ kind, item }) => (kind === 'EVENT' ? item : null),
    change: ({ kind, item }) => (kind === 'CHANGE' ? item : null),
    connectorAlias: ({ connector }) => aliasOf(connector),
    connector: ({ connector }, _args, { loaders }) => loaders.connector(aliasOf(connector)),
  },
} satisfies Resolvers
