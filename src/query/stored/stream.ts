/** Stored lists as they grow: what is given again from a place on, and what passes of what arrives. */
import type { EventPlace, EventRow } from '../../model/events.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { StoredChange } from '../../model/row-changes.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { StoredSource } from './list.ts'
import type { FollowedFilter, StreamedList } from './followed-filter.ts'
import { passesLive, passesLiveChange, replay } from './live.ts'
import { type GivenPlace, resumeFrom, type StoredOrder } from './resume.ts'

/** A row of such a list: a place in the order, and of which connector it is. */
export interface Streamed extends EventPlace {
  readonly connector: string
}

/** A stored list in the order in which it grows. */
export interface StoredStream {
  /**
   * Whether the row, which the caller may see, passes the filter of a subscription.
   * @throws BadInputError with the path of what cannot be asked.
   */
  passes(filter: FollowedFilter, row: Streamed): Maybe<boolean>
  /** What passes and was stored after that sequence, in the order of arrival. */
  replay(
    filter: FollowedFilter,
    after: number,
    limit: number,
  ): Promise<readonly { readonly row: object }[]>
  /** The place right before the first that arrived at or after that time (UNIX seconds). */
  placeBefore(receivedAt: number): Promise<EventPlace>
  /** The place of the newest. */
  newestPlace(): Promise<EventPlace>
  /** @throws GatewayError where going on from there would leave some out. */
  resumeFrom(place: GivenPlace): Promise<EventPlace>
}

/** That list, of those connectors, for that operation. */
export const createStoredStream = (
  list: StreamedList,
  readers: readonly Reader[],
  source: StoredSource,
  operation: Operation,
): StoredStream => {
  const order = list === 'events' ? orderOfEvents(source) : orderOfChanges(source)
  const placeOf = async (sequence: number): Promise<EventPlace> => ({
    sequence,
    receivedAt: (await order.standing(sequence)).receivedAt ?? 0,
  })
  return {
    passes: (filter, row) => {
      const reader = readers.find(({ alias }) => alias === row.connector)
      if (reader === undefined) return false
      return list === 'events'
        ? passesLive(filter, row as EventRow, reader, operation)
        : passesLiveChange(filter, row as StoredChange, reader, operation)
    },
    replay: (filter, after, limit) =>
      replay(list, filter, after, limit, readers, source, operation),
    placeBefore: async at => placeOf(await order.before(at)),
    newestPlace: async () => placeOf(await order.newest()),
    resumeFrom: place => resumeFrom(place, order),
  }
}

interface GrowingOrder extends StoredOrder {
  before(at: number): Promise<number>
  newest(): Promise<number>
}

const orderOfEvents = (source: StoredSource): GrowingOrder => ({
  identity: source.identity,
  standing: sequence => source.standing(sequence),
  before: at => source.sequenceBefore(at),
  newest: () => source.newest(),
})

const orderOfChanges = (source: StoredSource): GrowingOrder => ({
  what: 'change',
  identity: source.identity,
  standing: sequence => source.changeStanding(sequence),
  before: at => source.changeBefore(at),
  newest: () => source.newestChange(),
})
