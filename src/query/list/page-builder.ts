/** What the walk through an unsorted list has brought so far, and the page that it makes. */
import type { Row } from '../../model/rows.ts'
import type { WalkCursor } from './cursor.ts'
import type { PageRange } from './range.ts'
import type { ListPage } from './page.ts'
import type { ListItem } from './page.ts'
import type { ListQuery } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import { createPage } from './page.ts'

/** How the walk through one connector ended: the page is full, the connector is through, or a budget ran out. */
export type WalkOutcome = 'full' | 'exhausted' | 'stopped'

export interface PageBuilder {
  readonly question: ListQuery
  readonly range: PageRange
  readonly operation: Operation
  /** Rows taken so far. */
  size(): number
  isFull(): boolean
  /**
   * Looks at one row in its turn. False for a row that passes when the page is full: it only shows that more follow.
   * `place` is asked only for rows whose cursor is.
   */
  add(connector: string, row: Row, passes: boolean, place: () => WalkCursor): boolean
  /** What the page rests on is no older than this (milliseconds). */
  seen(asOf: number): void
  /** Rows are missing from the page. */
  incomplete(): void
  /** The page; `more` where rows may follow it. */
  page(more: boolean): ListPage
}

export const createPageBuilder = (
  question: ListQuery,
  range: PageRange,
  operation: Operation,
): PageBuilder => {
  const items: ListItem[] = []
  /** Of each item the place, found by the item itself only where its cursor is asked for. */
  const places: (() => WalkCursor)[] = []
  let indexes: Map<ListItem, number> | undefined
  let last: (() => WalkCursor) | undefined
  let asOf: number | null = null
  let complete = true

  const cursor = (item: ListItem): string => {
    indexes ??= new Map(items.map((of, index) => [of, index]))
    const place = places[indexes.get(item) ?? -1]
    if (place === undefined) throw new Error('an item of another page')
    return range.write(place())
  }

  return {
    question,
    range,
    operation,
    size: () => items.length,
    isFull: () => items.length === range.size,
    add: (connector, row, passes, place) => {
      if (passes && items.length === range.size) return false
      last = place
      if (passes) {
        items.push({ connector, row })
        places.push(place)
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
      operation.returned(items.length, question.path)
      if (asOf !== null) operation.served(asOf, false)
      const { after } = range
      // Where a budget ran out before the first row, the place to go on from is still the same.
      const end = last ?? (more && after !== undefined ? () => after : undefined)
      return createPage({
        items,
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

/** Ends a walk for which the operation has no more requests or time. */
export const stop = (
  builder: PageBuilder,
  connector: string,
  what: 'requests (PUSHGRAPH_MAX_REQUESTS)' | 'time (PUSHGRAPH_MAX_WAIT_MS)',
): WalkOutcome => {
  const { question, operation } = builder
  builder.incomplete()
  operation.incomplete({
    code: 'BUDGET_EXCEEDED',
    message: `The list stopped when the operation ran out of ${what}; go on from endCursor`,
    connector,
    collection: question.collection,
  })
  return 'stopped'
}
