/** What the timeline around a value is made from: the objects that a search finds, and the events that hold the value. */
import { BadInputError, GatewayError } from '../../errors.ts'
import type { ConnectorFilter } from '../../events/events.ts'
import { type Filter, or } from '../../filter/filter.ts'
import { collectionNames } from '../../model/collections.ts'
import type { Row } from '../../model/rows.ts'
import { oldest } from '../list/collect.ts'
import type { Reader } from '../reading/reader.ts'
import { readSearchQuery, type SearchQuery } from '../search/arguments.ts'
import { eventFields } from '../search/event-fields.ts'
import { type Hit, searchAll } from '../search/search.ts'
import { historyOf } from '../stored/history.ts'
import type { StoredSource } from '../stored/list.ts'
import { type TimelineReading, withDetectionEvents } from './content.ts'
import type { TimelineContent, TimelineObject } from './item.ts'
import { collectionsWith, kindsAsked, type TimelineKindName } from './kinds.ts'

/**
 * The search whose objects the timeline tells of, for those of the kinds that the caller may see. Events alone are those
 * of what holds the value itself: no link is followed for them.
 * @throws BadInputError where the value cannot be looked for
 */
export const searchOf = (
  value: string,
  kinds: readonly TimelineKindName[] | null | undefined,
  asked = kindsAsked(kinds),
): SearchQuery => {
  const types = collectionsWith(asked)
  const isNamed = kinds?.some(kind => kind === 'DETECTION' || kind === 'DETECTION_EVENT')
  const query = readSearchQuery({ value })
  return {
    ...query,
    types: asked.has('EVENT') ? new Set(collectionNames) : types,
    linked: types,
    // They are read apart, all of them. Whose address it was, they tell as well.
    events: false,
    fromEvents: true,
    typesNamed: isNamed === true,
  }
}

/** What holds the value, and what hangs on that. */
export const readValueContent = async (
  query: SearchQuery,
  asked: ReadonlySet<TimelineKindName>,
  readers: readonly Reader[],
  source: StoredSource,
  reading: TimelineReading,
): Promise<TimelineContent> => {
  if (asked.size === 0) return { objects: [], events: [], asOf: null, complete: true }
  const { hits, asOf, complete } = await search(query, asked, readers, source, reading)
  const wanted = collectionsWith(asked)
  const objects = hits.flatMap(({ connector, collection, row }): TimelineObject[] =>
    collection !== 'events' && wanted.has(collection)
      ? [{ connector, collection, row: row as Row }]
      : [],
  )
  const detailed = asked.has('DETECTION_EVENT')
    ? await withDetectionEvents(objects, reading)
    : { objects, asOf: null, complete: true }
  return {
    objects: detailed.objects,
    events: asked.has('EVENT') ? eventsOf(query, readers, hits) : [],
    asOf: oldest([asOf, detailed.asOf]),
    complete: complete && detailed.complete,
  }
}

/** Where nothing could be searched, the events that hold the value may still be known. */
const search = async (
  query: SearchQuery,
  asked: ReadonlySet<TimelineKindName>,
  readers: readonly Reader[],
  source: StoredSource,
  { operation }: TimelineReading,
): Promise<Pick<TimelineContent, 'asOf' | 'complete'> & { readonly hits: readonly Hit[] }> => {
  try {
    return await searchAll(query, readers, operation, source)
  } catch (error) {
    if (!asked.has('EVENT') || !(error instanceof GatewayError) || error instanceof BadInputError)
      throw error
    return { hits: [], asOf: null, complete: false }
  }
}

/**
 * The events that hold the value, or are about what holds it. The connectors where no object does are one part: of many
 * parts, all events of a time would be looked at.
 */
const eventsOf = (
  { kinds, value }: SearchQuery,
  readers: readonly Reader[],
  hits: readonly Hit[],
): readonly ConnectorFilter[] => {
  const direct = Map.groupBy(
    hits.filter(({ matchedOn }) => matchedOn.some(({ via }) => via === null)),
    ({ connector }) => connector,
  )
  const holding = (connectors: readonly string[]): readonly Filter[] =>
    eventFields
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ filter }) => filter(value, connectors))
  const others = readers.map(({ alias }) => alias).filter(alias => !direct.has(alias))
  return [
    ...(others.length === 0 ? [] : [{ connectors: others, filter: or(holding(others)) }]),
    ...[...direct].map(([alias, of]) => ({
      connectors: [alias],
      filter: or([...holding([alias]), ...about(of)]),
    })),
  ]
}

/** The events about those objects. */
const about = (hits: readonly Hit[]): readonly Filter[] =>
  [...Map.groupBy(hits, ({ collection }) => collection)].flatMap(([collection, of]) =>
    collection === 'events'
      ? []
      : [
          historyOf(
            collection,
            of.map(({ row }) => row as Row),
          ),
        ],
  )
