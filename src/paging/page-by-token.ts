/** What a page brings that was asked for by a token, the first of a list without one; and where a list ends that is cut off. */
import type { CollectionName } from '../model/rows.ts'
import type { Page } from '../upstream/contract/contract.ts'
import type { OffsetPages } from './offset-pages.ts'
import { pointAfter, type ResumePoint } from './resume-point.ts'
import type { PageRead } from './walk.ts'

export const pageByToken = <Name extends CollectionName>(
  page: Page<Name>,
  from: ResumePoint,
  offsets: Pick<OffsetPages<Name>, 'isPossible'>,
): PageRead<Name> => {
  const origin = from.token === undefined ? { offset: 0 } : { token: from.token, sent: from.sent }
  const read = { ...page, from, origin }
  const behind = pointAfter(page, from, page.sent)
  if (page.nextToken !== undefined) return { ...read, next: behind }
  if (page.isPartial === true) return { ...read, next: undefined, gap: 'unknown' }
  // A list that has no first row has no more.
  if (!page.promisesMore || behind.sent === 0) return { ...read, next: undefined }
  return offsets.isPossible(behind)
    ? { ...read, next: behind }
    : { ...read, next: undefined, gap: 'cutOff' }
}

/** The end of a list that promises more, where the rest cannot be read by offset. */
export const cutOff = <Name extends CollectionName>(
  promised: PageRead<Name>,
  from: ResumePoint,
): PageRead<Name> => ({
  ...promised,
  rows: [],
  sent: 0,
  unreadable: [],
  from,
  next: undefined,
  origin: { offset: from.sent },
  gap: 'cutOff',
})
