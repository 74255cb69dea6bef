/** Events as they arrive and as they arrived: the filter of a subscription, on one event and on the stored ones. */
import type { AsyncReading } from '../../events/events.ts'
import type { EventRow } from '../../model/events.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { ChangeRow } from '../../model/row-changes.ts'
import type { Row } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { FollowedFilter } from './followed-filter.ts'
import { readByType } from '../reading/by-type.ts'
import { readRelated } from '../reading/read-related.ts'
import { selectionsOf } from './links.ts'
import type { StoredItem } from './list.ts'
import { surroundingsOf } from '../reading/related-rows.ts'

/**
 * Whether the event passes the filter of a subscription; what lies behind its links is read where it is not known.
 * @throws BadInputError with the path of what cannot be asked.
 */
export const passesLive = (
  followed: FollowedFilter,
  event: EventRow,
  reader: Reader,
  operation: Operation,
): Maybe<boolean> => {
  const { filter, related, test } = followed.at(() => operation.now())
  if (filter.kind === 'all') return true
  const { appId, appType } = event
  const isNamed = appId === null && appType !== null && related.includes('apps')
  return andThen(isNamed ? readByType([appType], reader) : [], ([app]) => {
    const linked = app ? { ...event, appId: app.id } : event
    // Only the links of a row are looked at, which an event has like any other.
    const rows = [linked as unknown as Row]
    return andThen(readRelated(filter, rows, reader), () =>
      test(reader.alias, () => surroundingsOf(reader, related))(linked),
    )
  })
}

/** Whether the change passes the filter of a subscription. @throws BadInputError with the path of what cannot be asked. */
export const passesLiveChange = (
  followed: FollowedFilter,
  change: ChangeRow,
  reader: Reader,
  operation: Operation,
): boolean => {
  const { related, test } = followed.at(() => operation.now())
  return test(reader.alias, () => surroundingsOf(reader, related))(change)
}

/** What passes of the list and was stored after that sequence, in the order of arrival, `limit` rows at most. */
export const replay = async <Name extends 'events' | 'changes'>(
  list: Name,
  followed: FollowedFilter,
  after: number,
  limit: number,
  readers: readonly Reader[],
  source: Pick<AsyncReading, 'page' | 'groups'>,
  operation: Operation,
): Promise<readonly StoredItem<Name>[]> => {
  const { filter } = followed.at(() => operation.now())
  const found = await source.page({
    list,
    parts: await selectionsOf(list, filter, readers, source),
    ordering: 'arrival',
    from: { keys: [], sequence: after },
    until: undefined,
    backward: false,
    limit,
  })
  return found as readonly StoredItem<Name>[]
}
