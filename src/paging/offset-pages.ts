/**
 * Several pages of a collection side by side, by offset, where that is quicker than one after another. Neighbours
 * overlap by one row: where the seam does not hold, the data moved or Push does not do what we think, and the rest is
 * read by token.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Client, Page, PageRequest } from '../upstream/contract/contract.ts'
import type { PageOrigin } from './page-origin.ts'
import { offsetFact } from '../upstream/contract/capabilities.ts'

export interface ReadAheadOptions<Name extends CollectionName> {
  readonly client: Client
  readonly read: (request: PageRequest, signal: AbortSignal) => Promise<Page<Name>>
  /** Takes the page in; pages come to it in their order. `last`: nothing follows it. */
  readonly take: (page: Page<Name>, from: PageOrigin, last: boolean) => void
  /** Called after each page. */
  readonly after: () => void
  readonly collection: Name
  /** Rows that Push sent so far in this scan: where the next page begins. */
  readonly sent: number
  /** The first and the last of them. */
  readonly firstId: string
  readonly lastId: string
  /** Whether the scan has met that row before. */
  readonly hasMet: (id: string) => boolean
  /** Pages that the rest is expected to take. */
  readonly left: number
  readonly wanted: () => boolean
}

/** With fewer pages left than this it is not worth finding out whether offsets work. */
const MIN_PAGES_TO_LEARN = 4
/** Requests under way or waiting for a token, so that other callers' turns come in between. */
const WINDOW = 12
/** Where a collection turns out much larger than it was, this many pages are asked for beyond the last one seen. */
const BLIND_WINDOW = 3

/** Whether pages come sooner side by side: one after another they would come more slowly than the limit allows. */
export const isQuicker = (latencyMs: number, rate: number): boolean => latencyMs * rate > 1_000

/** Requests for the rows behind the first `sent` of a collection, where pages overlap by one row. */
export const pagesAhead = (rows: number, sent: number, pageSize: number): number =>
  sent === 0
    ? 1 + Math.max(0, Math.ceil((rows - pageSize) / (pageSize - 1)))
    : Math.max(0, Math.ceil((rows - sent) / (pageSize - 1)))

/**
 * How many requests the rest of the collection takes side by side; undefined where there is nothing to gain or the API
 * does not allow it, and the caller goes on by token.
 */
export const worthReadingAhead = (
  client: Client,
  collection: CollectionName,
  sent: number,
  expectedRows: number | undefined,
): number | undefined => {
  const pageSize = client.pageSize()
  const quicker = isQuicker(client.latencyMs(), client.rateLimit().limit)
  const known = client.facts.get(offsetFact(collection))
  if (expectedRows === undefined || pageSize < 2 || !quicker || known === 'no') return undefined
  const left = pagesAhead(expectedRows, sent, pageSize)
  // Whether offsets work is learnt from a page behind one that was read before.
  const isWorthIt = known === 'works' ? left >= 2 : sent > 0 && left >= MIN_PAGES_TO_LEARN
  return isWorthIt ? left : undefined
}

/** True when at least one page was taken; false when offsets turn out not to hold, and the caller goes on by token. */
export const readAhead = async <Name extends CollectionName>(
  options: ReadAheadOptions<Name>,
): Promise<boolean> => {
  const { client, collection, left, sent } = options
  const pageSize = client.pageSize()
  const stride = pageSize - 1
  const fact = offsetFact(collection)
  const known = client.facts.get(fact)
  const giveUp = new AbortController()
  const started = new Map<number, Promise<Page<Name> | Error>>()
  const offsetOf = (index: number): number => Math.max(0, sent - 1) + index * stride
  const isStart = (index: number): boolean => sent === 0 && index === 0
  const start = (index: number): void => {
    if (started.has(index)) return
    // The first page is asked for as by everybody else, who may be asking for it just now.
    const request = isStart(index) ? {} : { offset: offsetOf(index), limit: pageSize }
    started.set(
      index,
      options
        .read(request, giveUp.signal)
        .catch((error: unknown) => (error instanceof Error ? error : new Error('failed'))),
    )
  }
  const windowAt = (index: number): number => {
    // The first page alone, until it is known that offsets work here.
    if (index === 0 && known !== 'works') return 1
    if (index < left) return Math.min(WINDOW, left - index)
    return index === left ? 1 : BLIND_WINDOW
  }

  /** What the first page tells of offsets: they are passed over, or the data moved, or the order never holds. */
  const learn = (page: Page<Name>): void => {
    const isPassedOver = page.rows[0]?.id === options.firstId
    client.facts.set(fact, isPassedOver || known === 'doubtful' ? 'no' : 'doubtful')
  }

  try {
    let seam = options.lastId
    let firstId = options.firstId
    for (let index = 0; options.wanted(); index += 1) {
      for (let next = index; next < index + windowAt(index); next += 1) start(next)
      const page = await started.get(index)
      started.delete(index)
      if (page === undefined) return index > 0
      if (page instanceof Error) {
        if (isStart(index) || !(page instanceof UpstreamRefusedError)) throw page
        client.facts.set(fact, 'no')
        return index > 0
      }
      if (isStart(index)) {
        options.take(page, { offset: 0 }, page.nextToken === undefined)
        firstId = page.rows[0]?.id ?? ''
      } else {
        const [first, ...others] = page.rows
        if (first?.id !== seam || others.some(({ id }) => options.hasMet(id))) {
          const isWhole = page.unreadable.length === 0
          if (index === 0 && known !== 'works' && isWhole) learn(page)
          // Offsets that worked before are passed over now: the next scan finds out by one page.
          else if (known === 'works' && first?.id === firstId) client.facts.set(fact, 'doubtful')
          return index > 0
        }
        if (index === 0 && known !== 'works') client.facts.set(fact, 'works')
        // A full page without a token may be how Push answers to an offset; only a short one is surely the last.
        const last = page.nextToken === undefined && page.sent < pageSize
        options.take(
          { ...page, rows: others, sent: page.sent - 1 },
          { offset: offsetOf(index) + 1 },
          last,
        )
      }
      options.after()
      // Where some could not be read, which row was the last of the page is not known.
      if (page.unreadable.length > 0) return true
      seam = page.rows.at(-1)?.id ?? seam
    }
    return true
  } finally {
    // Pages asked for beyond the end, or behind a seam that broke, are of no use.
    giveUp.abort(new Error('This page is not needed any more'))
  }
}
