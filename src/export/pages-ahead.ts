/** Pages asked for side by side by offset, each overlapping the one before it by a row. */
import { UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import { lastOf, type ResumePoint, type PageRead, type Walk } from '../paging/resume-point.ts'
import type { Page } from './source.ts'

export interface Ahead<Name extends CollectionName> {
  /** The page at that place; `broken` where it does not follow on the row before it, or Push takes no offset. */
  next(place: ResumePoint): Promise<PageRead<Name> | 'broken'>
}

/** Pages held at most, so that memory has a bound however slow the way. */
const MOST_AHEAD = 12

/**
 * The pages from `from` on, of which nothing is asked for yet; undefined where offsets are known not to work, or
 * nothing tells whether a page follows on what is before it.
 *
 * @param turned pages read so far: what is asked for beyond the end for want of knowing it is no more than a share
 */
export const createAhead = <Name extends CollectionName>(
  walk: Walk<Name>,
  from: ResumePoint,
  turned: number,
  signal: AbortSignal,
): Ahead<Name> | undefined => {
  const { name, source } = walk
  const size = source.pageSize()
  const stride = size - 1
  if (source.offsets(name) === false || from.last === undefined || from.sent < 1 || stride < 1)
    return undefined
  const underWay = new Map<number, Promise<Page<Name> | Error>>()
  let base = from.sent - 1
  let index = 0
  let proven = source.offsets(name) === true
  // Of a list that gives tokens by offset, too, the page without one is the last.
  let givesTokens = false

  const offsetOf = (at: number): number => base + at * stride
  const start = (at: number): void => {
    if (underWay.has(at)) return
    const asked = walk.ask(
      { offset: offsetOf(at), limit: size, parameters: walk.parameters },
      signal,
    )
    underWay.set(
      at,
      asked.catch((error: unknown) =>
        error instanceof Error ? error : new Error('The page cannot be read', { cause: error }),
      ),
    )
  }
  const width = (): number => {
    if (!proven) return 1
    const all = source.expectedRows(name)
    // With a parameter that narrows, nobody knows where the list ends.
    const isKnown = all !== undefined && Object.keys(walk.parameters).length === 0
    const left = isKnown ? Math.ceil((all - offsetOf(index)) / stride) : 0
    const wanted = left > 0 ? left : 1 + Math.floor((turned + index) / 4)
    return Math.min(source.width(), MOST_AHEAD, wanted)
  }

  return {
    next: async place => {
      if (place.last === undefined) return 'broken'
      if (place.sent - 1 !== offsetOf(index)) {
        // A page was shorter than it could have been: what was asked for behind it begins elsewhere.
        underWay.clear()
        base = place.sent - 1
        index = 0
      }
      for (let at = index; at < index + width(); at += 1) start(at)
      const page = await underWay.get(index)
      underWay.delete(index)
      if (page === undefined) return 'broken'
      if (page instanceof Error) {
        if (!(page instanceof UpstreamRefusedError && page.status === 400)) throw page
        source.learntOffsets(name, false)
        return 'broken'
      }
      const [seam, ...rows] = page.rows
      if (seam?.id !== place.last) return 'broken'
      if (!proven) {
        proven = true
        source.learntOffsets(name, true)
      }
      index += 1
      const sent = page.sent - 1
      // A page that brings nothing but promises more: only its token may lead on.
      if (sent <= 0 && page.nextToken !== undefined) return 'broken'
      givesTokens ||= page.nextToken !== undefined
      const isLast = page.nextToken === undefined && (givesTokens || sent === 0)
      return {
        rows,
        sent,
        unreadable: page.unreadable,
        place,
        next: isLast
          ? undefined
          : {
              ...(page.nextToken === undefined ? {} : { token: page.nextToken }),
              sent: place.sent + sent,
              ...lastOf(page, place),
            },
      }
    },
  }
}
