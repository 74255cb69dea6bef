/** The events of a timeline: the file has them in the order of time, and gives no more than are wanted. */
import { and, type Filter } from '../../filter/filter.ts'
import { filterKey } from '../../filter/filter-key.ts'
import { readFilter } from '../../filter/read-filter.ts'
import { withPayload } from '../../model/events.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { selectionsOf } from '../stored/links.ts'
import type { StoredItem, StoredSource } from '../stored/list.ts'
import { Moment } from '../list/read-arguments.ts'
import type { Entry, SortKey } from './item.ts'

/** A stretch of time, in UNIX seconds. */
export type Span = Readonly<Partial<Record<'gte' | 'gt' | 'lt' | 'lte', number>>>

/** The filter of events, as GraphQL coerced it, and the stretch in which they happened. */
export interface EventsFilter {
  readonly own: unknown
  readonly span: Span
}

/** @throws BadInputError with the path of what cannot be asked. */
export const eventsKey = (own: unknown, operation: Operation): string =>
  filterKey(read(own, operation))

const read = (own: unknown, operation: Operation): Filter =>
  readFilter('events', own ?? undefined, new Moment(operation))

export interface EventsQuery {
  readonly filter: unknown
  /** Of events among what stands in the same stretch. */
  readonly order: number
  readonly place: SortKey | undefined
  /** Wanted at most. */
  readonly left: number
}

/** The next events behind the place: as many as may be wanted, and one more where there is one. */
export const readWebhookEvents = async (
  { filter, order, place, left }: EventsQuery,
  readers: readonly Reader[],
  source: StoredSource,
  operation: Operation,
): Promise<readonly Entry[]> => {
  const { own, span } = filter as EventsFilter
  const bounds = Object.entries(span).map(([op, value]): Filter => ({
    kind: 'compare',
    field: 'happenedAt',
    op: op as keyof Span,
    value,
  }))
  const found = await source.page({
    list: 'events',
    parts: await selectionsOf('events', and([read(own, operation), ...bounds]), readers, source),
    ordering: [{ field: 'happenedAt', direction: 'ASC' }],
    from: place && placeOf(place, order),
    until: undefined,
    backward: false,
    limit: left + 1,
  })
  return (found as readonly StoredItem<'events'>[]).map(({ place, connector, row }) => ({
    time: Number(place.keys[0]),
    order,
    key: keyOf(row.sequence),
    item: withPayload({ collection: 'events' as const, connector, row }),
  }))
}

/** Where events go on that have come as far as the place. */
const placeOf = ({ keys, id }: SortKey, order: number) => {
  const [time, last] = [Number(keys[0]), Number(keys[1])]
  // At the same moment, what stands before events leaves all of them to come, and what stands behind them none.
  const sequence = last < order ? 0 : last > order ? Number.MAX_SAFE_INTEGER : Number(id)
  return { keys: [time], sequence }
}

/** The number as a text that has its place among the others. */
const keyOf = (sequence: number): string => String(sequence).padStart(16, '0')
