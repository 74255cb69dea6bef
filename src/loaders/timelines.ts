/** What the resolvers ask of timelines: that of an object, and that around a value. */
import type { CollectionName, Row } from '../model/rows.ts'
import type { Operation } from '../query/operation/operation.ts'
import type { StoredSource } from '../query/stored/list.ts'
import type { ObjectTimelineTerms } from '../query/timeline/arguments.ts'
import type { TimelineReading } from '../query/timeline/content.ts'
import { asksForStored, kindsAsked, kindsOfRows } from '../query/timeline/kinds.ts'
import type { ObjectTimeline } from '../query/timeline/object-timeline.ts'
import {
  createObjectTimeline,
  createValueTimeline,
  type ValueTimelineTerms,
} from '../query/timeline/timelines.ts'
import type { ConnectorNames, Connectors } from './connectors.ts'
import type { ScopeOf } from './lists.ts'
import type { RowLoaders } from './rows.ts'

export interface TimelineLoaders {
  /** What happened to an object and around it. @throws BadInputError at once when the terms cannot be used */
  timelineOf(
    connector: string,
    collection: CollectionName,
    row: Row,
    terms: ObjectTimelineTerms,
  ): ObjectTimeline
  /** What happened around a value, in those connectors. @throws like `timelineOf` */
  timelineAround(connectors: ConnectorNames, terms: ValueTimelineTerms): ObjectTimeline
}

/** What timelines are made with. */
export interface TimelineParts
  extends Pick<Connectors, 'readerOf' | 'readersOf'>, Pick<RowLoaders, 'detailed' | 'readAt'> {
  readonly scopeOf: ScopeOf
  readonly source: StoredSource
  readonly operation: Operation
  /** Whether the caller may see what is stored. */
  readonly seesStored: boolean
  /** Told of which connectors what is stored was asked for. */
  readonly tellLeftOut: (connectors: readonly string[]) => void
}

export const createTimelineLoaders = (parts: TimelineParts): TimelineLoaders => {
  const { readersOf, detailed, source, seesStored, tellLeftOut } = parts
  const reading: TimelineReading = {
    ...parts,
    detailed: (connector, id) => detailed(connector, 'detections', id),
  }
  // Nothing is read for what is left out.
  const kindsSeen = seesStored ? kindsAsked : kindsOfRows
  return {
    timelineOf: (connector, collection, row, terms) => {
      if (asksForStored(terms.kinds)) tellLeftOut([connector])
      const own = { connector, collection, row }
      return createObjectTimeline(own, terms, kindsSeen(terms.kinds), source, reading)
    },
    timelineAround: (names, terms) => {
      const asked = readersOf(names)
      if (asksForStored(terms.kinds)) tellLeftOut(asked.map(({ alias }) => alias))
      return createValueTimeline(terms, kindsSeen(terms.kinds), asked, source, reading)
    },
  }
}
