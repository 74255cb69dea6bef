/**
 * The walk through the pages of a list, in their order and each once: by token, or several in parallel by offset where
 * that works. It goes on where it stands after a failure, and goes back where Push no longer takes a token it gave.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import { orderFact } from '../upstream/contract/capabilities.ts'
import type { Page } from '../upstream/contract/contract.ts'
import { findKept } from './find-kept.ts'
import { createOffsetPages, type OffsetPages } from './offset-pages.ts'
import { cutOff, pageByToken } from './page-by-token.ts'
import { createRefusedTokens, type RefusedTokens } from './refused-tokens.ts'
import { isByOffset, requestFor, type ResumePoint, START } from './resume-point.ts'
import { compareAgain, createSeams, type Seams } from './seams.ts'
import { createTokenGuard, type TokenGuard } from './token-guard.ts'
import { type KeptPages, KeptTooOldError, type PageRead, type Walk } from './walk.ts'

export interface PageWalker<Name extends CollectionName> {
  /** What was met so far. */
  readonly met: Pick<TokenGuard<Name>, 'rowsSeen' | 'hasMet'>
  /** Whether the next page is taken from what is kept, if it is there. */
  readonly isKept: boolean
  /** Aborts when the walk is stopped: another one each time. */
  readonly signal: AbortSignal
  /**
   * The next page; not to be called before the one before has come, nor behind the last. After a failure it tries the
   * same page again. Rows may come twice where the walk goes back, but none is left out.
   *
   * @throws {UpstreamInvalidError} when the paging leads nowhere
   * @throws {KeptTooOldError} where only the beginning of the list is kept, and it is too old to be gone on with
   * @throws what `ask` threw
   */
  next(): Promise<PageRead<Name>>
  /** Aborts what is under way; the walk may go on later. */
  stop(): void
}

/** Stands at `from`, and asks for nothing yet. `before`: the page that ends there, where it was read already. */
export const createPageWalker = <Name extends CollectionName>(
  walk: Walk<Name>,
  from: ResumePoint = START,
  before?: PageRead<Name>,
): PageWalker<Name> => new Walker(walk, from, before)

class Walker<Name extends CollectionName> implements PageWalker<Name> {
  readonly met: TokenGuard<Name>
  readonly #walk: Walk<Name>
  readonly #offsets: OffsetPages<Name>
  readonly #seams: Seams<Name>
  readonly #refusals: RefusedTokens
  /** Where pages are taken from as long as they are kept. */
  #kept: KeptPages<Name> | undefined
  /** Whether what is kept has shown to lead nowhere: Push is asked anew from here on. */
  #isAnew = false
  /** When the first page of the list was asked for. */
  #beganAt: number | undefined
  #leave = new AbortController()
  #point: ResumePoint
  /** Where to go back to from where only an offset leads: the last point with a token. */
  #fallback: ResumePoint
  #pages = 0
  /** The last page, and the last that had rows. */
  #before: PageRead<Name> | undefined
  #shown: PageRead<Name> | undefined

  constructor(walk: Walk<Name>, from: ResumePoint, before: PageRead<Name> | undefined) {
    const met = createTokenGuard<Name>(walk.collection, walk.remembersRows)
    this.met = met
    this.#walk = walk
    this.#kept = walk.kept
    this.#offsets = createOffsetPages(walk, met.isRepeated, () => this.#notBefore())
    this.#seams = createSeams(walk, from, met, before?.origin.isUnchecked === true)
    this.#refusals = createRefusedTokens(walk.collection)
    this.#point = from
    this.#fallback = isByOffset(from) ? START : from
    if (before === undefined) return
    this.met.note(before)
    this.#offsets.note(before)
    this.#before = before
    this.#shown = before
  }

  get isKept(): boolean {
    return this.#kept !== undefined
  }

  get signal(): AbortSignal {
    return this.#leave.signal
  }

  async next(): Promise<PageRead<Name>> {
    const [offsets, seams] = [this.#offsets, this.#seams]
    while (this.#kept !== undefined) {
      const page = await this.#nextKept(this.#kept)
      if (page !== undefined) return page
    }
    for (;;) {
      const point = this.#point
      const promise = this.#before?.promisesMore === true ? this.#before : undefined
      const wanted = this.#walk.width({ point, pages: this.#pages, inARow: offsets.inARow })
      const byOffsetAlone = promise !== undefined || seams.overlap(point)
      const width = byOffsetAlone ? Math.max(1, wanted) : wanted
      const asked = offsets.next(point, width, promise !== undefined)
      // A request by token goes out at once: whoever comes next joins it.
      const byOffset = asked === undefined ? undefined : await asked
      if (byOffset !== undefined) return this.#accept(byOffset)
      if (offsets.hasLostTrack && seams.lost()) {
        this.#beginAgain()
        continue
      }
      if (offsets.isDoubtful) seams.doubt(point)
      if (promise !== undefined) return this.#accept(cutOff(promise, point))
      if (isByOffset(point)) {
        this.#goBack()
        this.#isAnew = true
      }
      const page = await this.#nextByToken()
      if (page !== undefined) return page
    }
  }

  stop(): void {
    this.#leave.abort(new Error('Nobody waits for this page any more'))
    this.#leave = new AbortController()
    this.#offsets.stop()
  }

  /** The next page as it is kept; undefined where it is not: from there on Push is asked. */
  async #nextKept(kept: KeptPages<Name>): Promise<PageRead<Name> | undefined> {
    const { signal } = this.#leave
    const page = await this.#findKept(kept, signal)
    signal.throwIfAborted()
    if (page !== undefined) return this.#accept(page)
    this.#kept = undefined
    if (this.#beganAt !== undefined && this.#beganAt < kept.goOnSince()) throw new KeptTooOldError()
    kept.onEnd?.()
    // Who had enough of what is kept has left.
    signal.throwIfAborted()
    return undefined
  }

  async #findKept(kept: KeptPages<Name>, signal: AbortSignal): Promise<PageRead<Name> | undefined> {
    const [point, offsets] = [this.#point, this.#offsets]
    const isPromised = this.#before?.promisesMore === true
    const began = (): number => Math.max(this.#walk.notBefore?.() ?? Infinity, this.#beganAt ?? 0)
    const found = await findKept({
      ...{ point, isPromised, fallback: this.#fallback, seams: this.#seams, offsets, began },
      next: () => this.#notBefore() ?? Infinity,
      find: (request, notBefore) => kept.find(request, notBefore, signal),
    })
    if (found === undefined) return undefined
    if (found.by === 'token') return this.#followToken(found.page, point)
    if (found.by === 'lastToken') {
      this.#goBack()
      return this.#followToken(found.page, this.#point)
    }
    const read = offsets.follow(found.page, point, isPromised)
    // Where one does not follow, another look at it would teach what is not so.
    if (read === undefined) this.#isAnew = true
    return read
  }

  /** What a kept page brings; undefined where it leads back, as only a damaged answer does. */
  async #followToken(page: Page<Name>, point: ResumePoint): Promise<PageRead<Name> | undefined> {
    try {
      await this.met.read(point.token, async () => page)
    } catch {
      this.#isAnew = true
      return undefined
    }
    this.#seams.trust(point)
    return pageByToken(page, point, this.#offsets)
  }

  /** Since when a page may have been asked for that comes next; undefined where it must be asked for now. */
  #notBefore(): number | undefined {
    const since = this.#walk.notBefore?.()
    if (since === undefined || this.#isAnew) return undefined
    return Math.max(since, this.#before?.readAt ?? -Infinity)
  }

  /** The next page by its token; undefined where the walk goes on elsewhere: at the start, or without that token. */
  async #nextByToken(): Promise<PageRead<Name> | undefined> {
    const [point, seams] = [this.#point, this.#seams]
    try {
      const page = await this.#byToken(point)
      const mustLook = seams.mustLookBack(point)
      if (!mustLook) seams.trust(point)
      const hasMoved = mustLook && !(await this.#standsStill())
      if ((hasMoved || seams.isMixed(page, this.#offsets.isJoined)) && seams.lost()) {
        this.#beginAgain()
        return undefined
      }
      return this.#accept(page)
    } catch (error) {
      const isRefused = error instanceof UpstreamRefusedError && error.status === 400
      if (!isRefused || !this.#walk.goesBack || point.token === undefined) throw error
      this.#dropToken()
      this.#refusals.count()
    }
    return undefined
  }

  async #byToken(from: ResumePoint): Promise<PageRead<Name>> {
    let notBefore = this.#notBefore()
    const page = await this.met.read(from.token, token => {
      const asked = this.#ask(token, notBefore)
      // What comes again is the same unless Push is asked.
      notBefore = undefined
      return asked
    })
    return pageByToken(page, from, this.#offsets)
  }

  #ask(token: string | undefined, notBefore?: number): Promise<Page<Name>> {
    return this.#walk.ask(requestFor(token), this.#leave.signal, notBefore)
  }

  /** Whether the last page with rows is still the same, as far as it comes, asked for by what led to it. */
  async #standsStill(): Promise<boolean> {
    const shown = this.#shown
    // Where the walk was taken up again, nobody knows what the page before it held.
    if (shown === undefined) return false
    const again = await this.#ask(shown.from.token)
    const verdict = compareAgain(
      again.rows.map(({ id }) => id),
      shown.rows.map(({ id }) => id),
    )
    if (verdict === 'reordered')
      this.#walk.client.facts.set(orderFact(this.#walk.collection), 'changing')
    return verdict !== 'moved'
  }

  #accept(read: PageRead<Name>): PageRead<Name> {
    const page: PageRead<Name> = this.#seams.hasTrusted
      ? { ...read, origin: { ...read.origin, isUnchecked: true } }
      : read
    if (page.from.sent === 0) this.#beganAt = page.readAt
    this.#seams.note(page)
    this.met.note(page)
    this.#offsets.note(page)
    this.#pages += 1
    this.#before = page
    if (page.rows.length > 0) this.#shown = page
    if (page.next === undefined) return this.#atEnd(page)
    this.#refusals.reached(page.next.sent)
    // Whoever goes on there later has to know.
    const next = this.#seams.hasGap ? { ...page.next, doubtful: 1 } : page.next
    this.#point = next
    if (!isByOffset(next)) this.#fallback = next
    return { ...page, next }
  }

  /** The last page, or one behind which all is read again. */
  #atEnd(page: PageRead<Name>): PageRead<Name> {
    if (page.gap !== undefined) return page
    if (this.#seams.mustReadAgain(page)) {
      this.#beginAgain()
      return { ...page, next: START }
    }
    if (this.#seams.hasGap) return { ...page, gap: 'shifted' }
    const size = this.#seams.sizeAt(page)
    return size === undefined ? page : { ...page, size }
  }

  /** The list is read once more, by pages that overlap: rows that come again bring nothing new. */
  #beginAgain(): void {
    this.#kept = undefined
    this.#isAnew = true
    this.#point = START
    this.#fallback = START
    this.#before = undefined
    this.#shown = undefined
    this.met.goBack()
    this.#offsets.beginAgain()
  }

  /** From there on by token: the pages that come again bring nothing new. */
  #goBack(): void {
    this.#point = this.#fallback
    this.met.goBack()
    this.#offsets.giveUp()
  }

  /** The token of this point leads nowhere any more: the offset of its rows may, and else the start does. */
  #dropToken(): void {
    this.#isAnew = true
    const { token: _, ...rest } = this.#point
    this.#point = rest
    this.#fallback = START
    this.met.goBack()
  }
}
