/** The two timelines that can be asked for: that of an object, and that around a value. */
import { listKey } from '../list/cursor.ts'
import { readRange } from '../list/range.ts'
import type { Reader } from '../reading/reader.ts'
import type { StoredSource } from '../stored/list.ts'
import { checkTimes, type ObjectTimelineTerms, termsKey, timelineCursors } from './arguments.ts'
import { readObjectContent, type TimelineReading } from './content.ts'
import type { TimelineObject } from './item.ts'
import type { TimelineKindName } from './kinds.ts'
import { createTimelinePages, type ObjectTimeline } from './object-timeline.ts'
import { readValueContent, searchOf } from './value-content.ts'

/**
 * The timeline of that object, of which the caller may see those kinds.
 * @throws BadInputError at once when the terms cannot be used
 */
export const createObjectTimeline = (
  own: TimelineObject,
  terms: ObjectTimelineTerms,
  asked: ReadonlySet<TimelineKindName>,
  source: StoredSource,
  reading: TimelineReading,
): ObjectTimeline => {
  checkTimes(terms)
  const { connector, collection, row } = own
  const key = listKey(['timeline of', connector, collection, row.id, ...termsKey(terms)])
  return createTimelinePages({
    terms,
    asked,
    range: readRange(terms, timelineCursors(key)),
    read: () => readObjectContent(own, asked, reading),
    source,
    operation: reading.operation,
  })
}

export interface ValueTimelineTerms extends ObjectTimelineTerms {
  /** As it was pasted. */
  readonly value: string
}

/**
 * The timeline around that value, in those connectors, of which the caller may see those kinds.
 * @throws BadInputError at once when the terms cannot be used
 */
export const createValueTimeline = (
  terms: ValueTimelineTerms,
  asked: ReadonlySet<TimelineKindName>,
  readers: readonly Reader[],
  source: StoredSource,
  reading: TimelineReading,
): ObjectTimeline => {
  checkTimes(terms)
  const query = searchOf(terms.value, terms.kinds, asked)
  const aliases = readers.map(({ alias }) => alias)
  const key = listKey(['timeline around', query.value, ...termsKey(terms), aliases])
  return createTimelinePages({
    terms,
    asked,
    range: readRange(terms, timelineCursors(key)),
    read: () => readValueContent(query, asked, readers, source, reading),
    source,
    operation: reading.operation,
  })
}
