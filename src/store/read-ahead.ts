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
  readonly expectedRows: number | undefined
  readonly wanted: () => boolean
}

/** Below this many pages left, one after another is as quick. */
const MIN_PAGES = 4
/** Requests under way or waiting for a token, so that other callers' turns come in between. */
const WINDOW = 12
/** Without a known size this many pages are asked for beyond the last one seen. */
const BLIND_WINDOW = 3
/**
 * Name of the learnt fact: `works`; `doubtful`, where the first try met other rows than it should, as it does when the
 * data moves just then; or `no`.
 */
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
  const known = client.facts.get(fact)
  if (left < MIN_PAGES || stride < 1 || !quicker || known === 'no') return false

  const giveUp = new AbortController()
  const started = new Map<number, Promise<Page<Name> | Error>>()
  const offsetOf = (index: number): number => sent - 1 + index * stride
  const start = (index: number): void => {
    if (started.has(index)) return
    started.set(
      index,
      options
        .read({ offset: offsetOf(index), limit: pageSize }, giveUp.signal)
        .catch((error: unknown) => (error instanceof Error ? error : new Error('failed'))),
    )
  }
  const windowAt = (index: number): number => {
    // The first page alone, until it is known that offsets work here.
    if (index === 0 && known !== 'works') return 1
    return index < left ? Math.min(WINDOW, left - index) : BLIND_WINDOW
  }

  /** What the first page tells of offsets: they are passed over, or the data moved, or the order never holds. */
  const learn = (page: Page<Name>): void => {
    const isPassedOver = page.rows[0]?.id === options.firstId
    client.facts.set(fact, isPassedOver || known === 'doubtful' ? 'no' : 'doubtful')
  }

  try {
    let seam = options.lastId
    for (let index = 0; options.wanted(); index += 1) {
      for (let next = index; next < index + windowAt(index); next += 1) start(next)
      const page = await started.get(index)
      started.delete(index)
      if (page === undefined) return index > 0
      if (page instanceof Error) {
        if (!(page instanceof UpstreamRefusedError)) throw page
        client.facts.set(fact, 'no')
        return index > 0
      }
      const [first, ...others] = page.rows
      if (first?.id !== seam || others.some(({ id }) => options.hasMet(id))) {
        if (index === 0 && known !== 'works' && page.unreadable.length === 0) learn(page)
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
