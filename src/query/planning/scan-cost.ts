/** What reading the whole of a collection costs. */
import type { CollectionName } from '../../model/rows.ts'
import { isQuicker, pagesAhead } from '../../paging/pages-ahead.ts'
import { type Cost, inTurn } from './cost.ts'
import type { Statistics } from './statistics.ts'
import { pagesOf } from './presumed-sizes.ts'

/**
 * Pages one after another, or, where offsets work, as many side by side as the limiter lets through; those overlap by
 * one row.
 */
export const scanCost = (name: CollectionName, known: Statistics, parallel: boolean): Cost => {
  const rows = known.rows(name)
  const read = known.walked(name)
  const left = Math.max(1, pagesOf(rows, known.pageSize) - read.pages)
  const { latencyMs, rate } = known.terms
  if (!parallel || !known.byOffset(name) || !isQuicker(latencyMs, rate) || left < 2)
    return inTurn(left)
  return { requests: Math.max(1, pagesAhead(rows, read.rows, known.pageSize)), depth: 1 }
}
