/** Reading pages of a list from where upstream they begin, outside the scan of its collection. */
import { UpstreamRefusedError } from '../../errors.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import { createTokenGuard, type Page } from '../../paging/token-guard.ts'
import { gapOf, type PageRead } from '../../paging/walk.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Reader } from '../reading/reader.ts'
import { noteGaps, type PageBuilder } from './page-builder.ts'

export interface OriginReader {
  /** @throws UpstreamRefusedError where Push does not know that place any more. */
  read(origin: PageOrigin): Promise<Page>
  /** Reads the pages behind that one, which was read from there; what may be missing of them is noted. */
  behind(page: Page, origin: PageOrigin): NextPage
}

/** The next page; not to be called behind the last. @throws as that of a walker */
export type NextPage = () => Promise<PageRead<CollectionName>>

export const createOriginReader = (builder: PageBuilder, reader: Reader): OriginReader => {
  const { collection } = builder.query
  const { store } = reader
  const take = (page: Page): void => {
    builder.operation.read(page.rows.length)
    noteGaps(builder, reader, page.unreadable)
  }

  return {
    read: async origin => {
      // Where the row is looked for around its place, the page before leads to the one that was read first: no circle.
      const page = await createTokenGuard(collection).read(
        'token' in origin ? origin.token : undefined,
        () => store.readPage(collection, origin, reader.callFor(collection)),
      )
      take(page)
      return page
    },
    behind: (page, origin) => {
      const walker = store.walkFrom(collection, page, origin, () => reader.callFor(collection))
      return async () => {
        const next = await walker.next()
        take(next)
        const gap = gapOf(next)
        if (gap !== undefined) noteGaps(builder, reader, [gap])
        return next
      }
    },
  }
}

/** Undefined in place of Push's refusal of a token or offset that it does not know (any more). */
export const undefinedIfRefused = (error: unknown): undefined => {
  if (error instanceof UpstreamRefusedError && error.status === 400) return undefined
  throw error
}
