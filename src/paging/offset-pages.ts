/**
 * Pages of a list by offset, several in parallel where that is quicker than one after another. Neighbours overlap by
 * one row: where this seam does not hold, the data moved, and the rows before it are looked for again; or Push does not
 * do what we think, and the rest is read by token.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import { offsetFact, orderFact } from '../upstream/contract/capabilities.ts'
import type { Page, PageRequest } from '../upstream/contract/contract.ts'
import { createOffsetRequests, type OffsetRequests } from './offset-requests.ts'
import { pointAfter, type ResumePoint } from './resume-point.ts'
import { indexBehind } from './seams.ts'
import type { PageRead, Walk } from './walk.ts'

export interface OffsetPages<Name extends CollectionName> {
  /** Whether a page may be asked for there. */
  isPossible(point: ResumePoint): boolean
  /** Pages from here that came one behind another, each as long as it could be. */
  readonly inARow: number
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

/** Nothing is asked for yet. `hasMet`: whether the walk has met that row before, as far as it remembers. */
export const createOffsetPages = <Name extends CollectionName>(
  walk: Walk<Name>,
  hasMet: (id: string) => boolean,
): OffsetPages<Name> => new Pages(walk, hasMet)

class Pages<Name extends CollectionName> implements OffsetPages<Name> {
  inARow = 0
  hasLostTrack = false
  isDoubtful = false
  readonly #walk: Walk<Name>
  readonly #hasMet: (id: string) => boolean
  readonly #verdict: Verdict
  readonly #requests: OffsetRequests<Name>
  #isGivenUp = false
  /** Whether the rows before a break were found where they had been. */
  #isUnmoved = false
  #resyncs = 0
  /** The first row of the list, and all of the last page that had any. */
  #first: string | undefined
  #lastPage: readonly string[] = []
  // Of a list that says of each page by offset that more follows, the page that does not is the last.
  #saysMore = false

  constructor(walk: Walk<Name>, hasMet: (id: string) => boolean) {
    this.#walk = walk
    this.#hasMet = hasMet
    this.#verdict = verdictOf(walk)
    this.#requests = createOffsetRequests(walk)
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
    const [seam, ...others] = page.rows
    if (seam?.id !== point.last || others.some(({ id }) => this.#hasMet(id))) return undefined
    // A page that brings nothing but promises more: only its token may lead on.
    if (page.sent <= 1 && page.nextToken !== undefined) return undefined
    this.#saysMore ||= isPromised
    return this.#take(page, point)
  }

  note(page: PageRead<Name>): void {
    if (page.rows.length === 0) return
    if (page.from.sent === 0) this.#first = page.rows[0]?.id
    this.#lastPage = page.rows.map(({ id }) => id)
  }

  stop(): void {
    this.#requests.abort()
    this.inARow = 0
  }

  beginAgain(): void {
    this.#isGivenUp = false
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
    const [seam, ...others] = page.rows
    const holds = seam?.id === point.last && !others.some(({ id }) => this.#hasMet(id))
    if (!holds) return this.#readBehindBreak(page, point)
    this.#verdict.learnFromSeam(point.sent - 1)
    // A page that brings nothing but promises more: only its token may lead on.
    const isInVain = page.sent <= 1 && page.nextToken !== undefined
    return isInVain ? this.#endHere() : this.#take(page, point)
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
    this.#verdict.learnFromBreak(page, isPassedOver)
    const found = isPassedOver ? undefined : await this.#resync(page, point.sent)
    if (found !== undefined) return found
    this.hasLostTrack = !isPassedOver && this.#verdict.get() !== 'no'
    return this.#endHere()
  }

  /** What a page brings beyond its first rows, which were there before. */
  #take(page: Page<Name>, from: ResumePoint, known = 1): PageRead<Name> {
    const isStart = from.sent === 0
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
    if (this.#resyncs === MAX_RESYNCS) return undefined
    this.#resyncs += 1
    const movedDown = this.#goOnIn(broken, at - 1, at)
    if (movedDown !== undefined) return movedDown
    const offset = Math.max(0, at - this.#requests.pageSize)
    const page = await this.#requests.page(offset === 0 ? 0 : offset + 1, 1)
    if (!(page instanceof Error)) return this.#goOnIn(page, offset, at)
    if (isRefusal(page)) return undefined
    throw page
  }

  /** What follows in a page on what is left of the last one. */
  #goOnIn(page: Page<Name>, offset: number, at: number): PageRead<Name> | undefined {
    const behind = indexBehind(page, this.#lastPage, this.#hasMet)
    if (behind === undefined) return undefined
    // Where all stands as it stood, nothing has moved: the break is of another kind.
    this.#isUnmoved = behind === page.rows.length && offset + behind === at
    if (this.#isUnmoved) return undefined
    this.#verdict.learnFromSeam(offset)
    const from = { sent: offset + behind, last: page.rows[behind - 1]?.id ?? '' }
    return this.#take(page, from, behind)
  }
}

type Verdict = ReturnType<typeof verdictOf>

/** Whether offsets work, as far as that has been learnt. */
const verdictOf = ({ client: { facts }, collection }: Walk<CollectionName>) => {
  const fact = offsetFact(collection)
  const set = (verdict: 'works' | 'doubtful' | 'no'): void => {
    if (facts.get(fact) !== verdict) facts.set(fact, verdict)
  }
  return {
    get: () => facts.get(fact),
    set,
    /** From a page that follows on: at offset 0 it would also where offsets are passed over. */
    learnFromSeam: (offset: number): void => {
      if (offset > 0) set('works')
    },
    /** From a page that does not follow on: offsets are passed over, or the data moved, or no order ever holds. */
    learnFromBreak: (page: Page<CollectionName>, isPassedOver: boolean): void => {
      const verdict = facts.get(fact)
      if (verdict !== 'works') {
        if (page.unreadable.length > 0) return
        if (!isPassedOver && verdict === 'doubtful') facts.set(orderFact(collection), 'changing')
        set(isPassedOver || verdict === 'doubtful' ? 'no' : 'doubtful')
        // Offsets that worked before are passed over now: the next try finds out by one page.
      } else if (isPassedOver) set('doubtful')
    },
  }
}

/** Whether Push refused the offset, and not the key. */
const isRefusal = (error: Error): boolean =>
  error instanceof UpstreamRefusedError && error.status !== 401 && error.status !== 403
