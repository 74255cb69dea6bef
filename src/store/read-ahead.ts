/**
 * Several pages of a collection side by side, by offset, where that is quicker than one after another. Neighbours
 * overlap by one row: where the seam does not hold, the data moved or Push does not do what we think, and the rest is
 * read by token.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Client, Page, PageRequest } from '../upstream/contract.ts'
import type { PageOrigin } from './table.ts'

export interface ReadAheadOptions<Name extends CollectionName> {
  readonly client: Client
  readonly read: (request: PageRequest) => Promise<Page<Name>>
  /** Takes the page in; pages come to it in their order. `last`: nothing follows it. */
  readonly take: (page: Page<Name>, from: PageOrigin, last: boolean) => void
  /** Called after each page. */
  readonly after: () => void
  readonly collection: Name
  /** Rows that Push sent so far in this scan: where the next page begins. */
  readonly sent: number
  /** The last of them. */
  readonly lastId: string
  readonly expectedRows: number | undefined
  readonly wanted: () => boolean
}

/** Below this many pages left, one after another is as quick. */
const MIN_PAGES = 4
/** Requests under way or waiting for a token, so that other callers' turns come in between. */
const WINDOW = 12
/** Without a known size this many pages are asked for beyond the last one seen. */
const BLIND_WINDOW = 3
/** Name of the learnt fact: `works`, or `no`. */
export const OFFSET_FACT = 'offset'

/**
 * True when at least one page was taken; false when there is nothing to gain or the API does not allow it, and the
 * caller goes on by token.
 */
export const readAhead = async <Name extends CollectionName>(
  options: ReadAheadOptions<Name>,
): Promise<boolean> => {
  const { client, collection, expectedRows, sent } = options
  const pageSize = client.pageSize()
  const stride = pageSize - 1
  const left = expectedRows === undefined ? 0 : Math.ceil((expectedRows - sent) / stride)
  const quicker = client.latencyMs() * client.rateLimit().limit > 1_000
  const fact = `${OFFSET_FACT} ${collection}`
  if (left < MIN_PAGES || !quicker || client.facts.get(fact) === 'no') return false

  const started = new Map<number, Promise<Page<Name> | Error>>()
  const offsetOf = (index: number): number => sent - 1 + index * stride
  const start = (index: number): void => {
    started.set(
      index,
      options
        .read({ offset: offsetOf(index), limit: pageSize })
        .catch((error: unknown) => (error instanceof Error ? error : new Error('failed'))),
    )
  }

  let seam = options.lastId
  const known = client.facts.get(fact) === 'works'
  for (let index = 0; options.wanted(); index += 1) {
    // The first page alone, until it is known that offsets work here.
    const window =
      index === 0 && !known ? 1 : index < left ? Math.min(WINDOW, left - index) : BLIND_WINDOW
    for (let next = index; next < index + window; next += 1) if (!started.has(next)) start(next)
    const page = await started.get(index)
    started.delete(index)
    if (page === undefined) return index > 0
    if (page instanceof Error) {
      if (!(page instanceof UpstreamRefusedError)) throw page
      client.facts.set(fact, 'no')
      return index > 0
    }
    const first = page.rows[0]
    if (first?.id !== seam || page.unreadable.length > 0) {
      // Once they have worked, a broken seam is the data's doing.
      if (index === 0 && !known) client.facts.set(fact, 'no')
      return index > 0
    }
    if (index === 0 && !known) client.facts.set(fact, 'works')
    // A full page without a token may be how Push answers to an offset; only a short one is surely the last.
    const last = page.nextToken === undefined && page.sent < pageSize
    options.take(
      { ...page, rows: page.rows.slice(1), sent: page.sent - 1 },
      { offset: offsetOf(index) + 1 },
      last,
    )
    options.after()
    seam = page.rows.at(-1)?.id ?? seam
  }
  return true
}
