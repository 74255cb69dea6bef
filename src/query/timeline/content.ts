/** What the timeline of an object is made from: the object, and the rows around it. */
import { BadInputError } from '../../errors.ts'
import { everything } from '../../filter/filter.ts'
import { type Maybe, settled } from '../../model/maybe.ts'
import type { ToMany } from '../../model/relations.ts'
import type { CollectionName, Row, Rows } from '../../model/rows.ts'
import { collect, itemsOf, oldest } from '../list/collect.ts'
import type { ParentScope } from '../list/list-query.ts'
import { noteFailure } from '../operation/failure.ts'
import type { Operation } from '../operation/operation.ts'
import { momentOf } from '../operation/place.ts'
import type { Reader } from '../reading/reader.ts'
import { historyOf } from '../stored/history.ts'
import type { TimelineContent, TimelineObject } from './item.ts'
import {
  needsDetectionEvents,
  type Surrounding,
  listsAround,
  type TimelineKindName,
} from './kinds.ts'

/** How rows are read, in one batch with those of other objects. */
export interface TimelineReading {
  readonly operation: Operation
  readonly readerOf: (connector: string) => Reader
  /** The rows that the relation leads to from that row. */
  readonly scopeOf: (connector: string, relation: ToMany, row: Row) => ParentScope
  /** The detection with its events, which lists may leave out. */
  readonly detailed: (
    connector: string,
    id: string,
  ) => Maybe<{ readonly row: Rows['detections'] } | null>
  /** When the row was read, in milliseconds. */
  readonly readAt: (connector: string, collection: CollectionName, id: string) => number
}

/** The object itself is the first. */
export const readObjectContent = async (
  own: TimelineObject,
  asked: ReadonlySet<TimelineKindName>,
  reading: TimelineReading,
): Promise<TimelineContent> => {
  const { connector, collection, row } = own
  const self = { isNamed: false }
  const parts = await Promise.all([
    ...(collection === 'detections' && needsDetectionEvents(asked, self)
      ? [withDetectionEvents([own], reading)]
      : [{ objects: [own], asOf: null, complete: true }]),
    ...listsAround(collection, asked).map(surrounding =>
      readSurrounding(own, surrounding, asked, reading),
    ),
  ])
  const objects = parts.flatMap(({ objects: some }) => some)
  return {
    objects,
    ...(objects[0] === undefined ? {} : { own: objects[0] }),
    events: [{ connectors: [connector], filter: historyOf(collection, [row]) }],
    asOf: oldest(parts.map(({ asOf }) => asOf)),
    complete: parts.every(({ complete }) => complete),
  }
}

/** Objects that were read. */
export type ReadObjects = Pick<TimelineContent, 'objects' | 'asOf' | 'complete'>

const readSurrounding = async (
  { connector, collection: of, row: parent }: TimelineObject,
  surrounding: Surrounding,
  asked: ReadonlySet<TimelineKindName>,
  reading: TimelineReading,
): Promise<ReadObjects> => {
  const { relation, isNamed } = surrounding
  const collection = relation.to
  const answer = await settled(() => {
    const scope = reading.scopeOf(connector, relation, parent)
    const query = { collection, filter: everything, scope }
    return collect(query, [reading.readerOf(connector)], reading.operation)
  })
  if ('failure' in answer) {
    if (answer.failure instanceof BadInputError) throw answer.failure
    noteFailure(collection, connector, answer.failure, reading.operation)
    return { objects: [], asOf: null, complete: false }
  }
  const { asOf, complete } = answer.value
  const found = Array.from(itemsOf(answer.value), ({ row }): TimelineObject => {
    const object = { connector, collection, row }
    return isNamed && of === 'accounts' ? { ...object, namingAccount: parent.id } : object
  })
  if (collection !== 'detections' || !needsDetectionEvents(asked, surrounding))
    return { objects: found, asOf, complete }
  const detailed = await withDetectionEvents(found, reading)
  return {
    objects: detailed.objects.filter(
      ({ namingAccount, row }) => namingAccount === undefined || names(row, namingAccount),
    ),
    asOf: oldest([asOf, detailed.asOf]),
    complete: complete && detailed.complete,
  }
}

const names = (row: Row, account: string): boolean =>
  'events' in row && row.events?.some(({ accountId }) => accountId === account) === true

/** The same objects, detections with their events: what of those cannot be had, the operation notes. */
export const withDetectionEvents = async (
  objects: readonly TimelineObject[],
  { operation, detailed, readAt }: TimelineReading,
): Promise<ReadObjects> => {
  let complete = true
  let asOf: number | null = null
  const read = await Promise.all(
    objects.map(async object => {
      const { connector, collection, row } = object
      if (!('events' in row) || row.events !== null) return object
      const answer = await settled(() => detailed(connector, row.id))
      if ('failure' in answer) {
        noteFailure(collection, connector, answer.failure, operation)
        complete = false
        return object
      }
      const known = answer.value?.row ?? row
      if (known.events === null) {
        complete = false
        // Of a moment of the past whoever read it has said so.
        if (momentOf(connector) === undefined)
          operation.incomplete({
            code: 'UPSTREAM_UNAVAILABLE',
            message:
              'Of some detections the events are not known: the list leaves them out, and the API does not give single detections',
            connector,
            collection,
          })
      }
      asOf = oldest([asOf, readAt(connector, collection, row.id)])
      return { ...object, row: known }
    }),
  )
  return { objects: read, asOf, complete }
}
