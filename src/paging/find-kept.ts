/** The page that comes next in a list, among those that are kept of an earlier reading. */
import type { CollectionName } from '../model/rows.ts'
import type { Page, PageRequest } from '../upstream/contract/contract.ts'
import type { OffsetPages } from './offset-pages.ts'
import { isByOffset, requestFor, type ResumePoint } from './resume-point.ts'
import type { Seams } from './seams.ts'

/** Where a walk stands that looks for a kept page, and by what it looks. */
export interface KeptSearch<Name extends CollectionName> {
  readonly point: ResumePoint
  /** The last point with a token, from where only an offset leads. */
  readonly fallback: ResumePoint
  /** Push said that there is another page, without a token. */
  readonly isPromised: boolean
  readonly seams: Pick<Seams<Name>, 'overlap' | 'mustLookBack'>
  readonly offsets: Pick<OffsetPages<Name>, 'isPossible' | 'requestAt'>
  /** When a page must have been asked for (milliseconds) to follow the one before it, and to be of this list at all. */
  readonly next: () => number
  readonly began: () => number
  readonly find: (request: PageRequest, notBefore: number) => Promise<Page<Name> | undefined>
}

export interface KeptFind<Name extends CollectionName> {
  readonly page: Page<Name>
  /** By what it was found: the token or the offset of the point, or the token of its fallback. */
  readonly by: 'token' | 'offset' | 'lastToken'
}

/** It is looked for by its token or by its offset, whichever it was read by; undefined where it is not kept. */
export const findKept = async <Name extends CollectionName>(
  search: KeptSearch<Name>,
): Promise<KeptFind<Name> | undefined> => {
  const { point, fallback, isPromised, seams, offsets, next, began } = search
  const find = async (
    by: KeptFind<Name>['by'],
    request: PageRequest,
    notBefore: () => number,
  ): Promise<KeptFind<Name> | undefined> => {
    const page = await search.find(request, notBefore())
    // Meanwhile somebody may have come who needs newer ones.
    return page !== undefined && page.readAt >= notBefore() ? { page, by } : undefined
  }
  const mayFollowToken = !isByOffset(point) && !isPromised && !seams.overlap(point)
  if (mayFollowToken && !seams.mustLookBack(point)) {
    const found = await find('token', requestFor(point.token), next)
    if (found !== undefined) return found
  }
  if (point.sent === 0 || !offsets.isPossible(point)) return undefined
  // Side by side they are asked for in any order, and each shows by its first row that it follows.
  const found = await find('offset', offsets.requestAt(point), began)
  if (found !== undefined || !isByOffset(point) || isPromised) return found
  // Where an offset led to the end, it may have been looked for by the last token.
  const { token } = fallback
  return token === undefined ? undefined : find('lastToken', requestFor(token), next)
}
