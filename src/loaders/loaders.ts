/**
 * What the resolvers ask: one object by id, one parent's rows, a list, a search. Made anew for every operation.
 */
import { BadInputError } from '../errors.ts'
import type { Reader, ConnectorReaders } from '../query/reading/reader.ts'
import type { Operation } from '../query/operation/operation.ts'
import type { TimelineArguments } from '../query/ocsf-list/arguments.ts'
import { createTimeline, type Timeline } from '../query/ocsf-list/timeline.ts'
import { createSearch, type Search, type SearchArguments } from '../query/search/search.ts'
import { allRights, type Rights } from '../model/rights.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { Batches } from './batches.ts'
import {
  type ConnectorLoaders,
  type ConnectorNames,
  createConnectorLoaders,
  createConnectors,
} from './connectors.ts'
import { createListLoaders, createScopeOf, type ListLoaders } from './lists.ts'
import { createReferenceLoaders, type ReferenceLoaders } from './references.ts'
import { createRowLoaders, type RowLoaders } from './rows.ts'
import { createStoredLoaders, emptySource, type StoredLoaders } from './stored.ts'
import { createTimelineLoaders, type TimelineLoaders } from './timelines.ts'
import { createWriteTargets, type WriteTargets } from './write-target.ts'

export type { FoundObject } from './found.ts'
export type { AnyNeed, LookedAt, Need } from '../query/planning/need.ts'
export type { ListConnection } from '../query/list/connection.ts'
export type { ListItem, ListPage } from '../query/list/page.ts'
export type { ListTerms } from '../query/list/read-arguments.ts'
export type { Summary } from '../query/operation/summary.ts'
export type { AnswerValidity } from '../query/operation/answer-validity.ts'
export type { RowTexts } from '../query/reading/reader.ts'
export type { PlanReport } from '../query/planning/report.ts'
export type { Hit, Search, SearchArguments } from '../query/search/search.ts'
export { aliasOf } from '../query/operation/place.ts'
export { checkGroups, type Group } from '../query/list/groups.ts'
export { searchesPersons } from '../query/search/arguments.ts'
export { searchNeeds } from '../query/search/search.ts'
export { timelineNeeds } from '../query/ocsf-list/needs.ts'
export type { Timeline } from '../query/ocsf-list/timeline.ts'
export type { TimelineArguments } from '../query/ocsf-list/arguments.ts'
export type { TimelineItem, TimelineName } from '../query/ocsf-list/item.ts'
export type { CollectionView, ConnectorView } from '../query/connector-view.ts'

export { checkObjectTimeline, type ObjectTimelineTerms } from '../query/timeline/arguments.ts'
export {
  asksForStored,
  kindsAsked,
  type TimelineKindName,
  timesAround,
} from '../query/timeline/kinds.ts'
export { objectTimelineNeeds, valueTimelineNeeds } from '../query/timeline/needs.ts'
export type { ObjectTimeline } from '../query/timeline/object-timeline.ts'
export type { ObjectTimelineItem } from '../query/timeline/item.ts'
export type { ValueTimelineTerms } from '../query/timeline/timelines.ts'
export type { ChangesTerms } from '../query/stored/changes.ts'
export { FollowedFilter, type StreamedList } from '../query/stored/followed-filter.ts'
export type { Streamed } from '../query/stored/stream.ts'
export type { GivenPlace } from '../query/stored/resume.ts'
export { placeCursor, readPlaceCursor } from '../query/stored/place-cursor.ts'
export type { StoredConnection, StoredItem, StoredSource } from '../query/stored/list.ts'

export interface Loaders
  extends
    RowLoaders,
    ListLoaders,
    StoredLoaders,
    TimelineLoaders,
    ReferenceLoaders,
    ConnectorLoaders,
    WriteTargets {
  /**
   * One value looked for in all collections of those connectors, and in the stored events where the caller may see them.
   * @throws BadInputError at once when the arguments cannot be used.
   */
  search(connectors: ConnectorNames, args: SearchArguments): Search
  /**
   * The objects of several collections, and the events where the caller may see them, in the order of time.
   * @throws BadInputError at once when the arguments cannot be used.
   */
  timeline(connectors: ConnectorNames, args: TimelineArguments): Timeline
  /**
   * The loaders of what was known at that moment (UNIX seconds). What they give has come from a place of then, and whoever
   * is asked for more of such a place hands that on to them.
   * @throws BadInputError where the moment is still to come, or one too many for one operation
   */
  at(seconds: number): Loaders
}

/** `source`: the stored lists, asked on the terms of the operation. */
export const createLoaders = (
  readers: ConnectorReaders,
  operation: Operation,
  source: StoredSource = emptySource,
  rights: Rights = allRights,
  at: Loaders['at'] = withoutPast,
): Loaders => {
  const seesEvents = rights.scopes.has('events')
  const stored = seesEvents ? source : emptySource
  const connectors = createConnectors(readers)
  const { readersOf } = connectors
  const batches = new Batches(operation.work)
  const rows = createRowLoaders(connectors, batches, operation)
  const scopeOf = createScopeOf(connectors, batches)
  /** Where what is stored would be among what was asked for, it is left out: which the caller is told. */
  const tellLeftOut = (aliases: readonly string[]): void => {
    if (seesEvents) return
    for (const connector of aliases) operation.warn({ ...leftOut, connector, collection: null })
  }
  const tellOfEvents = (asked: readonly Reader[], types: SearchArguments['types']): void => {
    if (types?.includes('events') !== false) tellLeftOut(asked.map(({ alias }) => alias))
  }
  return {
    ...rows,
    ...createListLoaders(connectors, scopeOf, rows.row, operation),
    ...createStoredLoaders(connectors, batches, stored, operation, rights),
    ...createTimelineLoaders({
      ...connectors,
      ...rows,
      scopeOf,
      seesStored: seesEvents,
      tellLeftOut,
      operation,
      source: stored,
    }),
    ...createReferenceLoaders(readers, batches, rows.row),
    ...createConnectorLoaders(connectors),
    ...createWriteTargets(connectors, batches, operation),
    search: (names, args) => {
      const asked = readersOf(names)
      tellOfEvents(asked, args.types)
      return createSearch(args, asked, operation, stored)
    },
    timeline: (names, args) => {
      const asked = readersOf(names)
      tellOfEvents(asked, args.types)
      return createTimeline(args, asked, stored, operation)
    },
    at,
  }
}

const withoutPast = (): never => {
  throw new BadInputError('Nothing is known here of the past', 'at')
}

const leftOut = {
  code: 'FORBIDDEN',
  message: 'The stored events are left out, which need the scope "events"',
}
