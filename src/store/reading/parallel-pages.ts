/** Whether a scan reads pages in parallel, how many at once, and what it learns where they do not fit together. */
import type { CollectionName } from '../../model/rows.ts'
import { isQuicker } from '../../paging/offset-pages.ts'
import type { WalkStand } from '../../paging/walk.ts'
import { offsetFact } from '../../upstream/contract/capabilities.ts'
import type { Client, Page } from '../../upstream/contract/contract.ts'

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

/**
 * What a page by offset tells that does not follow on the rows before it: offsets are passed over, or the data moved,
 * or the order never holds. `firstId` is the first row of the collection.
 */
export const learnFromBreak = (
  { facts }: Client,
  collection: CollectionName,
  page: Page,
  firstId: string,
): void => {
  const fact = offsetFact(collection)
  const verdict = facts.get(fact)
  const isPassedOver = page.rows[0]?.id === firstId
  if (verdict !== 'works') {
    if (page.unreadable.length === 0)
      facts.set(fact, isPassedOver || verdict === 'doubtful' ? 'no' : 'doubtful')
    // Offsets that worked before are passed over now: the next try finds out by one page.
  } else if (isPassedOver) facts.set(fact, 'doubtful')
}
