/**
 * The pages of a list in their order, each asked for before it is needed. Several are asked for side by side by offset
 * where that works: neighbours then overlap by a row, and where the seam does not hold the rest is read by token.
 */
import { UpstreamInvalidError, UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import { type Ahead, createAhead } from '../export/pages-ahead.ts'
import { lastOf, type ResumePoint, START, type PageRead, type Walk } from './resume-point.ts'
import type { Page } from '../export/source.ts'

/** How often a place may be refused before it is Push's fault and not that of our resting. */
const MOST_RESTARTS = 3
/** A damaged answer may hold a wrong token; the same one again and again is no accident. */
const CIRCLE_ATTEMPTS = 3
/** Pages in a row that bring nothing. */
const MOST_EMPTY = 25

/**
 * The pages from a place on. A token that Push no longer takes is made up for by the offset of its rows, where that
 * works, else by reading from the start again: rows may then come twice, but none is left out.
 *
 * @throws {UpstreamInvalidError} when the paging leads nowhere
 */
export async function* readPages<Name extends CollectionName>(
  walk: Walk<Name>,
  from: ResumePoint = START,
): AsyncGenerator<PageRead<Name>> {
  const leave = new AbortController()
  const signal = AbortSignal.any([walk.signal, leave.signal])
  const used = new Set<string>()
  let place = from
  let ahead: Ahead<Name> | undefined
  let mayJump = true
  let restarts = 0
  let refused: string | undefined
  let empty = 0
  let turned = 0

  const byToken = async (at: ResumePoint): Promise<PageRead<Name>> => {
    if (at.token !== undefined) used.add(at.token)
    for (let attempt = 1; ; attempt += 1) {
      const page = await walk.ask(
        {
          ...(at.token === undefined ? {} : { nextToken: at.token }),
          parameters: walk.parameters,
        },
        signal,
      )
      if (page.nextToken === undefined || !used.has(page.nextToken)) return turn(page, at)
      if (attempt === CIRCLE_ATTEMPTS) throw circular(walk.name)
    }
  }

  /** What to do about a place that Push does not take: by offset from there, else all over again. */
  const recover = (at: ResumePoint): Promise<PageRead<Name> | 'broken'> => {
    restarts += 1
    if (restarts > MOST_RESTARTS)
      throw new UpstreamInvalidError(
        `Push refuses the place in ${walk.name} that it gave itself`,
        'paging.nextToken',
      )
    used.clear()
    const byOffset = mayJump ? createAhead(walk, at, 1, signal) : undefined
    if (byOffset !== undefined) {
      ahead = byOffset
      return byOffset.next(at)
    }
    place = START
    mayJump = false
    return byToken(START)
  }

  const isLost = (at: ResumePoint): boolean => at.token === undefined && at.sent > 0

  let upcoming: Promise<PageRead<Name> | 'broken'> = isLost(place) ? recover(place) : byToken(place)
  upcoming.catch(() => undefined)
  try {
    for (;;) {
      let page: PageRead<Name> | 'broken'
      try {
        page = await upcoming
      } catch (error) {
        const isRefused = error instanceof UpstreamRefusedError && error.status === 400
        if (!isRefused || place.token === undefined) throw error
        refused = place.token
        ahead = undefined
        upcoming = recover(place)
        upcoming.catch(() => undefined)
        continue
      }
      if (page === 'broken') {
        ahead = undefined
        mayJump = false
        upcoming =
          isLost(place) || (refused !== undefined && place.token === refused)
            ? recover(place)
            : byToken(place)
        upcoming.catch(() => undefined)
        continue
      }
      empty = page.sent === 0 ? empty + 1 : 0
      if (empty > MOST_EMPTY) throw circular(walk.name)
      turned += 1
      if (page.next === undefined) {
        yield page
        return
      }
      place = page.next
      if (mayJump) ahead ??= createAhead(walk, place, turned, signal)
      upcoming = ahead?.next(place) ?? byToken(place)
      upcoming.catch(() => undefined)
      yield page
    }
  } finally {
    leave.abort(new Error('This page is not needed any more'))
  }
}

/** A page that a token led to. */
const turn = <Name extends CollectionName>(
  page: Page<Name>,
  place: ResumePoint,
): PageRead<Name> => ({
  rows: page.rows,
  sent: page.sent,
  unreadable: page.unreadable,
  place,
  next:
    page.nextToken === undefined
      ? undefined
      : {
          token: page.nextToken,
          sent: place.sent + page.sent,
          ...lastOf(page, place),
        },
})

const circular = (name: CollectionName): UpstreamInvalidError =>
  new UpstreamInvalidError(`The paging of ${name} goes in circles`, 'paging.nextToken')
