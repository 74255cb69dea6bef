/** Whether a scan reads pages in parallel, and how many at once. */
import type { CollectionName } from '../../model/rows.ts'
import { isQuicker } from '../../paging/pages-ahead.ts'
import type { WalkStand } from '../../paging/walk.ts'
import { offsetFact } from '../../upstream/contract/capabilities.ts'
import type { Client } from '../../upstream/contract/contract.ts'

/** With fewer pages left than this it is not worth finding out whether offsets work. */
const MIN_PAGES_TO_LEARN = 4
/** Requests under way or waiting for a token, so that other callers' turns come in between. */
const WINDOW = 12
/** Where a collection turns out much larger than it was, this many pages are asked for beyond the last one seen. */
const BLIND_WINDOW = 3

/** Pages to have under way at once where the collection is thought to have that many rows; 0 where tokens do as well. */
export const parallelPages = (
  client: Client,
  collection: CollectionName,
  expectedRows: number,
  { point: { sent }, inARow }: WalkStand,
): number => {
  // Pages overlap by a row.
  const left = Math.ceil((expectedRows - Math.max(1, sent)) / (client.pageSize() - 1))
  if (inARow === 0) {
    // Whether offsets work is learnt from a page behind one that was read before.
    const works = client.facts.get(offsetFact(collection)) === 'works'
    const isWorthIt = works ? left >= 2 : sent > 0 && left >= MIN_PAGES_TO_LEARN
    if (!isWorthIt || !isQuicker(client.latencyMs(), client.rateLimit().limit)) return 0
  }
  if (left > 0) return Math.min(WINDOW, left)
  return left > -1 ? 1 : BLIND_WINDOW
}
