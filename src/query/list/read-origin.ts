/** Reading single pages of a list from where upstream they begin, outside the scan of its collection. */
import { UpstreamRefusedError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import { createTokenGuard, type Page, type TokenGuard } from '../../paging/token-guard.ts'
import type { Reader } from '../reading/reader.ts'
import { noteGaps, type PageBuilder } from './page-builder.ts'

export interface OriginReader {
  readonly guard: TokenGuard<CollectionName>
  /** @throws UpstreamRefusedError where Push does not know that place any more. */
  read(origin: PageOrigin): Promise<Page>
}

export const createOriginReader = (builder: PageBuilder, reader: Reader): OriginReader => {
  const { collection } = builder.query
  const guard = createTokenGuard(collection)
  return {
    guard,
    read: async origin => {
      const page = await guard.read('token' in origin ? origin.token : undefined, () =>
        reader.store.readPage(collection, toRequest(origin), reader.callFor(collection)),
      )
      builder.operation.read(page.rows.length)
      noteGaps(builder, reader, page.unreadable)
      return page
    },
  }
}

/** The request for the page that begins there. */
const toRequest = (
  origin: PageOrigin,
): { readonly nextToken?: string; readonly offset?: number } => {
  if ('token' in origin) return { nextToken: origin.token }
  return origin.offset === 0 ? {} : { offset: origin.offset }
}

/** Undefined in place of Push's refusal of a token or offset that it does not know (any more). */
export const undefinedIfRefused = (error: unknown): undefined => {
  if (error instanceof UpstreamRefusedError && error.status === 400) return undefined
  throw error
}
