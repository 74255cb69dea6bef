/**
 * Whether one page follows on the other though the list changes meanwhile. A token may be a position, which shifts when
 * rows before it go or come: what was at it is then passed by. Nobody outside knows what Push's tokens are, but some
 * show it, and pages by offset that overlap by a row need no token.
 */
import type { CollectionName } from '../model/rows.ts'
import { offsetFact, orderFact } from '../upstream/contract/capabilities.ts'
import type { ResumePoint } from './resume-point.ts'
import type { TokenGuard } from './token-guard.ts'
import type { ListSize, PageRead, Walk } from './walk.ts'

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
 * What the rows of a page that was asked for again show. `moved`: some before its end have gone or come since.
 * `reordered`: no order holds from one request to the next.
 */
export const compareAgain = (
  again: readonly string[],
  before: readonly string[],
): 'same' | 'moved' | 'reordered' => {
  // Where the list has become shorter than that, nothing stands behind it.
  if (again.every((id, index) => index >= before.length || id === before[index])) return 'same'
  const places = new Map(before.map((id, index) => [id, index]))
  const shared = again.map(id => places.get(id)).filter(place => place !== undefined)
  const isInOrder = shared.every((place, index) => place > (shared[index - 1] ?? -1))
  return isInOrder ? 'moved' : 'reordered'
}

/** How often a list is read from its start again, where rows have moved and nobody knows where to. */
const MAX_BEGINNINGS = 2

export interface Seams<Name extends CollectionName> {
  /** Rows may have been passed by. */
  readonly hasGap: boolean
  /** A page was read by a token that may have shifted. */
  readonly hasTrusted: boolean
  /** Whether the page at that point had better be read by offset, with the row before it. */
  overlap(point: ResumePoint): boolean
  /** A page is read by the token of that point, and nothing shows that it has not shifted. */
  trust(point: ResumePoint): void
  /** Whether nothing but a second look at the page before shows that the token of that point has not shifted. */
  mustLookBack(point: ResumePoint): boolean
  /**
   * Whether a page by token brings rows once more: pages of several orders may have been put together. One row is enough, as
   * no more come again of a short list; rows that have moved look like that, too. `isJoined`: some pages came by offset.
   */
  isMixed(page: PageRead<Name>, isJoined: boolean): boolean
  /** The rows before a page were not found again: true where the list should be read once more. */
  lost(): boolean
  /** What follows that point is read by its token, though rows may have moved. */
  doubt(point: ResumePoint): void
  /** Takes in what was read, before it counts as met. */
  note(page: PageRead<Name>): void
  /** Whether rows that were there before did not come, in a list that was read by tokens that may have shifted. */
  mustReadAgain(last: PageRead<Name>): boolean
  /** How large a list with that last page is; undefined where that was not seen. */
  sizeAt(last: PageRead<Name>): ListSize | undefined
}

/**
 * Nothing has been read yet, and the walk begins at `start`; `met` tells of the rows that were read before. `hasTrusted`:
 * whether a page before the start was read by a token that may have shifted.
 */
export const createSeams = <Name extends CollectionName>(
  walk: Walk<Name>,
  start: ResumePoint,
  met: MetRows,
  hasTrusted: boolean,
): Seams<Name> => {
  const { client, expected } = walk
  const offsetsWork = (): boolean => client.facts.get(offsetFact(walk.collection)) !== 'no'
  const tally = createTally<Name>(walk, start, met)
  // What cannot be counted at its end is looked at on the way.
  const isCheap = !tally.isPossible || mayOverlap(expected?.rows, client.pageSize())
  let hasGap = start.doubtful !== undefined
  let beginnings = 0

  const beginAgain = (): boolean => {
    if (!walk.beginsAgain || beginnings === MAX_BEGINNINGS) return false
    beginnings += 1
    hasTrusted = false
    return true
  }

  return {
    get hasGap() {
      return hasGap
    },
    get hasTrusted() {
      return hasTrusted
    },
    overlap: point => {
      if (point.sent === 0 || point.token === undefined) return false
      const kind = tokenKind(point)
      return kind !== 'keyset' && (isCheap || beginnings > 0 || kind === 'position')
    },
    trust: point => {
      hasTrusted ||= point.sent > 0 && tokenKind(point) !== 'keyset'
    },
    mustLookBack: point => {
      if (offsetsWork() || point.sent === 0) return false
      // Then a token is not a position that others could look at.
      if (client.facts.get(orderFact(walk.collection)) === 'changing') return false
      const kind = tokenKind(point)
      return kind === 'position' || (kind === 'unknown' && (!tally.isPossible || beginnings > 0))
    },
    isMixed: ({ rows }, isJoined) =>
      (isJoined || client.facts.get(orderFact(walk.collection)) === 'changing') &&
      rows.some(({ id }) => met.isRepeated(id)),
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
    note: tally.note,
    mustReadAgain: last => {
      if (!hasTrusted || beginnings > 0 || !tally.isShortAt(last)) return false
      if (beginAgain()) return true
      hasGap = true
      return false
    },
    sizeAt: tally.sizeAt,
  }
}

type MetRows = Pick<TokenGuard<CollectionName>, 'hasMet' | 'isRepeated'>

/** Counts the rows of a list from its start, to see at its end whether those that were there before have come. */
const createTally = <Name extends CollectionName>(
  { expected, remembersRows, misses }: Walk<Name>,
  start: ResumePoint,
  { hasMet, isRepeated }: MetRows,
) => {
  const isFromStart = start.sent === 0
  let repeated = 0
  let added = 0
  let newest: number | undefined

  return {
    /** Whether it can tell anything. */
    isPossible: isFromStart && remembersRows && expected !== undefined,
    note: ({ rows }: PageRead<Name>): void => {
      for (const row of rows) {
        if (isRepeated(row.id)) repeated += 1
        if (hasMet(row.id) || !('createdAt' in row)) continue
        newest = Math.max(newest ?? 0, row.createdAt)
        if (row.createdAt > (expected?.newest ?? Infinity)) added += 1
      }
    },
    /** Whether rows that were there when they were last counted are missing. Those that came since stand for none. */
    isShortAt: (last: PageRead<Name>): boolean =>
      misses?.(last) ?? last.from.sent + last.sent - repeated - added < (expected?.rows ?? 0),
    sizeAt: ({ from, sent }: PageRead<Name>): ListSize | undefined =>
      isFromStart ? { rows: from.sent + sent, newest } : undefined,
  }
}
