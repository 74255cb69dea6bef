/** What the walk through an unsorted list has brought so far, and the page that it makes. */
import type { Row } from '../../model/rows.ts'
import type { WalkCursor } from './cursor.ts'
import { type ListItem, ListPage } from './page.ts'
import type { PageRange } from './range.ts'
import type { ListQuery } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import type { Gap } from '../../paging/gap.ts'
import type { Reader } from '../reading/reader.ts'

/** How the walk through one connector ended: the page is full, the connector is through, or a budget ran out. */
export type WalkOutcome = 'full' | 'exhausted' | 'stopped'

export interface PageBuilder {
  readonly query: ListQuery
  readonly range: PageRange
  readonly operation: Operation
  /** Rows taken so far. */
  size(): number
  isFull(): boolean
  /**
   * Takes the next row if it passes. False for a row that passes when the page is full: it only shows that more follow.
   * `position` is asked only for rows whose cursor is.
   */
  add(connector: string, row: Row, passes: boolean, position: () => WalkCursor): boolean
  /** What the page rests on is no older than this (milliseconds). */
  seen(asOf: number): void
  /** Rows are missing from the page. */
  incomplete(): void
  /** The page; `more` where rows may follow it. */
  page(more: boolean): ListPage
}

export const createPageBuilder = (
  query: ListQuery,
  range: PageRange,
  operation: Operation,
): PageBuilder => {
  const items: ListItem[] = []
  /** Of each item, found by the item itself only where its cursor is asked for. */
  const positions: (() => WalkCursor)[] = []
  let indexes: Map<ListItem, number> | undefined
  let last: (() => WalkCursor) | undefined
  let asOf: number | null = null
  let complete = true

  const cursor = (item: ListItem): string => {
    indexes ??= new Map(items.map((of, index) => [of, index]))
    const position = positions[indexes.get(item) ?? -1]
    if (position === undefined) throw new Error('an item of another page')
    return range.write(position())
  }

  return {
    query,
    range,
    operation,
    size: () => items.length,
    isFull: () => items.length === range.size,
    add: (connector, row, passes, position) => {
      if (passes && items.length === range.size) return false
      last = position
      if (passes) {
        items.push({ connector, row })
        positions.push(position)
      }
      return true
    },
    seen: at => {
      asOf = Math.min(asOf ?? at, at)
    },
    incomplete: () => {
      complete = false
    },
    page: more => {
      if (asOf !== null) operation.served(asOf, false)
      const { after } = range
      // Where a budget ran out before the first row, the position to go on from is still the same.
      const end = last ?? (more && after !== undefined ? () => after : undefined)
      return new ListPage({
        items,
        operation,
        path: query.path,
        hasNextPage: more,
        hasPreviousPage: after !== undefined,
        cursor,
        end: () => (end === undefined ? null : range.write(end())),
        asOf,
        complete,
      })
    },
  }
}

/** Rows may be missing from the list for those reasons. */
export const noteGaps = (builder: PageBuilder, reader: Reader, gaps: readonly Gap[]): void => {
  if (gaps.length === 0) return
  builder.incomplete()
  reader.noteGaps(builder.query.collection, gaps)
}

/** What an operation has no more of. */
export type Lack = 'requests (PUSHGRAPH_MAX_REQUESTS)' | 'time (PUSHGRAPH_MAX_WAIT_MS)'

/** Ends a walk for which the operation has no more requests or time. */
export const stop = (builder: PageBuilder, connector: string, lack: Lack): WalkOutcome => {
  const { query, operation } = builder
  builder.incomplete()
  operation.incomplete({
    code: 'BUDGET_EXCEEDED',
    message: `The list stopped when the operation ran out of ${lack}; go on from endCursor`,
    connector,
    collection: query.collection,
  })
  return 'stopped'
}
