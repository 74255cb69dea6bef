/**
 * The objects of several collections, and the webhook events, in the order of time. What has a time of its own is read
 * whole and sorted; what is only as new as its reading has one time for all, and comes in the order in which it is
 * read, page by page.
 */
import { andThen, type Maybe } from '../../model/maybe.ts'
import { ListPage } from '../list/page.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { StoredSource } from '../stored/list.ts'
import { readTimelineRange, type TimelineArguments, type TimelineRange } from './arguments.ts'
import type { SortKey, TimelineItem } from './item.ts'
import { readSegment, type SegmentRead } from './segment.ts'

export interface Timeline {
  /** @throws the first error where none of the collections can be read. */
  page(): Maybe<ListPage<TimelineItem>>
}

/** @throws BadInputError at once, before anything is read, when the arguments cannot be used. */
export const createTimeline = (
  args: TimelineArguments,
  readers: readonly Reader[],
  stored: StoredSource,
  operation: Operation,
): Timeline => {
  const range = readTimelineRange(args, readers, operation)
  let page: Maybe<ListPage<TimelineItem>> | undefined
  return { page: () => (page ??= readPage(range, readers, stored, operation)) }
}

const readPage = (
  range: TimelineRange,
  readers: readonly Reader[],
  stored: StoredSource,
  operation: Operation,
): Maybe<ListPage<TimelineItem>> => {
  const { segments, size, after, readAt } = range
  const items: TimelineItem[] = []
  const cursors = new Map<TimelineItem, () => string>()
  let asOf: number | null = null
  let complete = true
  let failure: Error | undefined
  let succeeded = false
  let end: (() => string) | undefined

  const finish = (more: boolean): ListPage<TimelineItem> => {
    if (failure !== undefined && !succeeded) throw failure
    return new ListPage({
      items,
      operation,
      hasNextPage: more,
      hasPreviousPage: after !== undefined,
      cursor: item => cursors.get(item)?.() ?? '',
      end: () => end?.() ?? null,
      asOf,
      complete,
    })
  }

  const take = (segment: number, read: SegmentRead): void => {
    // Written when somebody asks for it, as few do of each item.
    const cursorOf = (sortKey: () => SortKey) => (): string =>
      range.write({ readAt, segment, sortKey: sortKey() })
    for (const [item, sortKey] of read.items) {
      end = cursorOf(sortKey)
      items.push(item)
      cursors.set(item, end)
    }
    if (read.end !== undefined) end = cursorOf(read.end)
    if (read.asOf !== null) asOf = Math.min(asOf ?? read.asOf, read.asOf)
    complete &&= read.complete
    if (read.failure === undefined) succeeded = true
    else failure ??= read.failure
  }

  const goOn = (index: number): Maybe<ListPage<TimelineItem>> => {
    const segment = segments[index]
    if (segment === undefined) return finish(false)
    const left = size - items.length
    // That the segments to come are empty can only be known by reading them.
    if (left === 0) return finish(true)
    const from = index === after?.segment ? after.sortKey : undefined
    const filters = range.filtersOf(segment)
    const query = { segment, filters, after: from, left, readAt }
    return andThen(readSegment(query, readers, stored, operation), read => {
      take(index, read)
      return read.more ? finish(true) : goOn(index + 1)
    })
  }
  return goOn(after?.segment ?? 0)
}
