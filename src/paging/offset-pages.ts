/**
 * Pages of a list by offset, several in parallel where that is quicker than one after another. Neighbours overlap by
 * one row: where this seam does not hold, the data moved, and the rows before it are looked for again; or Push does not
 * do what we think, and the rest is read by token.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Page, PageRequest } from '../upstream/contract/contract.ts'
import { createLastRows, type LastRows } from './last-rows.ts'
import { createOffsetRequests, type OffsetRequests } from './offset-requests.ts'
import { type OffsetVerdict, offsetVerdictOf } from './offset-verdict.ts'
import { pointAfter, type ResumePoint } from './resume-point.ts'
import { compareAgain } from './seams.ts'
import type { PageRead, Walk } from './walk.ts'

export interface OffsetPages<Name extends CollectionName> {
  /** Whether a page may be asked for there. */
  isPossible(point: ResumePoint): boolean
  /** Pages from here that came one behind another, each as long as it could be. */
  readonly inARow: number
  /** Whether a page that followed on the one before it came by its offset, since the list was begun. */
  readonly isJoined: boolean
  /**
   * The page at that resume point, asked for together with those behind it so that up to `width` are under way.
   * Undefined where it must be read by token: at once where offsets are not wanted or known not to work, later where
   * it does not follow on the row before it. `isPromised`: Push said that there is one, without a token.
   *
   * @throws what the request threw, the refusal of an offset apart
   */
  next(
    point: ResumePoint,
    width: number,
    isPromised: boolean,
  ): Promise<PageRead<Name> | undefined> | undefined
  /** What a page by offset is asked for by. */
  requestAt(point: ResumePoint): PageRequest
  /** What such a page brings that is at hand; undefined where it does not follow on the row before it. */
  follow(page: Page<Name>, point: ResumePoint, isPromised: boolean): PageRead<Name> | undefined
  /** Whether the last page was asked for in vain because rows have moved, and nobody knows where to. */
  readonly hasLostTrack: boolean
  /** Whether offsets that worked seem to be passed over, which may also be rows that have moved. */
  readonly isDoubtful: boolean
  /** Takes in what was read, whichever way. */
  note(page: PageRead<Name>): void
  /** Aborts what is under way. */
  stop(): void
  /** The list is read from its start again. */
  beginAgain(): void
  /** No page is read by offset any more. */
  giveUp(): void
}

/** How often the rows before a break are looked for again in one walk. */
const MAX_RESYNCS = 20

/**
 * Nothing is asked for yet. `hasMet`: whether the walk has met that row before, as far as it remembers. `notBefore`: when a
 * page may have been asked for (milliseconds); undefined where it must be asked for now.
 */
export const createOffsetPages = <Name extends CollectionName>(
  walk: Walk<Name>,
  hasMet: (id: string) => boolean,
  notBefore: () => number | undefined,
): OffsetPages<Name> => new Pages(walk, hasMet, notBefore)

class Pages<Name extends CollectionName> implements OffsetPages<Name> {
  inARow = 0
  isJoined = false
  hasLostTrack = false
  isDoubtful = false
  readonly #walk: Walk<Name>
  readonly #last: LastRows
  readonly #verdict: OffsetVerdict
  readonly #requests: OffsetRequests<Name>
  #isGivenUp = false
  /** Whether a page that was joined so gave a token, which goes on in the order of that page. */
  #leadsAstray = false
  /** Whether the rows before a break were found where they had been. */
  #isUnmoved = false
  /** The page that was looked at for them. */
  #looked: Page<Name> | undefined
  #resyncs = 0
  /** The first row of the list. */
  #first: string | undefined
  // Of a list that says of each page by offset that more follows, the page that does not is the last.
  #saysMore = false

  constructor(
    walk: Walk<Name>,
    hasMet: (id: string) => boolean,
    notBefore: () => number | undefined,
  ) {
    this.#walk = walk
    this.#last = createLastRows(hasMet)
    this.#verdict = offsetVerdictOf(walk)
    this.#requests = createOffsetRequests(walk, notBefore)
  }

  isPossible({ token, sent, last }: ResumePoint): boolean {
    const verdict = this.#verdict.get()
    if (this.#isGivenUp || verdict === 'no' || this.#walk.client.pageSize() < 2) return false
    // Before the first page there is no row by which to find out whether offsets work.
    return sent === 0 ? token === undefined && verdict === 'works' : last !== undefined
  }

  next(
    point: ResumePoint,
    width: number,
    isPromised: boolean,
  ): Promise<PageRead<Name> | undefined> | undefined {
    this.hasLostTrack = false
    this.isDoubtful = false
    this.#saysMore ||= isPromised
    if (width > 0 && this.isPossible(point)) return this.#read(point, width)
    this.stop()
    return undefined
  }

  requestAt({ sent }: ResumePoint): PageRequest {
    return this.#requests.requestAt(Math.max(0, sent - 1))
  }

  follow(page: Page<Name>, point: ResumePoint, isPromised: boolean): PageRead<Name> | undefined {
    if (!this.#followsOn(page, point)) return undefined
    // A page that brings nothing but promises more: only its token may lead on.
    if (page.sent <= 1 && page.nextToken !== undefined) return undefined
    this.#saysMore ||= isPromised
    return this.#take(page, point)
  }

  note(page: PageRead<Name>): void {
    if (page.rows.length === 0) return
    const isStart = page.from.sent === 0
    if (isStart) this.#first = page.rows[0]?.id
    const ids = page.rows.map(({ id }) => id)
    this.#last.note(ids, isStart, this.#requests.pageSize)
  }

  stop(): void {
    this.#requests.abort()
    this.inARow = 0
  }

  beginAgain(): void {
    this.#isGivenUp = false
    this.isJoined = false
    this.#leadsAstray = false
    this.#saysMore = false
  }

  giveUp(): void {
    this.#isGivenUp = true
  }

  async #read(point: ResumePoint, width: number): Promise<PageRead<Name> | undefined> {
    // One page alone finds out whether offsets work.
    const atOnce = this.#verdict.get() === 'works' ? width : 1
    const page = await this.#requests.page(point.sent, atOnce)
    if (page instanceof Error) {
      this.stop()
      if (point.sent === 0 || !isRefusal(page)) throw page
      this.#verdict.set('no')
      return undefined
    }
    if (point.sent === 0) return this.#take(page, point)
    if (!this.#followsOn(page, point)) return this.#readBehindBreak(page, point)
    this.#verdict.learnFromSeam(point.sent - 1)
    // A page that brings nothing but promises more: only its token may lead on.
    const isInVain = page.sent <= 1 && page.nextToken !== undefined
    return isInVain ? this.#endHere() : this.#take(page, point)
  }

  /** Whether the page begins with the row before that point, and goes on with rows that were not there before. */
  #followsOn({ rows: [seam, ...others] }: Page<Name>, { last }: ResumePoint): boolean {
    return seam?.id === last && !others.some(({ id }) => this.#last.isMet(id))
  }

  /** What follows that point, where the page that was asked for there does not. */
  async #readBehindBreak(
    page: Page<Name>,
    point: ResumePoint,
  ): Promise<PageRead<Name> | undefined> {
    // An empty page that says that more follows tells nothing of where rows are.
    if (page.sent === 0 && (page.promisesMore || page.nextToken !== undefined))
      return this.#endHere()
    const isPassedOver = this.#first !== undefined && page.rows[0]?.id === this.#first
    this.isDoubtful = isPassedOver && this.#verdict.get() === 'works'
    const found = isPassedOver ? undefined : await this.#resync(page, point.sent)
    // Rows that have moved tell nothing of offsets.
    if (found !== undefined) return found
    if (page.unreadable.length === 0)
      if (isPassedOver) this.#verdict.learnFromPassedOver()
      else await this.#learnFromBreak(point.sent)
    // Pages that were joined to others by their rows may have been so by chance.
    this.hasLostTrack =
      this.#leadsAstray || (!isPassedOver && (this.isJoined || this.#verdict.get() !== 'no'))
    return this.#endHere()
  }

  /** The first time, the data may have moved; the second time it is found out whether it has. */
  async #learnFromBreak(at: number): Promise<void> {
    const verdict = this.#verdict.get()
    if (verdict === 'works' || verdict === 'no') return
    if (verdict === undefined) this.#verdict.set('doubtful')
    // The rows before stand where they stood, and what is asked for behind them does not follow.
    else if (this.#isUnmoved) this.#verdict.set('no')
    else if (await this.#hasNoOrder(at)) this.#verdict.learnNoOrder()
  }

  /** Whether a page that was just looked at has other rows already, or the same in another order. */
  async #hasNoOrder(at: number): Promise<boolean> {
    const before = this.#looked?.rows.map(({ id }) => id)
    if (before === undefined) return false
    const page = await this.#look(at)
    if (page === undefined) return false
    const again = page.rows.map(({ id }) => id)
    // One row alone may stand there by chance.
    const shared = again.filter(id => before.includes(id))
    return shared.length < 2 || compareAgain(again, before) === 'reordered'
  }

  /** What a page brings beyond its first rows, which were there before. */
  #take(page: Page<Name>, from: ResumePoint, known = 1): PageRead<Name> {
    const isStart = from.sent === 0
    this.isJoined ||= !isStart
    this.#leadsAstray ||= !isStart && page.nextToken !== undefined
    const sent = isStart ? page.sent : page.sent - known
    if (!isStart) this.#saysMore ||= page.nextToken !== undefined
    const isSurelyLast = isStart || this.#saysMore || (sent === 0 && known === 1)
    const isShort = this.#walk.shortIsLast && page.sent < this.#requests.pageSize
    // More was promised, but nothing stands behind the row before it.
    const isAtEnd = page.promisesMore ? sent === 0 : isSurelyLast || isShort
    const isLast = page.nextToken === undefined && isAtEnd
    // Behind a page that was shorter than it could have been, what was asked for begins elsewhere.
    if (isLast || page.sent !== this.#requests.pageSize) this.stop()
    else this.inARow += 1
    return {
      ...page,
      rows: isStart ? page.rows : page.rows.slice(known),
      sent,
      from,
      next: isLast ? undefined : pointAfter(page, from, sent),
      origin: { offset: from.sent },
    }
  }

  /** Ends the pages by offset here; they are tried again only where their working has become doubtful. */
  #endHere(): undefined {
    this.#isGivenUp ||= this.inARow === 0 || this.#verdict.get() === 'works'
    this.stop()
  }

  /** Looks for the last page in one that does not follow on it, and then about where it was. */
  async #resync(broken: Page<Name>, at: number): Promise<PageRead<Name> | undefined> {
    this.stop()
    this.#isUnmoved = false
    this.#looked = undefined
    if (this.#resyncs === MAX_RESYNCS) return undefined
    this.#resyncs += 1
    const movedFar = this.#goOnIn(broken, at - 1)
    if (movedFar !== undefined) return movedFar
    const page = await this.#look(at)
    this.#looked = page
    // Where all stands as it stood, nothing has moved: the break is of another kind.
    const place = this.#placeBefore(at)
    this.#isUnmoved = page !== undefined && place + page.rows.length === at && this.#last.are(page)
    if (page === undefined || this.#isUnmoved) return undefined
    const found = this.#goOnIn(page, place)
    // Rows that have moved down a little stand in both pages, which share a row.
    const isJoined = found?.sent === 0 && page.rows.at(-1)?.id === broken.rows[0]?.id
    return isJoined ? this.#goOnIn(broken, at - 1, true) : found
  }

  /** The page about where the last one was, as it is now; undefined where Push refuses its offset. */
  async #look(at: number): Promise<Page<Name> | undefined> {
    const page = await this.#requests.look(this.#placeBefore(at))
    if (!(page instanceof Error)) return page
    if (!isRefusal(page)) throw page
    if (this.#placeBefore(at) > 0) this.#verdict.set('no')
    return undefined
  }

  /** Where a page begins that ends behind so many rows. */
  #placeBefore(at: number): number {
    return Math.max(0, at - this.#requests.pageSize)
  }

  /** What follows in a page on what is left of the last one. */
  #goOnIn(page: Page<Name>, offset: number, isJoined = false): PageRead<Name> | undefined {
    const behind = this.#last.indexBehind(page, isJoined)
    if (behind === undefined) return undefined
    this.#verdict.learnFromSeam(offset)
    const from = { sent: offset + behind, last: page.rows[behind - 1]?.id ?? '' }
    return this.#take(page, from, behind)
  }
}

/** Whether Push refused the offset, and not the key. */
const isRefusal = (error: Error): boolean =>
  error instanceof UpstreamRefusedError && error.status !== 401 && error.status !== 403
