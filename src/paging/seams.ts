/**
 * Whether one page follows on the other though the list changes meanwhile. A token may be a position, which shifts when
 * rows before it go or come: what was at it is then passed by. Nobody outside knows what Push's tokens are, but some
 * show it, and pages by offset that overlap by a row need no token.
 */
import type { CollectionName } from '../model/rows.ts'
import { offsetFact } from '../upstream/contract/capabilities.ts'
import type { Page } from '../upstream/contract/contract.ts'
import type { ResumePoint } from './resume-point.ts'
import type { PageRead, Walk } from './walk.ts'

/** `keyset`: it goes on behind a row, whatever moves. `position`: it shifts. */
export type TokenKind = 'keyset' | 'position' | 'unknown'

/** What a token shows of itself: the row before it, or how many rows there are before it. */
export const tokenKind = ({ token, sent, last }: ResumePoint): TokenKind => {
  if (token === undefined) return 'unknown'
  const texts = [token, Buffer.from(token, 'base64').toString('latin1')]
  if (last !== undefined && texts.some(text => text.includes(last))) return 'keyset'
  const count = new RegExp(`(?<![0-9a-z])${sent}(?![0-9a-z])`, 'i')
  return texts.some(text => count.test(text)) ? 'position' : 'unknown'
}

/** From so many pages on, those that overlapping adds are no more than one in a hundred. */
const MANY_PAGES = 100

/** Whether pages of so many rows may overlap by one for next to no more requests; where the size is not known, they may. */
export const mayOverlap = (rows: number | undefined, pageSize: number): boolean => {
  if (rows === undefined || rows > MANY_PAGES * pageSize) return true
  return rows <= pageSize || Math.ceil((rows - 1) / (pageSize - 1)) <= Math.ceil(rows / pageSize)
}

/**
 * Where to read on in a page that was asked for so that it begins about where the last page before the break did: the
 * index behind the last of its rows. Undefined where too little of it is left to be sure of the order.
 */
export const indexBehind = <Name extends CollectionName>(
  page: Page<Name>,
  lastPage: readonly string[],
  hasMet: (id: string) => boolean,
): number | undefined => {
  if (page.unreadable.length > 0) return undefined
  const places = new Map(lastPage.map((id, index) => [id, index]))
  const found = page.rows.map(({ id }) => places.get(id))
  const from = found.findIndex(place => place !== undefined)
  const behind = found.findLastIndex(place => place !== undefined) + 1
  // One row alone may stand there by chance, as where each request has an order of its own.
  if (behind - from < 2) return undefined
  for (let index = from + 1; index < behind; index += 1) {
    const [before = -1, place = -1] = [found[index - 1], found[index]]
    if (place <= before) return undefined
  }
  return page.rows.slice(behind).some(({ id }) => hasMet(id)) ? undefined : behind
}

/** How often a list is read from its start again, where rows have moved and nobody knows where to. */
const MAX_BEGINNINGS = 2

export interface Seams<Name extends CollectionName> {
  /** Rows may have been passed by. */
  readonly hasGap: boolean
  /** Whether the page at that point had better be read by offset, with the row before it. */
  overlap(point: ResumePoint): boolean
  /** A page is read by the token of that point. */
  noteToken(point: ResumePoint): void
  /** Whether nothing but a second look at the page before shows that the token of that point has not shifted. */
  mustLookBack(point: ResumePoint): boolean
  /** The rows before a page were not found again: true where the list should be read once more. */
  lost(): boolean
  /** What follows that point is read by its token, though rows may have moved. */
  doubt(point: ResumePoint): void
  /** Whether the list has fewer rows than it had, and was read by tokens that may have shifted. */
  mustReadAgain(last: PageRead<Name>): boolean
}

/** Nothing has been read yet. `hasGap`: whether rows may have been passed by before the walk was taken up again. */
export const createSeams = <Name extends CollectionName>(
  walk: Walk<Name>,
  hasGap: boolean,
): Seams<Name> => {
  const { client, expectedRows } = walk
  const offsetsWork = (): boolean => client.facts.get(offsetFact(walk.collection)) !== 'no'
  const isCheap = mayOverlap(expectedRows, client.pageSize())
  let beginnings = 0
  let hasTrusted = false

  const beginAgain = (): boolean => {
    if (beginnings === MAX_BEGINNINGS) return false
    beginnings += 1
    hasTrusted = false
    return true
  }

  return {
    get hasGap() {
      return hasGap
    },
    overlap: point => {
      if (point.sent === 0 || point.token === undefined) return false
      const kind = tokenKind(point)
      return kind !== 'keyset' && (isCheap || beginnings > 0 || kind === 'position')
    },
    noteToken: point => {
      hasTrusted ||= point.sent > 0 && tokenKind(point) !== 'keyset'
    },
    mustLookBack: point => !offsetsWork() && point.sent > 0 && tokenKind(point) === 'position',
    lost: () => {
      if (beginAgain()) return true
      hasGap = true
      // Where no order holds from one request to the next, that they seemed to work was chance.
      if (offsetsWork()) client.facts.set(offsetFact(walk.collection), 'doubtful')
      return false
    },
    doubt: point => {
      hasGap ||= tokenKind(point) !== 'keyset'
    },
    mustReadAgain: ({ from, sent }) => {
      const isShrunk = expectedRows !== undefined && from.sent + sent < expectedRows
      return hasTrusted && isShrunk && offsetsWork() && beginnings === 0 && beginAgain()
    },
  }
}
