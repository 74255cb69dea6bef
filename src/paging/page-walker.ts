/**
 * The walk through the pages of a list, in their order and each once: by token, or several in parallel by offset where
 * that works. It goes on where it stands after a failure, and goes back where Push no longer takes a token it gave.
 */
import { UpstreamInvalidError, UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import { createOffsetPages } from './offset-pages.ts'
import { pointAfter, type ResumePoint, START } from './resume-point.ts'
import { createSeams } from './seams.ts'
import { createTokenGuard, type TokenGuard } from './token-guard.ts'
import type { PageRead, Walk } from './walk.ts'

export interface PageWalker<Name extends CollectionName> {
  /** What was met so far. */
  readonly met: Pick<TokenGuard<Name>, 'rowsSeen' | 'hasMet'>
  /** Aborts when the walk is stopped: another one each time. */
  readonly signal: AbortSignal
  /**
   * The next page; not to be called before the one before has come, nor behind the last. After a failure it tries the
   * same page again. Rows may come twice where the walk goes back, but none is left out.
   *
   * @throws {UpstreamInvalidError} when the paging leads nowhere
   * @throws what `ask` threw
   */
  next(): Promise<PageRead<Name>>
  /** Aborts what is under way; the walk may go on later. */
  stop(): void
}

/** How often in a row a token may be refused before it is Push's fault and not that of our resting. */
const MAX_REFUSALS = 3

/** Stands at `from`, and asks for nothing yet. */
export const createPageWalker = <Name extends CollectionName>(
  walk: Walk<Name>,
  from: ResumePoint = START,
): PageWalker<Name> => {
  const { collection } = walk
  const guard = createTokenGuard<Name>(collection, walk.remembersRows)
  const offsets = createOffsetPages(walk, id => guard.isRepeated(id))
  const refusals = createRefusals(collection)
  let leave = new AbortController()
  let point = from
  /** Where to go back to from where only an offset leads: the last point with a token. */
  let fallback = isByOffset(from) ? START : from
  let pages = 0
  /** The last page, where Push promised more behind it without a token. */
  let promise: PageRead<Name> | undefined
  const seams = createSeams(walk)
  /** The last page. */
  let before: PageRead<Name> | undefined

  const byToken = async (): Promise<PageRead<Name>> => {
    const at = point
    const page = await guard.read(at.token, token =>
      walk.ask(token === undefined ? {} : { nextToken: token }, leave.signal),
    )
    const origin = at.token === undefined ? { offset: 0 } : { token: at.token }
    const read = { ...page, from: at, origin }
    const behind = pointAfter(page, at, page.sent)
    if (page.nextToken !== undefined) return { ...read, next: behind }
    // A list that has no first row has no more.
    if (!page.promisesMore || behind.sent === 0) return { ...read, next: undefined }
    return offsets.isPossible(behind)
      ? { ...read, next: behind }
      : { ...read, next: undefined, gap: 'cutOff' }
  }

  /** Whether the last page is still the same, as far as it comes, asked for by what led to it. */
  const standsStill = async (): Promise<boolean> => {
    if (before === undefined) return true
    const { token } = before.from
    const again = await walk.ask(token === undefined ? {} : { nextToken: token }, leave.signal)
    const rows = again.rows.slice(0, before.rows.length)
    return rows.every(({ id }, index) => id === before?.rows[index]?.id)
  }

  /** The end of a list that promises more, where the rest cannot be read by offset. */
  const cutOff = (promised: PageRead<Name>): PageRead<Name> => ({
    ...promised,
    rows: [],
    sent: 0,
    unreadable: [],
    from: point,
    next: undefined,
    origin: { offset: point.sent },
    gap: 'cutOff',
  })

  const accept = (page: PageRead<Name>): PageRead<Name> => {
    guard.note(page)
    offsets.note(page)
    pages += 1
    promise = page.promisesMore ? page : undefined
    before = page
    if (page.next === undefined) return atEnd(page)
    refusals.reached(page.next.sent)
    point = page.next
    if (!isByOffset(point)) fallback = point
    return page
  }

  /** The list is read once more, by pages that overlap: rows that come again bring nothing new. */
  const beginAgain = (): void => {
    point = START
    fallback = START
    promise = undefined
    guard.goBack()
    offsets.beginAgain()
  }

  /** The last page, or one behind which all is read again. */
  const atEnd = (page: PageRead<Name>): PageRead<Name> => {
    if (page.gap === undefined && seams.mustReadAgain(page)) {
      beginAgain()
      return { ...page, next: START }
    }
    return seams.hasGap && page.gap === undefined ? { ...page, gap: 'shifted' } : page
  }

  /** From there on by token: the pages that come again bring nothing new. */
  const goBack = (): void => {
    point = fallback
    guard.goBack()
    offsets.giveUp()
  }

  /** The token of this point leads nowhere any more: the offset of its rows may, and else the start does. */
  const dropToken = (): void => {
    const { token: _, ...rest } = point
    point = rest
    fallback = START
    guard.goBack()
  }

  return {
    met: guard,
    get signal() {
      return leave.signal
    },
    next: async () => {
      for (;;) {
        const wanted = walk.width({ point, pages, inARow: offsets.inARow })
        const byOffsetAlone = promise !== undefined || seams.overlap(point)
        const width = byOffsetAlone ? Math.max(1, wanted) : wanted
        const asked = offsets.next(point, width, promise !== undefined)
        // A request by token goes out at once: whoever comes next joins it.
        const byOffset = asked === undefined ? undefined : await asked
        if (byOffset !== undefined) return accept(byOffset)
        if (offsets.hasLostTrack && seams.lost()) {
          beginAgain()
          continue
        }
        if (offsets.isDoubtful) seams.doubt(point)
        if (promise !== undefined) return accept(cutOff(promise))
        if (isByOffset(point)) goBack()
        try {
          seams.noteToken(point)
          const page = await byToken()
          const hasMoved = seams.mustLookBack(point) && !(await standsStill())
          if (!hasMoved || !seams.lost()) return accept(page)
          beginAgain()
        } catch (error) {
          const isRefused = error instanceof UpstreamRefusedError && error.status === 400
          if (!isRefused || !walk.goesBack || point.token === undefined) throw error
          dropToken()
          refusals.count()
        }
      }
    },
    stop: () => {
      leave.abort(new Error('Nobody waits for this page any more'))
      leave = new AbortController()
      offsets.stop()
    },
  }
}

const isByOffset = ({ token, sent }: ResumePoint): boolean => token === undefined && sent > 0

/** Counts refused tokens, until the walk gets further than it ever was. */
const createRefusals = (collection: CollectionName) => {
  let refusals = 0
  let furthest = 0
  return {
    reached: (sent: number): void => {
      if (sent <= furthest) return
      furthest = sent
      refusals = 0
    },
    count: (): void => {
      refusals += 1
      if (refusals <= MAX_REFUSALS) return
      refusals = 0
      throw new UpstreamInvalidError(
        `Push refuses the place in ${collection} that it gave itself`,
        'paging.nextToken',
      )
    },
  }
}

/**
 * The pages from a resume point on, each asked for before it is needed; what is under way is aborted when the reader
 * leaves.
 *
 * @throws as `next` of the walker
 */
export async function* readPages<Name extends CollectionName>(
  walk: Walk<Name>,
  from?: ResumePoint,
): AsyncGenerator<PageRead<Name>> {
  const walker = createPageWalker(walk, from)
  try {
    let upcoming = walker.next()
    for (;;) {
      const page = await upcoming
      if (page.next !== undefined) {
        upcoming = walker.next()
        // Told by the one that is awaited.
        upcoming.catch(() => undefined)
      }
      yield page
      if (page.next === undefined) return
    }
  } finally {
    walker.stop()
  }
}
