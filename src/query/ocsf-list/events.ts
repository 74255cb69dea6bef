/** The events of a timeline: the file has them in the order of time, and gives no more than are wanted. */
import type { Filter } from '../../filter/filter.ts'
import type { EventSortKey } from '../../events/events.ts'
import { withPayload } from '../../model/events.ts'
import type { Reader } from '../reading/reader.ts'
import type { Work } from '../../work/work.ts'
import { selectionsOf } from '../stored/links.ts'
import type { StoredItem, StoredSource } from '../stored/list.ts'
import type { Entry, SortKey } from './item.ts'

export interface EventsQuery {
  /** With the times between which they happened. */
  readonly filter: Filter
  /** Of events among the collections of the same segment. */
  readonly order: number
  readonly after: SortKey | undefined
  /** Wanted at most. */
  readonly left: number
}

/** The next events after that key: as many as may be wanted, and one more where there is one. */
export const readWebhookEvents = async (
  { filter, order, after, left }: EventsQuery,
  readers: readonly Reader[],
  source: StoredSource,
  work: Work,
): Promise<readonly Entry[]> => {
  const found = await source.page({
    list: 'events',
    parts: await selectionsOf('events', filter, readers, source),
    ordering: [{ field: 'happenedAt', direction: 'ASC' }],
    from: after && eventKeyOf(after, order),
    until: undefined,
    backward: false,
    limit: left + 1,
  })
  return work.run(entriesOf(found as readonly StoredItem<'events'>[], order, work))
}

/** About what it takes to make one. */
const ENTRY_NS = 1_500

function* entriesOf(
  found: readonly StoredItem<'events'>[],
  order: number,
  work: Work,
): Generator<void, readonly Entry[]> {
  const entries: Entry[] = []
  for (const { place, connector, row } of found) {
    if (!work.spend(ENTRY_NS)) yield
    entries.push({
      time: Number(place.keys[0]),
      order,
      key: keyOf(row.sequence),
      item: withPayload({ collection: 'events' as const, connector, row }),
    })
  }
  return entries
}

/** The key of the file after which events go on that have come as far as that of the timeline. */
const eventKeyOf = ({ keys, id }: SortKey, order: number): EventSortKey => {
  const [time, last] = [Number(keys[0]), Number(keys[1])]
  // At the same time, a collection that sorts before events leaves all of them to come, and one behind them none.
  const sequence = last < order ? 0 : last > order ? Number.MAX_SAFE_INTEGER : Number(id)
  return { keys: [time], sequence }
}

/** The number as a text that sorts as the number does. */
const keyOf = (sequence: number): string => String(sequence).padStart(16, '0')
